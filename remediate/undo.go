package remediate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"smtpmend/internal/fact"
)

// UndoOutcome is how an undo, or one change of it, ended.
type UndoOutcome string

const (
	// UndoRestored: the old value was put back and read back.
	UndoRestored UndoOutcome = "restored"
	// UndoNothing: the tenant was as before, or the journal holds nothing open.
	UndoNothing UndoOutcome = "nothing-to-do"
	// UndoDrift: somebody has changed the value since; it was left alone.
	UndoDrift UndoOutcome = "drift"
	// UndoFailed: it could not be put back, or not be read back.
	UndoFailed UndoOutcome = "failed"
)

// An UndoResult says what an undo did. Its JSON form is a contract.
type UndoResult struct {
	Schema  int            `json:"schema"`
	Journal string         `json:"journal"`
	Outcome UndoOutcome    `json:"outcome"`
	Changes []UndoneChange `json:"changes"` // in the order in which they were undone
	// Err is what stood in the way; several are joined.
	Err error `json:"-"`
}

// An UndoneChange is one change the other way round: From is what the fix
// wrote, To what was there before.
type UndoneChange struct {
	Change
	Outcome UndoOutcome `json:"outcome"`
	// Found is the value before anything was put back, "" when unreadable.
	Found string `json:"found"`
	Error string `json:"error,omitempty"`

	err error
}

// Undo puts back what the journal at path holds open, the last change first.
// It writes nothing for another tenant (ErrOtherTenant), and leaves alone what
// is neither as the fix wrote it nor as it was before (ErrDrift).
func Undo(ctx context.Context, path string, t Tenant) *UndoResult {
	r := &UndoResult{Schema: 1, Journal: path, Outcome: UndoFailed, Changes: []UndoneChange{}}
	j, err := OpenJournal(path)
	if err != nil {
		r.Err = err
		return r
	}
	defer j.Close()
	if j.TenantID() != "" && j.TenantID() != t.ID() {
		r.Err = fmt.Errorf("journal %s is of tenant %s (%s), you are signed in to %s (%s): %w",
			path, j.Tenant(), j.TenantID(), t.Name(), t.ID(), ErrOtherTenant)
		return r
	}
	j.who = t.Account()
	r.restore(ctx, t, j, j.Pending())
	return r
}

// restore undoes entries and sums up.
func (r *UndoResult) restore(ctx context.Context, t Tenant, j *Journal, entries []Entry) {
	var errs []error
	seen := map[UndoOutcome]bool{}
	for _, e := range slices.Backward(entries) {
		u := restoreOne(ctx, t, j, e)
		if u.err != nil {
			u.Error = u.err.Error()
			errs = append(errs, u.err)
		}
		seen[u.Outcome] = true
		r.Changes = append(r.Changes, u)
	}
	r.Err = errors.Join(errs...)
	r.Outcome = UndoNothing
	for _, worst := range []UndoOutcome{UndoFailed, UndoDrift, UndoRestored} {
		if seen[worst] {
			r.Outcome = worst
			break
		}
	}
}

// restoreOne undoes one change.
func restoreOne(ctx context.Context, t Tenant, j *Journal, e Entry) UndoneChange {
	back := UndoneChange{Change: e.Change.inverse(), Outcome: UndoFailed}
	if back.err = ctx.Err(); back.err != nil {
		return back
	}
	found := read(ctx, t, back.Fact)
	back.Found = found.Value
	switch {
	case ctx.Err() != nil:
		back.err = ctx.Err()
	case !found.Known():
		back.err = fmt.Errorf("%s of %s: %w, so nothing was put back: %s", back.Fact, back.Target, ErrUnreadable, inWords(found))
	case holds(back.Fact, back.To, found.Value):
		back.Outcome = UndoNothing
	case found.Value != back.From:
		back.Outcome, back.err = UndoDrift, driftFound(back.Change, found)
	default:
		back.Outcome, back.err = putBack(ctx, t, j, e.Number, back.Change)
	}
	return back
}

func driftFound(back Change, found fact.Reading) error {
	return fmt.Errorf("%w: %s of %s is %s; the fix made it %s, and it was %s before; it was left as it is",
		ErrDrift, back.Fact, back.Target, found.Value, back.From, back.To)
}

// putBack writes the old value, announced and settled in the journal.
func putBack(ctx context.Context, t Tenant, j *Journal, n int, back Change) (UndoOutcome, error) {
	if err := j.mark(n, Restoring); err != nil {
		return UndoFailed, fmt.Errorf("nothing was put back: %w", err)
	}
	if ctx.Err() != nil {
		return UndoFailed, ctx.Err()
	}
	if state, err := put(ctx, t, back); state != Applied {
		return UndoFailed, err
	}
	if err := j.mark(n, Restored); err != nil {
		return UndoRestored, fmt.Errorf("put back, but that could not be written down: %w", err)
	}
	return UndoRestored, nil
}
