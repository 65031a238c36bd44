package m365

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/cloudapi"
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
		return cloudapi.Errorf(ErrNotWritable, "smtpmend does not change %s", name)
	}
	if !row.Allows(value) {
		return cloudapi.Errorf(ErrNotWritable, "%s cannot be set to %q", name, value)
	}
	err := t.send(ctx, row, value)
	if err == nil {
		return nil
	}
	f := cloudapi.AsFault(err)
	refusal := cloudapi.Explain(fmt.Sprintf("did not set %s to %q", name, value), need(row, *row.Write), t.service(row.API).Claims(), f)
	if f.Unsent {
		return refusal
	}
	held, ok := t.readBack(ctx, name, value, f.Uncertain)
	switch {
	case ok:
		return nil
	case !f.Uncertain:
		return refusal
	case held == "":
		held = "what it holds now could not be read either: look before you try again"
	default:
		held = fmt.Sprintf("it still holds %q and may change yet: look again before you try again", held)
	}
	return cloudapi.Errorf(errors.Join(ErrUncertain, f.Kind), "%s did not confirm that %s was set to %q: %s; %s", row.API, name, value, f.What, held)
}

func (t *Tenant) send(ctx context.Context, row fact.Row, value string) error {
	scopes := t.service(row.API).Scopes(row.Write.Delegated)
	if row.Name == fact.MailboxSMTPAuth {
		return setSMTPAuth(ctx, t.exchange.Cmdlets(t.id, scopes), t.mailbox, value)
	}
	graph, err := newGraph(t.graph, scopes)
	if err != nil {
		return err
	}
	if err := mayWrite(ctx, t.graph, scopes); err != nil {
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
func mayWrite(ctx context.Context, s *cloudapi.Service, scopes []string) error {
	if _, err := s.Token(ctx, scopes); err != nil {
		return err
	}
	held := s.Claims().Held()
	may := func(p string) bool { return strings.HasPrefix(p, "Policy.ReadWrite.") }
	if len(held) > 0 && !slices.ContainsFunc(held, may) {
		return &cloudapi.Fault{Kind: ErrPermission, What: "nothing was sent, for the token does not allow it", Unsent: true}
	}
	return nil
}

func setSMTPAuth(ctx context.Context, c *cloudapi.Cmdlets, mailbox, value string) error {
	got, err := c.Invoke(ctx, "Set-CASMailbox", map[string]any{
		"Identity": mailbox, smtpDisabled: smtpAuthProperty(value),
	})
	if err == nil && got.ChangedNothing() {
		err = &cloudapi.Fault{Kind: ErrRefused, What: "it says that nothing was changed", Uncertain: true}
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
		if try > 0 && t.pause(ctx, readBackWait) != nil {
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
