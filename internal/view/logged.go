package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/logs"
)

// A logged is one event of a log.
type logged struct{ logs.Event }

// Logged is one event of a log.
func Logged(e logs.Event) Answer { return logged{e} }

type loggedBody struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Time    string `json:"time"`
	Mailbox string `json:"mailbox"`
	Device  string `json:"device"`
	Session string `json:"session"`

	Verdict    diagnose.Verdict `json:"verdict"`
	Cause      catalogue.Code   `json:"cause"`
	Candidates []catalogue.Code `json:"candidates"`
	Reply      *diagnose.Reply  `json:"reply"` // null where nothing was refused
	Title      string           `json:"title,omitempty"`
	Notes      []string         `json:"notes,omitempty"`
}

func (l logged) envelope() Envelope {
	b := loggedBody{
		l.File, l.Line, l.Time, l.Mailbox, l.Device, l.Session,
		l.Verdict, l.Cause, listed(l.Candidates), nil, title(l.Cause), l.Notes,
	}
	if l.Reply != (diagnose.Reply{}) {
		b.Reply = &l.Reply
	}
	return Envelope{Bare: true, Body: b}
}

func (l logged) text(p *page, _ int) {
	what := []string{fmt.Sprintf("%s:%d", l.File, l.Line)}
	for _, known := range []string{l.Time, l.Mailbox, l.Device} {
		if known != "" {
			what = append(what, known)
		}
	}
	p.line("%s: %s: %s", strings.Join(what, " "), answerWord(l.Verdict, l.Cause, l.Candidates), strings.Join(strings.Fields(replyWords(l.Reply)), " "))
}

func (l logged) table() [][]string {
	return [][]string{{l.File, strconv.Itoa(l.Line), l.Time, l.Mailbox, l.Device, l.Session, string(l.Verdict), string(l.Cause),
		strings.Join(Codes(l.Candidates), " "), strings.Join(strings.Fields(replyWords(l.Reply)), " ")}}
}

// LoggedColumns name the columns of events as a table.
func LoggedColumns() Answer { return loggedColumns{} }

type loggedColumns struct{}

func (loggedColumns) envelope() Envelope { return Envelope{Bare: true, Body: struct{}{}} }
func (loggedColumns) text(*page, int)    {}
func (loggedColumns) table() [][]string {
	return [][]string{{"file", "line", "time", "mailbox", "device", "session", "verdict", "cause", "candidates", "reply"}}
}

// answerWord is a cause, or the verdict with what it leaves open.
func answerWord(v diagnose.Verdict, cause catalogue.Code, candidates []catalogue.Code) string {
	switch {
	case cause != "":
		return string(cause)
	case len(candidates) > 0:
		return string(v) + ": " + strings.Join(Codes(candidates), ", ")
	}
	return string(v)
}

// A logSummary is the end of what logs hold.
type logSummary struct {
	*logs.Table
	lines int
}

// LogsRead is who fails and why, since when: the events of logs as a table.
// lines is how many lines were read.
func LogsRead(t *logs.Table, lines int) Answer { return logSummary{t, lines} }

type rowBody struct {
	Mailbox string           `json:"mailbox"`
	Device  string           `json:"device"`
	Verdict diagnose.Verdict `json:"verdict"`
	Cause   catalogue.Code   `json:"cause"`
	Count   int              `json:"count"`
	First   string           `json:"first"`
	Last    string           `json:"last"`
}

func (s logSummary) envelope() Envelope {
	rows := []rowBody{}
	for _, r := range s.Rows() {
		rows = append(rows, rowBody{r.Mailbox, r.Device, r.Verdict, r.Cause, r.Count, r.First, r.Last})
	}
	return Envelope{Bare: true, Body: struct {
		Summary []rowBody `json:"summary"`
		Lines   int       `json:"lines"`
		Events  int       `json:"events"`
	}{rows, s.lines, s.Events}}
}

func (s logSummary) table() [][]string {
	rows := [][]string{{"mailbox", "device", "verdict", "cause", "count", "first", "last"}}
	for _, r := range s.Rows() {
		rows = append(rows, []string{r.Mailbox, r.Device, string(r.Verdict), string(r.Cause), strconv.Itoa(r.Count), r.First, r.Last})
	}
	return rows
}

