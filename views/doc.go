// Package views holds the pages. They draw what they are given: a props struct
// each, decided by the caller. They fetch nothing and check no permission.
//
// link has every URL, ui the components, layout the frame around a page; the
// other folders hold one area each.
package views
