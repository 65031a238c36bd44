package view

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"smtpmend/internal/inventory"
)

func (v *inventoryEnd) text(p *page, _ int) {
	s := v.Summary
	p.prose("", "%s: %s", v.name(), v.counts(p))
	p.prose("", "%s", v.span(p))
	if !v.Listed {
		p.prose("", notWhole)
	}
	v.tables(p)
	if s.Affected+s.Open() > 0 && s.Mailboxes > 0 {
		p.heading("Ways that remain")
		for _, w := range inventory.Ways {
			p.item("  - ", "    ", "%s: %s", p.t(w.Title), p.t(w.Condition))
		}
	}
	if len(s.Unread) > 0 {
		p.heading("Not read")
		for _, u := range s.Unread {
			p.item("  - ", "    ", u.Error)
		}
	}
	v.strays(p)
	v.then(p)
}

// name is what the tenant calls itself, with a domain of it.
func (v *inventoryEnd) name() string {
	if v.tenant.Organisation == "" || v.tenant.Organisation == v.tenant.Name {
		return v.tenant.Name
	}
	return v.tenant.Organisation + " (" + v.tenant.Name + ")"
}

func (v *inventoryEnd) counts(p *page) string {
	s := v.Summary
	return p.t("%s; SMTP AUTH is on for %d, off for %d%s.", p.count(s.Mailboxes, "mailbox", "mailboxes"), s.On, s.Off, p.besides(s.Mailboxes-s.On-s.Off, ", not read for %d"))
}

func (p *page) besides(n int, format string) string {
	if n == 0 {
		return ""
	}
	return p.lang.Say(format, n)
}

// span says what the use was read from, and since when.
func (v *inventoryEnd) span(p *page) string {
	names := map[inventory.SourceName]string{
		inventory.SignInLog: "the sign-in log", inventory.AppUsage: "the e-mail app usage report", inventory.ClientsReport: "the SMTP AUTH clients report",
	}
	var from []string
	for _, s := range v.Sources {
		from = append(from, p.t(names[s]))
	}
	if len(from) == 0 {
		return p.t("What used them could not be read.")
	}
	return p.t("What used them since %s is from %s.", p.day(v.Since), strings.Join(from, p.t(" and ")))
}

// A group is a table of mailboxes that are alike.
type group struct {
	one, many string // mailboxes
	of        func(inventory.Row) bool
	n         func(inventory.Summary) int
}

// mailboxGroups are in the order of their weight; a row is in the first that takes it.
var mailboxGroups = []group{
	{"mailbox stops when passwords go off by default, at the end of December 2026", "mailboxes stop when passwords go off by default, at the end of December 2026", func(r inventory.Row) bool { return r.Affected != nil && *r.Affected }, func(s inventory.Summary) int { return s.Affected }},
	{"mailbox may stop: how it signs in was not read", "mailboxes may stop: how they sign in was not read", func(r inventory.Row) bool { return r.Affected == nil && telling(r) && !r.OnlyRefused() }, nil},
	{"mailbox has nothing but refused sign-ins", "mailboxes have nothing but refused sign-ins", inventory.Row.OnlyRefused, func(s inventory.Summary) int { return s.Failing }},
	{"mailbox sends with OAuth, which goes on", "mailboxes send with OAuth, which goes on", func(r inventory.Row) bool { return r.Used.OAuth != nil && *r.Used.OAuth > 0 }, nil},
	{"mailbox was not seen to submit", "mailboxes were not seen to submit", func(inventory.Row) bool { return true }, nil},
}

// A grouped is the rows of one group, under its title.
type grouped struct {
	title string
	rows  []inventory.Row
}

// grouped divides the rows into the groups that have any.
func (v *inventoryEnd) grouped(p *page) []grouped {
	if v.shelf == nil {
		return nil
	}
	var all []grouped
	left := v.shelf.rows
	for _, g := range mailboxGroups {
		var rows []inventory.Row
		rows, left = divide(left, g.of)
		n := len(rows)
		if g.n != nil {
			n = max(n, g.n(v.Summary))
		}
		if n == 0 {
			continue
		}
		// The newest use first.
		slices.SortStableFunc(rows, func(a, b inventory.Row) int { return newest(b).Compare(newest(a)) })
		all = append(all, grouped{p.count(n, g.one, g.many), rows})
	}
	return all
}

func (v *inventoryEnd) tables(p *page) {
	if v.shelf == nil {
		return
	}
	for _, g := range v.grouped(p) {
		p.heading("%s", g.title)
		mailboxTable(p, g.rows)
	}
	if v.shelf.more > 0 {
		p.blank()
		p.prose("", "%d more are not shown here; as CSV or JSON all of them come.", v.shelf.more)
	}
	if shown := len(v.shelf.rows) + v.shelf.more; shown == 0 && v.Strangers == 0 && v.Listed && !v.LogCut && len(v.Sources) > 0 {
		p.blank()
		p.prose("", "Nothing was seen that submits, or tries to, with SMTP AUTH.")
	}
}

