// Package ui has the parts that pages are made of: a props struct each, no
// inline script or style, text always escaped.
package ui
