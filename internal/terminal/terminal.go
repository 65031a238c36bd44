// Package terminal is what there is to a terminal besides reading and writing
// lines: secrets that are not echoed, forgetting what was typed ahead, giving a
// question up, and whether colours are wanted.
//
// What is asked, and what an answer means, is the command's.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"
)

// Is reports whether a person is at f.
func Is(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// Secret reads a line from the terminal f without echo, or gives up when ctx
// ends; the terminal echoes again then.
func Secret(ctx context.Context, f *os.File) (string, error) {
	fd := int(f.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	text, err := Await(ctx, func() (string, error) {
		b, err := term.ReadPassword(fd)
		return string(b), err
	})
	if ctx.Err() != nil {
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	}
	return text, err
}

// Await returns what read does, or gives up when ctx ends; read goes on then,
// and what it returns is lost.
func Await[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- answer{err: fmt.Errorf("it could not be read: %v", p)}
			}
		}()
		value, err := read()
		done <- answer{value, err}
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// Colours reports whether out is to be coloured; it obeys https://no-color.org.
func Colours(out *os.File, lookup func(string) (string, bool)) bool {
	if v, _ := lookup("NO_COLOR"); v != "" {
		return false
	}
	if v, _ := lookup("TERM"); v == "dumb" {
		return false
	}
	return term.IsTerminal(int(out.Fd()))
}
