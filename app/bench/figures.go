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
	measure func(context.Context, *lab) error
}

// figures is the order of the run.
var figures = []figure{
	{"throughput", measureThroughput},
	{"drain", measureDrain},
	{"latency", measureLatency},
	{"neighbour", measureNeighbour},
	{"slow", measureSlowReceiver},
	{"memory", measureIdleMemory},
	{"ready", measureReady},
	{"log", measureLog},
	{"claim", measureClaim},
	{"postgres", measurePostgres},
}

func figureNames() []string {
	var names []string
	for _, f := range figures {
		names = append(names, f.name)
	}
	return names
}

// selectFigures returns the named figures, all for "".
func selectFigures(only string) ([]figure, error) {
	if only == "" {
		return figures, nil
	}
	wanted := strings.Split(only, ",")
	for _, name := range wanted {
		if !slices.Contains(figureNames(), name) {
			return nil, fmt.Errorf("no figure %q; there are %s", name, strings.Join(figureNames(), ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(figures), func(f figure) bool { return !slices.Contains(wanted, f.name) }), nil
}
