package inventory

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"
)

// cut is a tenant whose lists end early: so many switches, mailboxes and
// records of the log come, then the error.
type cut struct {
	made
	switches, mailboxes, records      int
	switchesErr, mailboxesErr, logErr error
}

// ended is the list with the error behind its last entry.
func ended[T any](list iter.Seq2[T, error], n int, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		i := 0
		for entry := range list {
			if i++; i > n {
				break
			}
			if !yield(entry, nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

func (c cut) Switches(ctx context.Context) iter.Seq2[Switch, error] {
	return ended(c.made.Switches(ctx), c.switches, c.switchesErr)
}

func (c cut) Mailboxes(ctx context.Context) iter.Seq2[Mailbox, error] {
	return ended(c.made.Mailboxes(ctx), c.mailboxes, c.mailboxesErr)
}

// SignIns: each mailbox has one accepted sign-in.
func (c cut) SignIns(context.Context, time.Time) iter.Seq2[SignIn, error] {
	return ended(counting(c.n, func(i int) SignIn {
		return SignIn{c.id(i), "somebody", time.Unix(1, 0), "192.0.2.1", 0}
	}), c.records, c.logErr)
}

// What a list that was cut lacks is taken from the other one; what neither has
// is counted, and only whole lists tell everything.
func TestCutLists(t *testing.T) {
	denied, broken := lacking("denied"), errors.New("foreign link")
	const n = 5
	for _, tt := range []struct {
		name                      string
		src                       cut
		rows, affected, strangers int
		listed, told              bool
		unread                    []string
	}{
		{"whole", cut{switches: n, mailboxes: n, records: n}, n, n, 0, true, true, nil},
		{"no switches, no error", cut{mailboxes: n, records: n}, n, n, 0, false, false, []string{"mailbox.smtp-auth"}},
		{"switches denied behind the second", cut{switches: 2, switchesErr: denied, mailboxes: n, records: n}, n, n, 0, false, false, []string{"mailbox.smtp-auth"}},
		{"switches broken behind the second", cut{switches: 2, switchesErr: broken, mailboxes: n, records: n}, n, n, 0, false, false, []string{"mailbox.smtp-auth"}},
		{"one switch less", cut{switches: n - 1, mailboxes: n, records: 1}, n, 1, 0, false, false, []string{"mailbox.smtp-auth"}},
		{"switches denied, nothing seen", cut{switches: 2, switchesErr: denied, mailboxes: 2}, 2, 0, 0, false, false, []string{"mailbox.smtp-auth"}},
		{"both cut", cut{switches: 2, switchesErr: denied, mailboxes: 3, mailboxesErr: denied, records: n}, 2, 2, 3, false, false, []string{"mailbox.kind", "mailbox.smtp-auth"}},
		{"sign-ins of others", cut{switches: 2, mailboxes: 2, records: n}, 2, 2, 3, true, false, nil},
		{"no mailboxes at all", cut{}, 0, 0, 0, false, false, []string{"mailbox.smtp-auth"}},
		{"no mailboxes, but sign-ins", cut{records: n}, n, n, 0, false, false, []string{"mailbox.smtp-auth"}},
		{"the log cut", cut{switches: n, mailboxes: n, records: 2, logErr: denied}, n, 2, 0, true, false, []string{"log.sign-ins", "report.email-apps"}},
		{"no log", cut{switches: n, mailboxes: n, logErr: denied}, n, 0, 0, true, true, []string{"log.sign-ins", "report.email-apps"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.src.made = made{n: n, measured: func() {}}
			var rows, unread []string
			sum, err := Take(t.Context(), tt.src, Options{}, func(r Row) error { rows = append(rows, r.Mailbox); return nil })
			if err != nil {
				t.Fatal(err)
			}
			if tt.src.mailboxes+tt.src.switches > 0 {
				if slices.Sort(rows); len(slices.Compact(rows)) != tt.rows {
					t.Errorf("rows %q", rows)
				}
			}
			if sum.Mailboxes != tt.rows || sum.Affected != tt.affected || sum.Strangers != tt.strangers || sum.Accepted != tt.strangers {
				t.Errorf("%+v", sum)
			}
			if sum.Listed != tt.listed || sum.Told() != tt.told {
				t.Errorf("listed %v, told %v", sum.Listed, sum.Told())
			}
			for _, u := range sum.Unread {
				if u.Fact != ClientsReport {
					unread = append(unread, string(u.Fact))
				}
			}
			if !slices.Equal(unread, tt.unread) {
				t.Errorf("unread %+v", sum.Unread)
			}
		})
	}
}
