package remediate

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"smtpmend/internal/fact"
)

// UndoOutcome is how an undo, or one change of it, ended.
type UndoOutcome string

const (
	// UndoRestored: the old value was put back and read back.
	UndoRestored UndoOutcome = "restored"
	// UndoNothing: the tenant was as before, or the journal holds nothing open.
	UndoNothing UndoOutcome = "nothing-to-do"
	// UndoPlanned: it was shown and not approved; nothing was written.
	UndoPlanned UndoOutcome = "planned"
	// UndoUncertain: the tenant is as before, and a write of ours may still
	// change that.
	UndoUncertain UndoOutcome = "uncertain"
	// UndoDrift: somebody has changed the value since; it was left alone.
	UndoDrift UndoOutcome = "drift"
	// UndoFailed: it could not be put back, or not be read back.
	UndoFailed UndoOutcome = "failed"
)

// landing is how long a write whose answer was lost, or that does not show,
// may still take effect. No page of Microsoft's gives a bound; directory
// copies that lag by an hour have been reported.
const landing = time.Hour

// An Undo puts back what a journal holds open, the last change first. It
// writes nothing for another tenant (ErrOtherTenant), leaves alone what is
// neither as the fix wrote it nor as it was before (ErrDrift), and only ever
// writes the inverse of a remedy, so that a forged journal can only harden.
type Undo struct {
	Journal *Journal
	Tenant  Tenant
	// Approve decides, once, on what would be put back; nil approves nothing.
	Approve func([]UndoneChange) (bool, error)
}

// An UndoResult says what an undo did. Its JSON form is a contract.
type UndoResult struct {
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
	// NeededBy lists other mailboxes of the tenant whose fix relied on the
	// change.
	NeededBy []string `json:"needed_by,omitempty"`

	err error
}

// undoing is the state of one undo.
type undoing struct {
	Tenant  Tenant
	Journal *Journal
	result  *UndoResult
}

// Run undoes. It closes the journal. A panic of ours ends it as ErrCrashed.
func (u *Undo) Run(ctx context.Context) (r *UndoResult) {
	r = &UndoResult{Journal: u.Journal.Path(), Outcome: UndoFailed, Changes: []UndoneChange{}}
	defer func() { r.Err = errors.Join(r.Err, u.Journal.Close()) }()
	defer func() {
		if p := recover(); p != nil {
			r.Outcome, r.Err = UndoFailed, &CrashError{Value: p, Stack: debug.Stack()}
		}
	}()
	x := &undoing{u.Tenant, u.Journal, r}
	x.run(ctx, u.Approve)
	return r
}

func (x *undoing) run(ctx context.Context, approve func([]UndoneChange) (bool, error)) {
	r, j, t := x.result, x.Journal, x.Tenant
	if j.TenantID() != "" && j.TenantID() != t.ID() {
		r.Err = fmt.Errorf("the journal is of tenant %s (%s), you are signed in to %s (%s): %w", j.Tenant(), j.TenantID(), t.Name(), t.ID(), ErrOtherTenant)
		return
	}
	j.who = t.Account()
	pending := j.Pending()
	shown := x.preview(ctx, pending)
	yes, err := true, error(nil)
	if slices.ContainsFunc(shown, func(u UndoneChange) bool { return u.Outcome == UndoPlanned }) {
		yes = approve != nil
		if yes {
			yes, err = approve(shown)
		}
	}
	switch {
	case err != nil:
		r.Err = err
	case !yes:
		r.Outcome, r.Changes = UndoPlanned, shown
	default:
		for _, e := range slices.Backward(pending) {
			x.restore(ctx, e)
		}
		x.sumUp()
	}
}

// preview says of each entry what would become of it, and writes nothing.
func (x *undoing) preview(ctx context.Context, entries []Entry) []UndoneChange {
	var all []UndoneChange
	for _, e := range slices.Backward(entries) {
		u := x.judge(ctx, e)
		if u.Outcome == UndoPlanned {
			u.NeededBy = x.neededBy(e)
		}
		all = append(all, u)
	}
	return all
}

