package words

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"smtpmend/diagnose/words/signs"
)

// A view is what a row is held against: one reply, or a whole text.
type view struct {
	*reading
	in     span // of the plain text
	stage  Stage
	code   int
	status string
	ours   bool // the words carry a mark of Microsoft
	wordy  bool // the words are a server's sentence, without such a mark
	client bool // the client's own words count too
}

// A row is a sign with the places of its phrases in the list of them all.
type row struct {
	signs.Sign
	want, wantAnd int // -1 for none
	weight        weight
}

// rows is the table of signs, prepared when the first text is read.
var rows = sync.OnceValue(func() []row {
	places := map[string]int{}
	for i, p := range phrases() {
		places[p.words] = i
	}
	find := func(words string) int {
		if i, ok := places[words]; ok && words != "" {
			return i
		}
		return -1
	}
	out := make([]row, len(signs.All))
	for i, s := range signs.All {
		out[i] = row{Sign: s, want: find(s.Words), wantAnd: find(s.And)}
		out[i].weight = out[i].weigh()
	}
	return out
})

// byPhrase lists the rows that ask for each phrase, and behind them those that
// ask for none.
var byPhrase = sync.OnceValue(func() [][]int32 {
	lists := make([][]int32, len(phrases())+1)
	for i, r := range rows() {
		phrase := r.want
		if phrase < 0 {
			phrase = len(lists) - 1
		}
		lists[phrase] = append(lists[phrase], int32(i))
	}
	return lists
})

// nearRows returns, in the order of the table, the rows of which the text holds
// the phrase, and those that ask for none.
func (r *reading) nearRows() []int32 {
	lists := byPhrase()
	near := slices.Clone(lists[len(lists)-1])
	for _, p := range r.located {
		near = append(near, lists[p]...)
	}
	slices.Sort(near)
	return near
}

// A weight tells how much a row says: what it asks of a reply counts first,
// the length of its words only among equals.
type weight struct {
	words  int // of its phrases
	status int // 2 for a status: it says more than a word
	marks  int // a code, a stage, Microsoft's mark
	length int // of the phrases, in octets, squeezed
}

func (r *row) weigh() (w weight) {
	for range strings.FieldsSeq(r.Words + " " + r.And) {
		w.words++
	}
	for _, p := range []int{r.want, r.wantAnd} {
		if p >= 0 {
			w.length += len(phrases()[p].plain)
		}
	}
	if r.Status != "" {
		w.status = 2
	}
	for _, asked := range []bool{r.Code != 0, r.Stage != "", r.Ours} {
		if asked {
			w.marks++
		}
	}
	return w
}

// compare is -1, 0 or 1 as w weighs less than o, as much, or more.
func (w weight) compare(o weight) int {
	return cmp.Or(cmp.Compare(w.words+w.status+w.marks, o.words+o.status+o.marks), cmp.Compare(w.length, o.length))
}

// applies reports whether everything the row says holds of v.
func (r *row) applies(v *view) bool {
	return (r.Status == "" || r.Status == v.status) &&
		(r.Code == 0 || r.Code == v.code) &&
		(r.Stage == "" || r.Stage == v.stage) &&
		(!r.Client || v.client) &&
		(!r.Wordy || v.wordy) &&
		(!r.Ours || v.ours) &&
		(!r.Other || !v.ours) &&
		v.has(r.want, v.in, r.Opens) && v.has(r.wantAnd, v.in, false)
}

// match returns the row that says most about v, nil when none applies. Rows
// that say as much and something else are joined, and so are rows that name
// different causes by words of their own: then all they allow stands.
func match(v *view) (best *row) {
	var apply []*row
	all := rows()
	for _, i := range v.near {
		if r := &all[i]; r.applies(v) {
			apply = append(apply, r)
			if best == nil || r.weight.compare(best.weight) > 0 {
				best = r
			}
		}
	}
	most := best
	for _, r := range apply {
		ties := r.weight.compare(most.weight) == 0 && !r.Agrees(most.Sign)
		if ties || most.Names != "" && r.Names != "" && r.Names != most.Names && !most.contains(r) {
			best = union(best, r)
		}
	}
	return best
}

// contains reports whether the words of other are part of r's own.
func (r *row) contains(other *row) bool {
	return other.want < 0 || r.want >= 0 && strings.Contains(phrases()[r.want].plain, phrases()[other.want].plain)
}

// union allows whatever one of two rows allows.
func union(a, b *row) *row {
	u := *a
	u.Names, u.Other, u.Healthy = "", false, false
	u.Allows = distinct(slices.Concat(a.Possible(), b.Possible()))
	return &u
}
