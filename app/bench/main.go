package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == nullCommand {
		_, _ = fmt.Fprintln(os.Stderr, runNull(os.Args[2], os.Args[3]))
		os.Exit(1)
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// options are the flags.
type options struct {
	short, strict     bool
	only, binary, dir string
	rounds            int
}

func parseOptions(args []string, errOut io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.BoolVar(&o.short, "short", false, "smaller and shorter, a minute or two, for CI")
	f.BoolVar(&o.strict, "strict", false, "exit with 1 if a goal is missed")
	f.StringVar(&o.only, "only", "", "comma-separated names: "+strings.Join(figureNames(), ", "))
	f.StringVar(&o.binary, "binary", "", "measure this hookline `file` instead of building one")
	f.StringVar(&o.dir, "dir", "", "`folder` for the data, on the disk to be measured (default: the system's for temporary files)")
	f.IntVar(&o.rounds, "rounds", 0, "rounds instead of 3")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unknown argument %q", f.Arg(0))
	}
	return o, nil
}

// run measures and prints. It returns the exit status: 0 done, 1 failed (or missed, if strict), 2 wrong usage.
func run(args []string, out, errOut io.Writer) (status int) {
	o, err := parseOptions(args, errOut)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	var selected []figure
	if err == nil {
		selected, err = selectFigures(o.only)
	}
	if err != nil {
		_, _ = fmt.Fprintln(errOut, err)
		return 2
	}
	p := fullPlan()
	if o.short {
		p = shortPlan()
	}
	if o.rounds > 0 {
		p.rounds = o.rounds
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()

	_, _ = fmt.Fprintln(errOut, "building and starting …")
	l, err := openLab(ctx, o.dir, o.binary, p, errOut)
	defer func() {
		if err := l.close(); err != nil {
			_, _ = fmt.Fprintln(errOut, "cleaning up:", err)
			status = 1
		}
	}()
	if err != nil {
		_, _ = fmt.Fprintln(errOut, err)
		return 1
	}
	return l.measure(ctx, selected, o.strict, out)
}

// measure runs the figures one after the other. A figure that cannot be measured does not stop the others.
func (l *lab) measure(ctx context.Context, selected []figure, strict bool, out io.Writer) int {
	machine := machineLine(l.dir)
	l.say("%s", machine)
	started := time.Now()
	for _, f := range selected {
		if ctx.Err() != nil {
			break
		}
		l.say("%s", f.name)
		if err := f.measure(ctx, l); err != nil {
			l.say("  %v", err)
			l.table.fail(f.name, err)
		}
	}
	_, _ = fmt.Fprintf(out, "\n%s; %d rounds, medians, %s in all\n\n", machine, l.plan.rounds, time.Since(started).Round(time.Second))
	l.table.print(out)
	if ctx.Err() != nil {
		_, _ = fmt.Fprintln(out, "interrupted before the end:", context.Cause(ctx))
	}
	missed := l.table.missed()
	if missed > 0 {
		_, _ = fmt.Fprintf(out, "%d goals missed\n", missed)
	}
	if ctx.Err() != nil || len(l.table.failed) > 0 || strict && missed > 0 {
		return 1
	}
	return 0
}
