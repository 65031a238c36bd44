package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"smtpmend/internal/fact"
)

// Options say what to take an inventory of.
type Options struct {
	// Since is how far back the use of a mailbox counts, Now when the run
	// began.
	Since, Now time.Time
	// Clients is an export of the SMTP AUTH clients report; nil for none.
	Clients *Clients
	// Progress is told how many entries of what have been read, now and then
	// and from several goroutines, one at a time; nil for nobody.
	Progress func(what string, n int)
}

// Take reads the source and hands out a row for each mailbox, in the order of
// Exchange. It fails only with the error of emit, and where ctx ends; what the
// source did not give stands in the summary.
func Take(ctx context.Context, src Source, o Options, emit func(Row) error) (Summary, error) {
	t := &taking{src: src, o: o, join: newJoin(o.Clients), summary: Summary{Since: o.Since}}
	t.settings = src.Settings(ctx)
	t.noteSettings()
	together(func() {
		err := each(t, "mailboxes", src.Mailboxes(ctx), func(m Mailbox) { t.addMailbox(m) })
		t.wholeMailboxes = err == nil
		t.unread(fact.MailboxKind, err)
	}, func() {
		var bad error
		err := each(t, "accounts", src.Users(ctx), func(u User) { bad = cmp.Or(bad, u.Unread); t.addUser(u) })
		t.unread(fact.UserAuthPolicySMTP, cmp.Or(err, bad))
	}, func() { t.readUse(ctx) })
	err := t.rows(ctx, emit)
	t.finish()
	return t.summary, cmp.Or(err, ctx.Err())
}

// together runs the parts side by side. A crash of one is one of the caller,
// who can tell of it, once all have ended.
func together(parts ...func()) {
	var all sync.WaitGroup
	crashes := make(chan string, len(parts))
	for _, part := range parts {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					crashes <- fmt.Sprintf("%v\n%s", p, debug.Stack())
				}
			}()
			part()
		})
	}
	all.Wait()
	if len(crashes) > 0 {
		panic(<-crashes)
	}
}

// A taking is an inventory under way.
type taking struct {
	*join
	src     Source
	o       Options
	summary Summary

	telling sync.Mutex
	noting  sync.Mutex
}

// each reads a list to its end.
func each[T any](t *taking, what string, list iter.Seq2[T, error], add func(T)) error {
	n := 0
	for entry, err := range list {
		if err != nil {
			return err
		}
		add(entry)
		if n++; n%1000 == 0 {
			t.tell(what, n)
		}
	}
	t.tell(what, n)
	return nil
}

func (t *taking) tell(what string, n int) {
	if t.o.Progress == nil {
		return
	}
	t.telling.Lock()
	defer t.telling.Unlock()
	t.o.Progress(what, n)
}

// A lack is an error that says that the source has nothing to give, or not to
// this caller.
type lack interface {
	error
	Lacking() bool
}

// unread takes note of what was not read, once for each fact.
func (t *taking) unread(name fact.Name, err error) {
	if err == nil {
		return
	}
	t.noting.Lock()
	defer t.noting.Unlock()
	u := Unread{Fact: name, Error: err.Error(), Trouble: err}
	if l, ok := errors.AsType[lack](err); ok && l.Lacking() {
		u.Trouble = nil
	}
	t.summary.Unread = append(t.summary.Unread, u)
}

func (t *taking) noteSettings() {
	for _, r := range t.settings.Facts {
		if !r.Known() {
			t.unread(r.Fact, r.Err())
		}
	}
	t.unread(fact.UserAuthPolicySMTP, t.settings.PoliciesErr)
	t.unread(fact.OrgConditionalAccess, t.settings.AccessErr)
	t.unread(DirectSend, t.settings.DirectSendErr)
}

// readUse reads the log, and where that is not to be had the usage report.
func (t *taking) readUse(ctx context.Context) {
	unusable := 0
	err := each(t, "sign-ins", t.src.SignIns(ctx, t.o.Since), func(s SignIn) {
		if !t.addSignIn(s) {
			unusable++
		}
	})
	if err == nil && unusable > 0 {
		err = fmt.Errorf("%d records of the sign-in log lack their time, user or error code; the numbers are at least what is shown", unusable)
	}
	if t.unread(SignInLog, err); err == nil || len(t.used) > 0 {
		t.summary.Sources = append(t.summary.Sources, SignInLog)
	}
	t.summary.LogCut = err != nil && len(t.used) > 0
	if t.wholeLog = err == nil; t.wholeLog || ctx.Err() != nil {
		return
	}
	report, err := t.src.AppUsage(ctx, t.reportDays())
	if err == nil {
		t.apps, err = readApps(report)
		err = cmp.Or(err, report.Close())
	}
	if t.unread(AppUsage, err); err == nil {
		t.summary.Sources = append(t.summary.Sources, AppUsage)
	}
}

// reportDays is the shortest report that holds the whole span.
func (t *taking) reportDays() int {
	span := int((t.o.Now.Sub(t.o.Since) + 24*time.Hour - 1) / (24 * time.Hour))
	for _, days := range ReportDays {
		if days >= span {
			return days
		}
	}
	return ReportDays[len(ReportDays)-1]
}

func (t *taking) finish() {
	t.summary.Strangers, t.summary.Accepted = t.leftOver()
	if t.o.Clients == nil {
		t.unread(ClientsReport, errNoClients)
	} else {
		t.summary.Sources = append(t.summary.Sources, ClientsReport)
		t.summary.Unmatched, t.summary.MoreUnmatched = t.o.Clients.unmatched(maxUnmatched)
	}
	if len(t.openPolicies) > 0 && t.settings.AccessErr == nil {
		var why []string
		for w := range t.openPolicies {
			why = append(why, w)
		}
		slices.Sort(why)
		t.unread(fact.OrgConditionalAccess, lacking(fmt.Sprintf("for some mailboxes the policies leave it open: %s; smtpmend diagnose reads it for one of them", shortList(why))))
	}
	// Of two reasons for one fact the first is said, trouble before a lack.
	slices.SortStableFunc(t.summary.Unread, func(a, b Unread) int {
		lacks := func(u Unread) int {
			if u.Trouble == nil {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(a.Fact, b.Fact), lacks(a)-lacks(b))
	})
	t.summary.Unread = slices.CompactFunc(t.summary.Unread, func(a, b Unread) bool { return a.Fact == b.Fact })
}

// maxUnmatched is how many senders without a mailbox are named.
const maxUnmatched = 20

func shortList(all []string) string {
	const most = 3
	text := ""
	for i, one := range all {
		if i == most {
			return text + fmt.Sprintf("; and %d more", len(all)-most)
		}
		if i > 0 {
			text += "; "
		}
		text += one
	}
	return text
}

// lacking is an error of what there is none to be had of.
type lacking string

func (l lacking) Error() string { return string(l) }
func (lacking) Lacking() bool   { return true }

const errNoClients = lacking("which mailboxes submit with OAuth stands in one place: Exchange admin centre, Reports, Mail flow, SMTP AUTH clients report; export it and give the file with --clients-report")
