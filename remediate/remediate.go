// Package remediate plans, applies, verifies and inverts the one change of a
// tenant that matches a confirmed cause, and keeps the journal of it.
//
// It does not find causes (package diagnose), does not speak SMTP (package
// probe) and does not reach the tenant itself: the tenant and the probe are
// handed in. It changes nothing that an approved plan does not hold, nothing
// that is no longer as the plan says it was, and nothing that the journal does
// not know of.
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

// A Writer sets one fact. An error that is not fact.ErrUncertain means that
// the tenant holds what it held before. A Writer never repeats a change
// blindly.
type Writer interface {
	Write(ctx context.Context, name fact.Name, value string) error
}

// A Tenant is the Microsoft 365 organisation behind one mailbox.
type Tenant interface {
	Reader
	Writer
	// ID is the tenant's GUID, which the journal is bound to.
	ID() string
	// Name is what people call it, such as contoso.onmicrosoft.com.
	Name() string
	// Account is who makes the changes: a user name or an application.
	Account() string
}

// What a caller may act on. Every one of them means that the tenant is as it
// was, except for ErrUncertain.
var (
	// ErrByHand: no remedy of the table answers this cause.
	ErrByHand = errors.New("only a person can remove this cause")
	// ErrNotConfirmed: the tenant has not borne the cause out, so that a
	// change would be a guess.
	ErrNotConfirmed = errors.New("the tenant does not confirm the cause")
	// ErrTenantWideFutile: a change for everybody could not work yet, because
	// something else that only a person can remove stands in the way too. It
	// is wrapped by a *FutileError that says what.
	ErrTenantWideFutile = errors.New("a change for the whole tenant could not work yet")
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
	ErrOtherTenant = errors.New("this belongs to another tenant")
	// ErrJournal: the file is not a journal that this version can trust.
	ErrJournal = errors.New("unusable journal")
)
