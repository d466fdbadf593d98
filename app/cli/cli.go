// Package cli is the command line, one file a command.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"hookline/app/output"
)

// Exit codes of the interface contract.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run web UI, API and delivery jobs in one process."`
	Demo    demoCommand    `cmd:"" help:"Try Hookline: serve on a throwaway database with sample data, a local receiver and steady traffic."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to this version and exit."`
	Compact compactCommand `cmd:"" help:"Shrink an SQLite file to what is in it; the server must be stopped."`
	User    struct {
		Add userAddCommand `cmd:"" help:"Add a user; the password is read from standard input."`
	} `cmd:"" help:"People who can sign in."`
	Token struct {
		Add tokenAddCommand `cmd:"" help:"Make an API token and print it, once."`
	} `cmd:"" help:"API tokens."`
}

// world is what a command may touch of the outside.
type world struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	errOut io.Writer
	queues []*output.Queue // in front of out and errOut, of a server
}

// dropEmptyVariables makes variables that are set to nothing unset: compose files
// and charts write HOOKLINE_WORKERS= for a value that was left out.
func dropEmptyVariables() {
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "HOOKLINE_") && strings.TrimSpace(value) == "" {
			_ = os.Unsetenv(name)
		}
	}
}

// usageError is a fault of the caller's command line.
type usageError struct{ error }

// Main runs the command line and exits.
func Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	dropEmptyVariables()
	w := &world{ctx: ctx, in: os.Stdin, out: os.Stdout, errOut: os.Stderr}
	code := run(w, os.Args[1:])
	w.flush()
	stop()
	os.Exit(code)
}

func run(w *world, args []string) int {
	help := false
	parser, err := kong.New(&commands{},
		kong.Name("hookline"),
		kong.Description("Hookline, a self-hosted webhook desk."),
		kong.Writers(w.out, w.errOut),
		kong.Exit(func(int) { help = true }),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true}),
	)
	if err != nil {
		panic(err) // the command tree is ours
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case help:
		return exitDone
	case err != nil:
		err = usageError{err}
	default:
		err = parsed.Run(w)
	}
	return report(w, err)
}

func report(w *world, err error) int {
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(w.errOut, "hookline:", err)
	if errors.As(err, new(usageError)) {
		fmt.Fprintln(w.errOut, "Run hookline --help for the commands and flags.")
		return exitUsage
	}
	return exitFailed
}