// text is a table of what Microsoft 365 refused, an example for each answer,
// and apart from them the sign-ins that worked and what other servers refused.
func (s logSummary) text(p *page, room int) {
	if s.Events == 0 {
		return
	}
	var refused, worked [][]string
	for _, r := range s.Rows() {
		cause := string(r.Cause)
		if cause == "" {
			cause = string(r.Verdict)
		}
		row := []string{shown(r.Mailbox), shown(r.Device), cause, strconv.Itoa(r.Count), minute(r.First), minute(r.Last)}
		switch r.Verdict {
		case diagnose.Healthy:
			worked = append(worked, slices.Delete(row, 2, 3))
		case diagnose.OtherProvider:
		default:
			refused = append(refused, row)
		}
	}
	if len(refused) > 0 {
		p.grid([]string{"MAILBOX", "DEVICE", "CAUSE", "COUNT", "FIRST", "LAST"}, refused)
	}
	if len(worked) > 0 {
		p.heading("Sign-ins that worked")
		p.grid([]string{"MAILBOX", "DEVICE", "COUNT", "FIRST", "LAST"}, worked)
	}
	if s.More > 0 {
		p.blank()
		p.prose("", "There was no room for all mailboxes and devices: %s stand in rows without either.", p.count(s.More, "event", "events"))
	}
	for _, e := range s.Examples() {
		if e.Verdict != diagnose.Healthy && e.Verdict != diagnose.OtherProvider {
			exampleText(p, e, room)
		}
	}
	if n := s.Of(diagnose.OtherProvider); n > 0 {
		p.blank()
		p.prose("", "Other mail servers refused %s; Microsoft 365 had no part in that. List: --each", p.count(n, "attempt", "attempts"))
	}
}

// exampleText shows one reply with what it says and what to do.
func exampleText(p *page, e logs.Event, room int) {
	p.heading(answerWord(e.Verdict, e.Cause, nil))
	if title := title(e.Cause); title != "" {
		p.prose("", title)
	}
	if words := replyWords(e.Reply); words != "" {
		p.quoted(words, max(room, 3))
	}
	switch {
	case e.Cause != "":
		cause, _ := catalogue.Lookup(e.Cause)
		causeSteps(p, cause, nil, 1)
	case len(e.Candidates) > 0:
		p.prose("", "It can be: %s.", strings.Join(Codes(e.Candidates), ", "))
		p.prose("", "The tenant tells which: smtpmend diagnose MAILBOX")
	default:
		p.prose("", "No row of smtpmend's tables knows these words.")
	}
}

// widest is the most room that a cell of a grid gets.
const widest = 40

func shown(cell string) string {
	if cell == "" {
		return "-"
	}
	return shortened(cell, widest)
}

// minute cuts a time in RFC 3339 to the minute.
func minute(at string) string {
	if len(at) < len("2006-01-02T15:04") {
		return shown(at)
	}
	return at[:10] + " " + at[11:16]
}

// grid sets rows in columns as wide as they have to be; numbers stand to the
// right.
func (p *page) grid(head []string, rows [][]string) {
	widths := make([]int, len(head))
	titles := make([]string, len(head))
	for i, title := range head {
		titles[i] = strings.ToUpper(p.t(strings.ToLower(title)))
	}
	all := append([][]string{titles}, rows...)
	for i, row := range all {
		cells := make([]string, len(row))
		for c, cell := range row {
			cells[c] = harmless(cell)
			widths[c] = max(widths[c], len([]rune(cells[c])))
		}
		all[i] = cells
	}
	for _, row := range all {
		var line strings.Builder
		for c, cell := range row {
			if head[c] == "COUNT" {
				cell = strings.Repeat(" ", widths[c]-len([]rune(cell))) + cell
			}
			line.WriteString(pad(cell, widths[c]) + "  ")
		}
		p.line("%s", painted(strings.TrimRight(line.String(), " ")))
	}
}
