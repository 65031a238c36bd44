package logs

import (
	"cmp"
	"slices"

	"smtpmend/diagnose/words"
)

// A Row counts the events of one mailbox and device with one answer. First and
// Last are their earliest and latest times, "" where the log has none.
type Row struct {
	Mailbox, Device string
	Verdict         words.Verdict
	Cause           words.Code
	Count           int
	First, Last     string

	first, last int64
}

// A Table counts events. The zero value is empty.
type Table struct {
	Events int
	// More counts the events of mailboxes and devices for which there was no
	// room; they stand in rows without either.
	More int

	rows     map[rowKey]*Row
	examples []Event
}

type rowKey struct {
	mailbox, device string
	verdict         words.Verdict
	cause           words.Code
}

// maxRows bounds a table.
const maxRows = 10_000

// Add takes in an event.
func (t *Table) Add(e Event) {
	if t.rows == nil {
		t.rows = map[rowKey]*Row{}
	}
	t.Events++
	t.example(e)
	key := rowKey{e.Mailbox, e.Device, e.Verdict, e.Cause}
	row := t.rows[key]
	if row == nil && len(t.rows) >= maxRows {
		t.More++
		key.mailbox, key.device = "", ""
		row = t.rows[key]
	}
	if row == nil {
		row = &Row{Mailbox: key.mailbox, Device: key.device, Verdict: e.Verdict, Cause: e.Cause}
		t.rows[key] = row
	}
	row.Count++
	if e.Time == "" {
		return
	}
	if row.First == "" || e.at < row.first {
		row.First, row.first = e.Time, e.at
	}
	if row.Last == "" || e.at >= row.last {
		row.Last, row.last = e.Time, e.at
	}
}

// example keeps the first event of each answer.
func (t *Table) example(e Event) {
	same := func(o Event) bool {
		return o.Verdict == e.Verdict && o.Cause == e.Cause && slices.Equal(o.Candidates, e.Candidates)
	}
	if !slices.ContainsFunc(t.examples, same) && len(t.examples) < 200 {
		t.examples = append(t.examples, e)
	}
}

// Examples returns an event for each answer, the most frequent cause first.
func (t *Table) Examples() []Event {
	count := map[rowKey]int{}
	for _, r := range t.rows {
		count[rowKey{verdict: r.Verdict, cause: r.Cause}] += r.Count
	}
	all := slices.Clone(t.examples)
	slices.SortStableFunc(all, func(a, b Event) int {
		return cmp.Compare(count[rowKey{verdict: b.Verdict, cause: b.Cause}], count[rowKey{verdict: a.Verdict, cause: a.Cause}])
	})
	return all
}

// Rows returns the rows, the most frequent first.
func (t *Table) Rows() []Row {
	all := make([]Row, 0, len(t.rows))
	for _, r := range t.rows {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Mailbox, b.Mailbox), cmp.Compare(a.Device, b.Device),
			cmp.Compare(a.Verdict, b.Verdict), cmp.Compare(a.Cause, b.Cause))
	})
	return all
}

// Of counts the events with a verdict.
func (t *Table) Of(v words.Verdict) (n int) {
	for _, r := range t.rows {
		if r.Verdict == v {
			n += r.Count
		}
	}
	return n
}
