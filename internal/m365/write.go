package m365

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/fact"
)

// Write sets one fact. Only the facts whose row in fact.Table has a Write can
// be set, to the values of that row; anything else is refused with
// ErrNotWritable before any request.
//
// A change is sent once, and again only when the API said that it was
// throttled, for then it was not carried out. Whatever else than a success
// comes back, Write reads the fact and returns nil when the new value stands
// after all. When the answer was lost (time out, broken connection, status 500
// and above, nothing in it) and the new value does not stand or cannot be
// read, the error is ErrUncertain; any other error means that the tenant holds
// what it held before. The reading back goes on for a short while after ctx
// has ended.
func (t *Tenant) Write(ctx context.Context, name fact.Name, value string) error {
	row, ok := fact.Lookup(name)
	if !ok || row.Write == nil {
		return &problem{fmt.Sprintf("smtpmend does not change %s", name), ErrNotWritable}
	}
	if !row.Allows(value) {
		return &problem{fmt.Sprintf("%s cannot be set to %q", name, value), ErrNotWritable}
	}
	err := t.send(ctx, row, value)
	if err == nil {
		return nil
	}
	f := asFault(err)
	refusal := explain(fmt.Sprintf("did not set %s to %q", name, value), row, *row.Write, t.service(row.API).claims(), f)
	if f.unsent {
		return refusal
	}
	held, ok := t.readBack(ctx, name, value, f.uncertain)
	switch {
	case ok:
		return nil
	case !f.uncertain:
		return refusal
	case held == "":
		held = "what it holds now could not be read either: look before you try again"
	default:
		held = fmt.Sprintf("it still holds %q and may change yet: look again before you try again", held)
	}
	text := fmt.Sprintf("%s did not confirm that %s was set to %q: %s; %s", row.API, name, value, f.what, held)
	return &problem{text, errors.Join(ErrUncertain, f.kind)}
}

func (t *Tenant) send(ctx context.Context, row fact.Row, value string) error {
	scopes := t.service(row.API).scopes(row.Write.Delegated)
	if row.Name == fact.MailboxSMTPAuth {
		return t.cmdlets(scopes).setSMTPAuth(ctx, t.mailbox, value)
	}
	graph, err := t.graph.graph(scopes)
	if err != nil {
		return err
	}
	if err := t.graph.mayWrite(ctx, scopes); err != nil {
		return err
	}
	if row.Name == fact.OrgSecurityDefaults {
		return graph.setSecurityDefaults(ctx, value)
	}
	return graph.setPerUserMFA(ctx, t.mailbox, value)
}

// mayWrite refuses what Graph would refuse: both writable facts of Graph need
// a permission of this name, so a token that tells its permissions and has
// none of them cannot do it. At Exchange the roles decide, which no token tells.
func (s *service) mayWrite(ctx context.Context, scopes []string) error {
	if _, err := s.token(ctx, scopes); err != nil {
		return err
	}
	held := s.claims().held()
	may := func(p string) bool { return strings.HasPrefix(p, "Policy.ReadWrite.") }
	if len(held) > 0 && !slices.ContainsFunc(held, may) {
		return &fault{kind: ErrPermission, what: "nothing was sent, for the token does not allow it", unsent: true}
	}
	return nil
}

func (c *cmdlets) setSMTPAuth(ctx context.Context, mailbox, value string) error {
	got, err := c.invoke(ctx, "Set-CASMailbox", map[string]any{
		"Identity": mailbox, smtpDisabled: smtpAuthProperty(value),
	})
	if err == nil && got.changedNothing() {
		err = &fault{kind: ErrRefused, what: "it says that nothing was changed", uncertain: true}
	}
	return err
}

const (
	readBackTries = 3
	readBackWait  = time.Second
	readBackTime  = 30 * time.Second
)

// readBack asks what holds after a change that did not succeed plainly, more
// than once where it may take effect with a delay. Ctrl-C may be the reason
// for the failure, so it asks all the same.
func (t *Tenant) readBack(ctx context.Context, name fact.Name, value string, again bool) (held string, ok bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readBackTime)
	defer cancel()
	tries := 1
	if again {
		tries = readBackTries
	}
	for try := range tries {
		if try > 0 && t.graph.pause(ctx, readBackWait) != nil {
			break
		}
		held = t.Read(ctx, name)[0].Value
		if holds(name, held, value) {
			return held, true
		}
	}
	return held, false
}

// holds reports whether what was read is what was set. Entra turns "enabled"
// into "enforced" by itself for a user with a registered method.
func holds(name fact.Name, got, set string) bool {
	return got == set || name == fact.UserPerUserMFA && set == "enabled" && got == "enforced"
}
