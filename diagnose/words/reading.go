package words

import (
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
)

// A reading is one text on its way to a meaning. What it says is marked once:
// the replies in it, and the places of every phrase that some row knows. The
// steps of the policy then weigh what was found.
type reading struct {
	text    string
	lower   string   // of the same length
	plain   string   // the text as phrases are compared: see squeeze
	at      []int32  // where each octet of plain stands in text
	places  [][]span // by phrase, where it stands in plain
	spare   *[][]span
	located []int   // the phrases that stand there
	near    []int32 // the rows that can apply
	replies []segment
	hosts   []host
	stage   Stage // which the words name, "" for none
	ctx     context

	past   int       // where the last acceptance ends; what was said before is over
	found  []finding // the refusals that still count
	pick   finding   // the one that decides; its row is nil while none does
	rivals []finding // others of the same rank
	all    []finding // all refusals, but for one told twice
	m      Meaning
}

// A finding is a reply with the row that read it.
type finding struct {
	seg   segment
	row   *row // nil when no row knows the words
	ours  bool // the words carry a mark of Microsoft
	host  string
	rank  int
	plain string // the words, squeezed
}

// mark marks what a cleaned text says. outer is the reply whose words the text
// is, nil where replies stand in the text.
func mark(text string, outer *segment) *reading {
	r := &reading{text: text, lower: lowerASCII(text)}
	skip := strangers(r.lower)
	replies, repeated := segments(text, skip, outer)
	r.replies = replies
	r.plain, r.at = squeezed(blanked(text, append(skip, repeated...)))
	locate(r)
	r.near = r.nearRows()
	r.hosts = hostsIn(r.lower)
	r.stage = stageOf(r.plain)
	r.ctx = contextOf(r)
	return r
}

// stageOf returns the stage that a squeezed text names, "" when it names none.
func stageOf(s string) Stage {
	for _, m := range signs.StageMarks {
		if strings.Contains(s, m.Words) {
			return m.Stage
		}
	}
	return ""
}

// A span is a part of a text, from its first octet to the one behind its last.
type span struct{ from, to int }

// squeezed returns where what stands in text[from:to] stands in plain.
func (r *reading) squeezed(from, to int) span {
	i, _ := slices.BinarySearch(r.at, int32(from))
	j, _ := slices.BinarySearch(r.at, int32(to))
	return span{i, j}
}

// placed returns where in the text a phrase stands, of part of plain.
func (r *reading) placed(phrase int, in span) (at span, ok bool) {
	if phrase < 0 {
		return span{}, false
	}
	i := slices.IndexFunc(r.places[phrase], func(p span) bool { return p.from >= in.from && p.to <= in.to })
	if i < 0 {
		return span{}, false
	}
	p := r.places[phrase][i]
	return span{int(r.at[p.from]), int(r.at[p.to-1]) + 1}, true
}

// lineAround returns the line of the text in which a part of it stands.
func (r *reading) lineAround(part span) span {
	line := span{strings.LastIndexByte(r.text[:part.from], '\n') + 1, len(r.text)}
	if j := strings.IndexByte(r.text[part.to:], '\n'); j >= 0 {
		line.to = part.to + j
	}
	return line
}

// has reports whether the phrase stands in part of the plain text; opens, that
// it begins it.
func (r *reading) has(p int, in span, opens bool) bool {
	return p < 0 || slices.ContainsFunc(r.places[p], func(at span) bool {
		return at.from >= in.from && at.to <= in.to && (!opens || at.from == in.from)
	})
}