// judge finds out what is to be done about one entry: UndoPlanned is to put
// the old value back.
func (x *undoing) judge(ctx context.Context, e Entry) UndoneChange {
	back := UndoneChange{Change: e.Change.inverse(), Outcome: UndoFailed}
	if back.err = ctx.Err(); back.err != nil {
		return back.told()
	}
	if back.err = x.sameObject(ctx, e); back.err != nil {
		return back.told()
	}
	found := read(ctx, x.Tenant, back.Fact)
	back.Found = found.Value
	switch {
	case ctx.Err() != nil:
		back.err = ctx.Err()
	case !found.Known():
		back.err = fmt.Errorf("%s of %s: %w, so nothing was put back: %w", back.Fact, back.Target, ErrUnreadable, found.Err())
	case holds(back.Fact, back.To, found.Value):
		back.Outcome = UndoNothing
		if (e.State == Intent || e.State == Sent) && time.Since(e.Begun) < landing {
			back.Outcome = UndoUncertain
			back.err = worded{ErrUncertain, fmt.Sprintf("the change of %s was sent at %s UTC, and may still take effect: undo it in an hour, when that is settled",
				whose(back.Change), e.Begun.UTC().Format("15:04:05"))}
		}
	case found.Value != back.From:
		back.Outcome, back.err = UndoDrift, driftFound(back.Change, found)
	default:
		back.Outcome = UndoPlanned
	}
	return back.told()
}

func (u UndoneChange) told() UndoneChange {
	if u.err != nil {
		u.Error = u.err.Error()
	}
	return u
}

// sameObject makes sure that the mailbox or user is the one that the fix
// changed. A change of the tenant has none.
func (x *undoing) sameObject(ctx context.Context, e Entry) error {
	if e.Change.Scope == fact.ScopeTenant {
		return nil
	}
	s := x.Tenant.Subject(ctx)
	object := s.Mailbox
	if e.Change.Scope == fact.ScopeUser {
		object = s.User
	}
	switch {
	case object.Err != nil:
		return object.Err
	case e.Object != "" && object.ID != "" && e.Object != object.ID:
		return fmt.Errorf("%w: %s is another object now (%s) than the one that the fix changed (%s)", ErrDrift, e.Change.Target, object.ID, e.Object)
	}
	return nil
}

// restore undoes one entry, and settles it for good where nothing is to be
// written.
func (x *undoing) restore(ctx context.Context, e Entry) {
	back := x.judge(ctx, e)
	switch back.Outcome {
	case UndoPlanned:
		back.Outcome, back.err = x.putBack(ctx, e.Number, back.Change)
	case UndoNothing:
		back.err = x.Journal.mark(e.Number, AsBefore)
	}
	x.result.Changes = append(x.result.Changes, back.told())
}

// putBack writes the old value, announced and settled in the journal.
func (x *undoing) putBack(ctx context.Context, n int, back Change) (UndoOutcome, error) {
	if err := x.Journal.mark(n, Restoring); err != nil {
		return UndoFailed, fmt.Errorf("nothing was put back: %w", err)
	}
	if ctx.Err() != nil {
		return UndoFailed, ctx.Err()
	}
	switch state, err := put(ctx, x.Tenant, back, pausesPutBack); state {
	case Applied:
		if err := x.Journal.mark(n, Restored); err != nil {
			return UndoRestored, fmt.Errorf("put back, but that could not be written down: %w", err)
		}
		return UndoRestored, nil
	case Sent:
		return UndoUncertain, worded{ErrUncertain, fmt.Sprintf("%s was put back to %q, and does not show it yet; run undo again in some minutes", whose(back), back.To)}
	case Intent:
		return UndoUncertain, err
	default: // refused, so that what the fix made still stands
		return UndoFailed, errors.Join(err, x.Journal.mark(n, Applied))
	}
}

// sumUp takes the worst of the changes for the whole.
func (x *undoing) sumUp() {
	r := x.result
	var errs []error
	worst := []UndoOutcome{UndoNothing, UndoRestored, UndoUncertain, UndoDrift, UndoFailed}
	sum := 0
	for _, u := range r.Changes {
		sum = max(sum, slices.Index(worst, u.Outcome))
		errs = append(errs, u.err)
	}
	r.Outcome, r.Err = worst[sum], errors.Join(errs...)
}
