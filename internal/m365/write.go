package m365

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// Write sends one change, once. Only the facts whose row in fact.Table has a
// Write can be set, to the values of that row; anything else is refused with
// ErrNotWritable, and whatever is not proven to be the mailbox's or the user's
// own with the reason of fact.Subject.Proven, before the change is sent.
//
// A nil error means that the API accepted the change, not that it has arrived:
// Write reads nothing back. ErrUncertain means that the answer was lost (time
// out, broken connection, status 500 and above, nothing in Graph's), so that the
// change may have been carried out, or may be yet. Any other error means that
// it was refused, or never sent. A request that was throttled, or whose token
// had expired, was not carried out and is sent again.
func (t *Tenant) Write(ctx context.Context, name fact.Name, value string) error {
	row, ok := fact.Lookup(name)
	set := setters[name]
	if !ok || row.Write == nil || set == nil {
		return cloudapi.Errorf(ErrNotWritable, "smtpmend does not change %s", name)
	}
	if !row.Allows(value) {
		return cloudapi.Errorf(ErrNotWritable, "%s cannot be set to %q", name, value)
	}
	if err := t.notProven(ctx, row.Scope); err != nil {
		return fmt.Errorf("%s did not set %s to %q, for nothing was sent: %w", row.API, name, value, err)
	}
	var err error
	crashed := guard(fmt.Sprintf("setting %s", name), func() error {
		err = set(t, ctx, t.service(row.API).Scopes(row.Write.Delegated), value)
		return nil
	})
	if crashed != nil {
		return errors.Join(ErrUncertain, crashed)
	}
	if err == nil {
		return nil
	}
	f := cloudapi.AsFault(err)
	if f.Uncertain && !f.Unsent {
		return cloudapi.Errorf(errors.Join(ErrUncertain, f.Kind), "%s did not confirm that %s was set to %q: %s; the change may have been made, or may be yet", row.API, name, value, f.What)
	}
	return cloudapi.Explain(fmt.Sprintf("did not set %s to %q", name, value), need(row, *row.Write), t.service(row.API).Claims(), f)
}

// notProven returns why a fact of that scope may not be written, nil when it
// may. Where the tenant is the one that was wanted, as undo has it, something
// is put back, and it is enough to know the object that is written itself.
func (t *Tenant) notProven(ctx context.Context, scope fact.Scope) error {
	s := t.Subject(ctx)
	switch {
	case !t.wanted:
		return s.Proven(scope)
	case scope == fact.ScopeMailbox:
		return s.Mailbox.Err
	case scope == fact.ScopeUser:
		return s.User.Err
	}
	return nil
}

// graphForWrite returns a client for a change, and refuses what Graph would
// refuse: both writable facts of Graph need a permission of this name, so a
// token that tells its permissions and has none of them cannot do it. At
// Exchange the roles decide, which no token tells.
func (t *Tenant) graphForWrite(ctx context.Context, scopes []string) (*graphClient, error) {
	if _, err := t.graph.Token(ctx, scopes); err != nil {
		return nil, err
	}
	held := t.graph.Claims().Held()
	may := func(p string) bool { return strings.HasPrefix(p, "Policy.ReadWrite.") }
	if len(held) > 0 && !slices.ContainsFunc(held, may) {
		return nil, &cloudapi.Fault{Kind: ErrPermission, What: "nothing was sent, for the token does not allow it", Unsent: true}
	}
	return newGraph(t.graph, scopes)
}

// proven returns what Exchange found the mailbox by and what Graph knows the
// user by, as far as Subject has proven them.
func (t *Tenant) proven() (mailboxIdentity, userKey string) {
	t.asking.Lock()
	defer t.asking.Unlock()
	return t.subject.mailbox.identity, t.subject.user.key
}
