// Package remediate plans, applies, verifies and inverts the one change of a
// tenant that matches a confirmed cause, and keeps the journal of it.
//
// It does not find causes (package diagnose), does not speak SMTP (package
// probe) and does not reach the tenant itself: the tenant and the probe are
// handed in. It changes nothing that an approved plan does not hold, nothing
// that is no longer as the plan says it was, and nothing that the journal does
// not know of. It does not lock out an administrator at work in a portal: what
// changes under its hands is found and left alone.
//
// The journal is locked against other runs of smtpmend with flock where the
// system has it, and opened without following a symbolic link. On Windows
// there is neither: there the directory, which is the user's own, has to do.
package remediate

import (
	"context"
	"errors"

	"smtpmend/internal/fact"
)

// A Reader reads facts of a tenant, for one mailbox and its user. Whatever
// goes wrong is in the readings.
type Reader interface {
	Read(ctx context.Context, names ...fact.Name) fact.Evidence
}

// A Writer sets one fact. It sends the change once and does not look what
// became of it: nil means that the API accepted it, fact.ErrUncertain that the
// answer was lost, any other error that the tenant holds what it held before.
type Writer interface {
	Write(ctx context.Context, name fact.Name, value string) error
}

// A Tenant is the Microsoft 365 organisation behind one mailbox.
type Tenant interface {
	Reader
	Writer
	// ID is the tenant's GUID, which the journal is bound to.
	ID() string
	// Name is a domain of the tenant.
	Name() string
	// Account is who makes the changes: a user name or an application.
	Account() string
	// Subject finds out which mailbox and user the facts are of.
	Subject(ctx context.Context) fact.Subject
}

// What a caller may act on. Every one of them means that the tenant is as it
// was, except for ErrUncertain.
var (
	// ErrByHand: no remedy of the table answers this cause.
	ErrByHand = errors.New("only a person can remove this cause")
	// ErrNotConfirmed: the tenant has not borne the cause out, so that a
	// change would be a guess.
	ErrNotConfirmed = errors.New("the tenant does not confirm the cause")
	// ErrNotHere: a plan that must not be carried out here, whoever approves
	// it. It is wrapped by a *HeldError that says why.
	ErrNotHere = errors.New("this change is not made")
	// ErrInvalidPlan: the plan holds a change that no remedy makes.
	ErrInvalidPlan = errors.New("the plan is not one that smtpmend makes")
	// ErrDrift: the tenant is neither as it was nor as it was to become;
	// somebody else has changed it.
	ErrDrift = errors.New("the tenant has changed in the meantime")
	// ErrUnreadable: the tenant did not say what the value is, so that
	// nothing may be written over it.
	ErrUnreadable = errors.New("the present value could not be read")
	// ErrUncertain: a change was sent and may or may not have been made. The
	// journal holds it open; undo settles it.
	ErrUncertain = fact.ErrUncertain
	// ErrOtherTenant: a plan or journal of another tenant.
	ErrOtherTenant = fact.ErrOtherTenant
	// ErrJournal: the file is not a journal that this version can trust.
	ErrJournal = errors.New("unusable journal")
	// ErrBusy: another run of smtpmend holds the journal.
	ErrBusy = errors.New("another smtpmend is using this journal")
	// ErrCrashed: smtpmend itself failed. It is wrapped by a *CrashError.
	ErrCrashed = errors.New("smtpmend itself failed")
)

// A CrashError is a panic of ours that was caught.
type CrashError struct {
	Value any
	Stack []byte // for a report of the fault; not for the user's eyes
}

func (e *CrashError) Error() string {
	return ErrCrashed.Error() + "; please report it with what --verbose adds"
}

func (e *CrashError) Unwrap() error { return ErrCrashed }
