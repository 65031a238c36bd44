package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/inventory"
)

func (v *inventoryEnd) text(p *page, _ int) {
	s := v.Summary
	p.prose("", v.name()+": "+v.counts())
	p.prose("", v.span())
	v.tables(p)
	if s.Affected+s.Open() > 0 && s.Mailboxes > 0 {
		p.heading("Ways that remain")
		for _, w := range inventory.Ways {
			p.item("  - ", "    ", w.Title+": "+w.Condition)
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

func (v *inventoryEnd) counts() string {
	s := v.Summary
	return fmt.Sprintf("%s; SMTP AUTH is on for %d, off for %d%s.", Plural(s.Mailboxes, "mailbox", "mailboxes"), s.On, s.Off, besides(s.Mailboxes-s.On-s.Off, ", not read for %d"))
}

func besides(n int, format string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(format, n)
}

// span says what the use was read from, and since when.
func (v *inventoryEnd) span() string {
	names := map[inventory.SourceName]string{
		inventory.SignInLog: "the sign-in log", inventory.AppUsage: "the e-mail app usage report", inventory.ClientsReport: "the SMTP AUTH clients report",
	}
	var from []string
	for _, s := range v.Sources {
		from = append(from, names[s])
	}
	if len(from) == 0 {
		return "What used them could not be read."
	}
	return fmt.Sprintf("What used them since %s is from %s.", v.Since.UTC().Format("2 January 2006"), strings.Join(from, " and "))
}

// A group is a table of mailboxes that are alike.
type group struct {
	title string // of a number of mailboxes
	of    func(inventory.Row) bool
	n     func(inventory.Summary) int
}

// mailboxGroups are in the order of their weight; a row is in the first that takes it.
var mailboxGroups = []group{
	{"stop when passwords go off by default, at the end of December 2026", func(r inventory.Row) bool { return r.Affected != nil && *r.Affected }, func(s inventory.Summary) int { return s.Affected }},
	{"may stop: how they sign in was not read", func(r inventory.Row) bool { return r.Affected == nil && telling(r) && !r.OnlyRefused() }, nil},
	{"have nothing but refused sign-ins", inventory.Row.OnlyRefused, func(s inventory.Summary) int { return s.Failing }},
	{"send with OAuth, which goes on", func(r inventory.Row) bool { return r.Used.OAuth != nil && *r.Used.OAuth > 0 }, nil},
	{"were not seen to submit", func(inventory.Row) bool { return true }, nil},
}

// A grouped is the rows of one group, under its title.
type grouped struct {
	title string
	rows  []inventory.Row
}

// grouped divides the rows into the groups that have any.
func (v *inventoryEnd) grouped() []grouped {
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
		all = append(all, grouped{fmt.Sprintf("%s %s", Plural(n, "mailbox", "mailboxes"), plainNumber(n, g.title)), rows})
	}
	return all
}

func (v *inventoryEnd) tables(p *page) {
	if v.shelf == nil {
		return
	}
	for _, g := range v.grouped() {
		p.heading(g.title)
		mailboxTable(p, g.rows)
	}
	if v.shelf.more > 0 {
		p.blank()
		p.prose("", fmt.Sprintf("%d more are not shown here; as CSV or JSON all of them come.", v.shelf.more))
	}
	if shown := len(v.shelf.rows) + v.shelf.more; shown == 0 && v.Mailboxes > 0 && len(v.Sources) > 0 {
		p.blank()
		p.prose("", "Nothing was seen that submits, or tries to, with SMTP AUTH.")
	}
}

// plainNumber makes the verbs of a title singular for one mailbox.
func plainNumber(n int, title string) string {
	if n != 1 {
		return title
	}
	return strings.NewReplacer("stop when", "stops when", "they sign", "it signs", "have nothing", "has nothing", "send with", "sends with", "were not", "was not").Replace(title)
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
	widest := len("mailbox")
	for _, r := range rows {
		widest = min(max(widest, len([]rune(harmless(r.Mailbox)))), 34)
	}
	p.line("  %s  %-4s %8s %7s %7s  %-10s  %s", pad("mailbox", widest), "smtp", "accepted", "oauth", "refused", "last", "from, why")
	for _, r := range rows {
		p.line("  %s  %-4s %8s %7s %7s  %-10s  %s", pad(harmless(r.Mailbox), widest), dash(r.Effective), dash(count(r.Used.Basic)), dash(count(r.Used.OAuth)),
			dash(count(r.Used.Failed)), lastWords(r), whence(r))
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
func whence(r inventory.Row) string {
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
		return "an SMTP client"
	}
	return strings.Join(words, " ")
}

// strays names what belongs to no mailbox.
func (v *inventoryEnd) strays(p *page) {
	if v.Strangers == 0 && len(v.Unmatched) == 0 {
		return
	}
	p.heading("Besides")
	if v.Strangers > 0 {
		p.item("  - ", "    ", Plural(v.Strangers, "sign-in", "sign-ins")+" of names that are no mailbox here")
	}
	if len(v.Unmatched) > 0 {
		p.item("  - ", "    ", "senders of the clients report that are no mailbox here: "+strings.Join(v.Unmatched, ", ")+besides(v.MoreUnmatched, ", and %d more"))
	}
}

// proposal says what to do next, and the mailbox of which it can be told why it
// is only refused, "" for none.
func (v *inventoryEnd) proposal() (say, mailbox string) {
	switch {
	case v.tenant.Failed:
		say = "Not all was read. When the service answers again, the same command."
	case v.Affected > 0:
		say = "Give each mailbox that stops one of the ways above before the end of December 2026; the addresses tell which device or application it is."
	case v.Open() > 0, !v.Listed && !v.UseRead:
		say = "Have read what was not, or give the SMTP AUTH clients report with --clients-report."
	default:
		say = "Nothing stops. The same command again tells when something new submits with a password."
	}
	for _, g := range v.grouped() {
		if len(g.rows) > 0 && g.rows[0].OnlyRefused() {
			return say, g.rows[0].Mailbox
		}
	}
	return say, ""
}

func (v *inventoryEnd) then(p *page) {
	p.heading("Next")
	say, mailbox := v.proposal()
	p.prose("  ", say)
	if mailbox == "" {
		return
	}
	if command, ok := v.next("diagnose", mailbox); ok {
		p.prose("  ", "What stands in the way of one that is only refused:")
		p.commands(command)
	}
}
