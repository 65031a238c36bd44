package m365

import (
	"errors"
	"fmt"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// The ways to sign in are those of cloudapi.
type (
	Method       = cloudapi.Method
	DevicePrompt = cloudapi.DevicePrompt
)

// Methods lists the ways to sign in.
func Methods() []Method { return cloudapi.Methods() }

// The kinds of failure. An error of Write that is not ErrUncertain means that
// the tenant holds what it held before.
var (
	ErrSignIn       = cloudapi.ErrSignIn
	ErrPermission   = cloudapi.ErrPermission
	ErrThrottled    = cloudapi.ErrThrottled
	ErrUnreachable  = cloudapi.ErrUnreachable
	ErrOutsideCloud = cloudapi.ErrOutsideCloud
	ErrRefused      = cloudapi.ErrRefused
	// ErrNotWritable: smtpmend does not write this fact, or not this value.
	ErrNotWritable = errors.New("not writable")
	// ErrUncertain: the answer to a write was lost; it may have taken effect
	// or may yet.
	ErrUncertain = fact.ErrUncertain
)

// errNoMore is ErrRefused where the tenant has no other answer, whoever asks
// and when.
var errNoMore = fmt.Errorf("%w for good", ErrRefused)

// need is what a row asks of the caller, for reading or for writing.
func need(row fact.Row, access fact.Access) cloudapi.Need {
	return cloudapi.Need{API: row.API, Delegated: access.Delegated, Application: access.Application, Role: access.Role}
}

// undecided is the fault of a fact that the tenant's answers leave open.
func undecided(what, next string) *cloudapi.Fault {
	return &cloudapi.Fault{Kind: errNoMore, What: "it cannot be decided: " + what, Next: next}
}
