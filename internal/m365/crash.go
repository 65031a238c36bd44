package m365

import (
	"errors"
	"fmt"
	"runtime/debug"

	"smtpmend/internal/cloudapi"
)

// ErrCrash: smtpmend itself failed.
var ErrCrash = errors.New("smtpmend itself failed")

// A crash is what a goroutine of ours died of. Its text is for people; the
// stack is kept apart from it.
type crash struct {
	error
	// Stack is the value of the panic and where it came from.
	Stack string
}

func (c *crash) Unwrap() error { return ErrCrash }

// guard runs do and turns a crash of it into an error. doing says what it was
// about: "reading mailbox.kind".
func guard(doing string, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			sentence := cloudapi.Errorf(ErrCrash, "smtpmend itself failed while %s; report it, with the output of --verbose", doing)
			err = &crash{sentence, fmt.Sprintf("%v\n%s", p, debug.Stack())}
		}
	}()
	return do()
}
