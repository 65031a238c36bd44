package remediate

import (
	"errors"
	"fmt"
)

// ErrHearsay: the refusal was not heard from a submission host of the cloud.
var ErrHearsay = errors.New("not the word of the cloud's own submission host")

// A HearsayError says whose word it was. It is ErrHearsay.
type HearsayError struct{ Server string }

func (e *HearsayError) Error() string {
	return fmt.Sprintf("%s is none of the cloud's submission hosts, and on the word of another server nothing is changed; run fix without --server", e.Server)
}

func (e *HearsayError) Unwrap() error { return ErrHearsay }
