// Command smtpmend probes, diagnoses and mends the submission of mail to
// Microsoft 365 with a user name and a password.
//
// This package holds flags, prompts and exit codes. What a reply means is package
// diagnose's business, what may be changed package remediate's, and how an answer
// reads package view's.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"smtpmend/internal/secret"
	"smtpmend/internal/stand"
	"smtpmend/internal/terminal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// Whoever reads the output may leave while a change is being made.
	signal.Ignore(syscall.SIGPIPE)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	lookup := secret.Withhold(withheldEnv...)
	code := run(ctx, &console{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		LookupEnv:   lookup,
		Interactive: terminal.Is(os.Stdin) && terminal.Is(os.Stderr),
		Dumb:        os.Getenv("TERM") == "dumb",
		Color:       terminal.Colours(os.Stdout, lookup),
		Locales:     terminal.Locales(os.Stdout, lookup),
		Lesser:      func() (*stand.User, error) { return stand.Lesser(lookup) },
		Discard:     func() { terminal.Discard(int(os.Stdin.Fd())) },
	}, os.Args[1:])
	os.Exit(code)
}
