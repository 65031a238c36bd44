// Package stand is what listen needs of the machine that it runs on: a port, a
// certificate, a directory, the networks to serve, and somebody to be who is
// not root.
//
// What a device does there is package listen's knowledge.
package stand

import "fmt"

// A FlagError is about what was typed; any other error of this package is the
// machine's. Both are sentences for a person.
type FlagError struct{ Text string }

func (e *FlagError) Error() string { return e.Text }

func flagError(format string, args ...any) error {
	return &FlagError{fmt.Sprintf(format, args...)}
}
