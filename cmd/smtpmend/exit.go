package main

import (
	"errors"
	"fmt"

	"smtpmend/diagnose"
)

// The exit codes are the same in every output format; other programs rely on
// them.
const (
	exitOK        = 0 // can submit; explain: recognised
	exitCause     = 1 // cannot, the cause is known
	exitUsage     = 2 // the command line or a file named on it is wrong
	exitUnsettled = 3 // cannot, the cause is not settled or the reply unknown
	exitUnmended  = 4 // a fix was refused, failed or is not effective yet
	exitTrouble   = 5 // our own trouble: no admin token, API down, interrupted
)

// An exitError ends the program with Code. Without a message the answer that
// was printed says it all.
type exitError struct {
	Code    int
	Message string
	// Plain is set where the help of the verb would not help.
	Plain bool
}

func (e *exitError) Error() string { return e.Message }

// exit ends with code after the answer was printed.
func exit(code int) error {
	if code == exitOK {
		return nil
	}
	return &exitError{Code: code}
}

// usage is an error of whoever typed the command line.
func usage(format string, args ...any) error {
	return &exitError{Code: exitUsage, Message: fmt.Sprintf(format, args...)}
}

// trouble is an error of ours or of the world around.
func trouble(format string, args ...any) error {
	return &exitError{Code: exitTrouble, Message: fmt.Sprintf(format, args...)}
}

func exitCode(err error) int {
	var e *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		return e.Code
	}
	return exitUsage // cobra's own errors are about the command line
}

// badFile is an error of a file that was named, which no flag mends.
func badFile(format string, args ...any) error {
	return &exitError{Code: exitUsage, Message: fmt.Sprintf(format, args...), Plain: true}
}

// verdictExit is the exit code of probe and diagnose.
func verdictExit(v diagnose.Verdict) int {
	switch v {
	case diagnose.Healthy:
		return exitOK
	case diagnose.Named, diagnose.Confirmed:
		return exitCause
	}
	return exitUnsettled
}