// day says a day to a person.
func (p *page) day(t time.Time) string {
	if p.lang == Czech {
		return t.UTC().Format("2. 1. 2006")
	}
	return t.UTC().Format("2 January 2006")
}

func divide(rows []inventory.Row, of func(inventory.Row) bool) (taken, left []inventory.Row) {
	for _, r := range rows {
		if of(r) {
			taken = append(taken, r)
		} else {
			left = append(left, r)
		}
	}
	return taken, left
}

func mailboxTable(p *page, rows []inventory.Row) {
	widest := utf8.RuneCountInString(p.t("mailbox"))
	for _, r := range rows {
		widest = min(max(widest, len([]rune(harmless(r.Mailbox)))), 34)
	}
	refused := func(cell string) string {
		return fmt.Sprintf("%*s", max(7, utf8.RuneCountInString(p.t("refused"))), cell)
	}
	p.line("  %s  %-4s %8s %7s %s  %-10s  %s", pad(p.t("mailbox"), widest), "smtp", p.t("accepted"), "oauth", refused(p.t("refused")), p.t("last"), p.t("from, why"))
	for _, r := range rows {
		p.line("  %s  %-4s %8s %7s %s  %-10s  %s", pad(harmless(r.Mailbox), widest), dash(r.Effective), dash(count(r.Used.Basic)), dash(count(r.Used.OAuth)),
			refused(dash(count(r.Used.Failed))), lastWords(r), p.whence(r))
	}
}

func newest(r inventory.Row) time.Time {
	if r.Used.LastFailed.After(r.Used.Last) {
		return r.Used.LastFailed
	}
	return r.Used.Last
}

// dash stands for what was not read.
func dash(cell string) string {
	if cell == "" {
		return "-"
	}
	return cell
}

func lastWords(r inventory.Row) string {
	at := newest(r)
	if at.IsZero() {
		return "-"
	}
	return at.UTC().Format(time.DateOnly)
}

// whence says where sign-ins came from, and of those that were all refused why
// the most of them were.
func (p *page) whence(r inventory.Row) string {
	var words []string
	for i, d := range r.Used.Devices {
		if i == 2 {
			words = append(words, "...")
			break
		}
		words = append(words, d.Address)
	}
	if r.OnlyRefused() && len(r.Used.Failures) > 0 {
		words = append(words, failureWords(r.Used.Failures[0]))
	}
	if len(words) == 0 && r.Used.SMTPApp != nil && *r.Used.SMTPApp {
		return p.t("an SMTP client")
	}
	return strings.Join(words, " ")
}

// notWhole is said where more mailboxes may be affected than are rows.
const notWhole = "The lists of mailboxes are not whole: more than these may stop."

// strays names what belongs to no mailbox.
func (v *inventoryEnd) strays(p *page) {
	if v.Strangers == 0 && len(v.Unmatched) == 0 {
		return
	}
	p.heading("Besides")
	signIns := p.count(v.Strangers, "sign-in", "sign-ins")
	switch {
	case v.Strangers > 0 && v.Listed:
		p.item("  - ", "    ", "%s of names that are no mailbox here", signIns)
	case v.Strangers > 0:
		p.item("  - ", "    ", "%s not matched to a mailbox", signIns)
	}
	switch {
	case len(v.Unmatched) > 0 && !v.Listed:
		p.item("  - ", "    ", "senders of the clients report not matched to a mailbox: %s%s", strings.Join(v.Unmatched, ", "), p.besides(v.MoreUnmatched, ", and %d more"))
	case len(v.Unmatched) > 0:
		p.item("  - ", "    ", "senders of the clients report that are no mailbox here: %s%s", strings.Join(v.Unmatched, ", "), p.besides(v.MoreUnmatched, ", and %d more"))
	}
}

// proposal says what to do next, and the mailbox of which it can be told why it
// is only refused, "" for none.
func (v *inventoryEnd) proposal(p *page) (say, mailbox string) {
	switch {
	case v.tenant.Failed:
		say = "Not all was read. When the service answers again, the same command."
	case v.Affected > 0:
		say = "Give each mailbox that stops one of the ways above before the end of December 2026; the addresses tell which device or application it is."
	case !v.Listed:
		say = "Have read what was not, then the same command: more than these may stop."
	case v.Open() > 0:
		say = "Have read what was not, or give the SMTP AUTH clients report with --clients-report."
	case v.Accepted > 0:
		say = "Look up in the sign-in log whose the accepted sign-ins are that belong to no mailbox here: what signs in there may stop."
	default:
		say = "Nothing stops. The same command again tells when something new submits with a password."
	}
	for _, g := range v.grouped(p) {
		if len(g.rows) > 0 && g.rows[0].OnlyRefused() {
			return say, g.rows[0].Mailbox
		}
	}
	return say, ""
}

func (v *inventoryEnd) then(p *page) {
	p.heading("Next")
	say, mailbox := v.proposal(p)
	p.prose("  ", say)
	if mailbox == "" {
		return
	}
	if command, ok := v.next("diagnose", mailbox); ok {
		p.prose("  ", "What stands in the way of one that is only refused:")
		p.commands(command)
	}
}
