package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// figure is one thing to measure, with its name for -only.
type figure struct {
	name    string
	part    string // the flag that switches it off: "large", "postgres" or none
	measure func(context.Context, *lab) error
}

// figures is the order of the run.
func figures() []figure {
	return []figure{
		{name: "throughput", measure: measureThroughput},
		{name: "request", measure: measureRequest},
		{name: "drain", measure: measureDrain},
		{name: "latency", measure: measureLatency},
		{name: "neighbour", measure: measureNeighbour},
		{name: "slow", measure: measureSlowReceiver},
		{name: "memory", measure: measureIdleMemory},
		{name: "ready", measure: measureReady},
		{name: "log", part: "large", measure: measureLog},
		{name: "home", part: "large", measure: measureHome},
		{name: "claim", part: "large", measure: measureClaim},
		{name: "postgres", part: "postgres", measure: measurePostgres},
	}
}

func figureNames() []string {
	var names []string
	for _, f := range figures() {
		names = append(names, f.name)
	}
	return names
}

// selectFigures is what the flags ask for; a name that is none is an error.
func selectFigures(o options) ([]figure, error) {
	var wanted []string
	if o.only != "" {
		wanted = strings.Split(o.only, ",")
	}
	for _, name := range wanted {
		if !slices.Contains(figureNames(), name) {
			return nil, fmt.Errorf("no figure %q; there are %s", name, strings.Join(figureNames(), ", "))
		}
	}
	return slices.DeleteFunc(figures(), func(f figure) bool {
		if wanted != nil {
			return !slices.Contains(wanted, f.name)
		}
		return f.part == "large" && !o.large || f.part == "postgres" && !o.postgres
	}), nil
}
