// Package form reads what browsers post, and answers the way they asked: with a
// page, a part of one, or the way on.
package form
