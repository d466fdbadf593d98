package api

import "hookline/models"

// list is one page of anything.
type list[T any] struct {
	Data       []T     `json:"data" nullable:"false" doc:"Newest first."`
	NextCursor *string `json:"next_cursor" doc:"Send it as cursor to get the next page; null on the last one."`
}

// Paging is embedded in the input of lists.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many to return."`
	Cursor string `query:"cursor" doc:"next_cursor of the page before."`
}

func (p Paging) request() models.PageRequest {
	return models.PageRequest{Cursor: p.Cursor, Limit: p.Limit}
}

// listOf maps a page of the service.
func listOf[M, T any](p models.Page[M], convert func(M) T) list[T] {
	l := list[T]{Data: make([]T, len(p.Items))}
	for i, item := range p.Items {
		l.Data[i] = convert(item)
	}
	if p.Older != "" {
		l.NextCursor = &p.Older
	}
	return l
}

// whole is a list that has one page only.
func whole[M, T any](items []M, convert func(M) T) list[T] {
	return listOf(models.Page[M]{Items: items}, convert)
}
