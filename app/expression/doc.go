// Package expression is the one language of templates, filters and conditions
// (H5, I7, I13, B5): the syntax of expr-lang/expr, over the JSON of an event.
//
//	names.go      what an expression may name: roots, their members
//	functions.go  what it may call; text.go, lists.go, predicates.go, dates.go … do the work
//	reading.go    a source as the parser is to see it: exact numbers, names with hyphens
//	doubts.go     what can be run and is surely not meant, refused when it is saved
//	compile.go    from source to a Program: every name checked, every pattern compiled
//	paths.go      values that are looked up and nothing else; nodes.go, literals.go the rest
//	operators.go  what == and < and the others mean; numeric.go and arithmetic.go for
//	              numbers, which are exact (package decimal)
//	values.go     JSON that is read only as far as an expression looks
//	append.go     how a value is written
//	env.go        the values of one rendering, and its budget of work
//	fault.go      what is wrong with a source, in words that say how to mend it
//	filter.go     expressions that must be true or false
//
// The library parses; evaluating is ours, for three reasons. Its machine cannot be
// interrupted, and here every step counts against a budget, so that the same source
// over the same data always ends the same way, on a busy machine too. It decodes
// into Go values, and here a value that is only copied keeps its exact bytes: 19.90
// stays 19.90, and an object the order of its members. And it stops at a null, where
// a missing field must be empty and noted. Where both are defined they agree:
// TestH5_AgreesWithTheLibrary.
package expression
