// Command smtpmend probes, diagnoses and mends the submission of mail to
// Microsoft 365 with a user name and a password.
//
// This package holds flags, prompts, rendering and exit codes. What a reply
// means is package diagnose's business, what may be changed package
// remediate's.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// Whoever reads the output may leave while a change is being made.
	signal.Ignore(syscall.SIGPIPE)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	code := run(ctx, &console{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		LookupEnv:   os.LookupEnv,
		Interactive: term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stderr.Fd())),
		Color:       colorWanted(os.Stdout, os.LookupEnv),
		Lesser:      func() (*lesser, error) { return lesserOf(os.LookupEnv) },
		Discard:     func() { discardInput(int(os.Stdin.Fd())) },
	}, os.Args[1:])
	os.Exit(code)
}
