package inventory

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"smtpmend/internal/fact"
)

// rows hands out the rows: of the mailboxes with their switches, then of those
// of which Exchange does not list these, of the mailboxes without.
func (t *taking) rows(ctx context.Context, emit func(Row) error) error {
	var refused error
	hand := func(s Switch) {
		if refused == nil {
			refused = t.hand(s, emit)
		}
	}
	err := eachUntil(t, t.src.Switches(ctx), hand, &refused)
	t.unread(fact.MailboxSMTPAuth, err)
	if refused != nil || ctx.Err() != nil {
		return refused
	}
	switch {
	case err != nil:
	case t.switchless > 0:
		t.unread(fact.MailboxSMTPAuth, lacking(fmt.Sprintf("the list of mailboxes names some that the list of switches for SMTP AUTH lacks: %d", t.switchless)))
	case t.summary.Mailboxes == 0:
		t.unread(fact.MailboxSMTPAuth, errNoMailbox)
	}
	t.summary.Listed = err == nil && t.switchless == 0 && t.summary.Mailboxes > 0
	if t.wholeMailboxes && (t.switchless > 0 || t.summary.Mailboxes == 0) {
		t.unread(fact.MailboxKind, eachUntil(t, t.src.Mailboxes(ctx), func(m Mailbox) {
			if p := t.known(m.Identity); p == nil || !p.switched {
				hand(Switch{Identity: m.Identity, Addresses: []string{m.Address}})
			}
		}, &refused))
	}
	if t.summary.Mailboxes == 0 {
		for _, s := range t.seenInUse() {
			hand(s)
		}
	}
	return refused
}

const errNoMailbox = lacking("the list of switches for SMTP AUTH came without a mailbox")

// eachUntil is each, but ends when nobody takes the rows.
func eachUntil[T any](t *taking, list iter.Seq2[T, error], add func(T), refused *error) error {
	return each(t, "rows", func(yield func(T, error) bool) {
		for entry, err := range list {
			if !yield(entry, err) || *refused != nil {
				return
			}
		}
	}, add)
}

// seenInUse are the accounts that the log or the clients report names, where
// no list of mailboxes could be read.
func (t *taking) seenInUse() []Switch {
	var all []Switch
	for k, u := range t.used {
		id := fmt.Sprintf("%x-%x-%x-%x-%x", k[0:4], k[4:6], k[6:8], k[8:10], k[10:])
		all = append(all, Switch{Identity: Identity{Directory: id}, Addresses: []string{u.principal}})
	}
	slices.SortFunc(all, func(a, b Switch) int { return cmp.Compare(a.Addresses[0], b.Addresses[0]) })
	if t.clients == nil {
		return all
	}
	logged := map[string]bool{}
	for _, s := range all {
		logged[strings.ToLower(s.Addresses[0])] = true
	}
	for _, address := range slices.Sorted(maps.Keys(t.clients.senders)) {
		if !logged[address] {
			all = append(all, Switch{Addresses: []string{address}})
		}
	}
	return all
}

// hand completes a row, counts it and hands it out.
func (t *taking) hand(s Switch, emit func(Row) error) error {
	r := t.row(s)
	sum := &t.summary
	sum.Mailboxes++
	for _, c := range []struct {
		n  *int
		is bool
	}{
		{&sum.On, r.Effective == "on"},
		{&sum.Off, r.Effective == "off"},
		{&sum.Basic, r.Used.Basic != nil && *r.Used.Basic > 0},
		{&sum.OAuth, r.Used.OAuth != nil && *r.Used.OAuth > 0},
		{&sum.Failing, r.OnlyRefused()},
		{&sum.Affected, r.Affected != nil && *r.Affected},
		{&sum.Unaffected, r.Affected != nil && !*r.Affected},
	} {
		if c.is {
			*c.n++
		}
	}
	return emit(r)
}
