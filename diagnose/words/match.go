package words

import (
	"slices"
	"sync"
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
	sign
	want, wantAnd int // -1 for none
	points        int
}

// rows is the table of signs, prepared when the first text is read.
var rows = sync.OnceValue(func() []row {
	all := phrases()
	find := func(words string) int {
		return slices.IndexFunc(all, func(p phrase) bool { return words != "" && p.words == words })
	}
	out := make([]row, len(signs))
	for i, s := range signs {
		out[i] = row{sign: s, want: find(s.words), wantAnd: find(s.and)}
		out[i].points = s.weight(len(squeeze(s.words + s.and)))
	}
	return out
})

// applies reports whether everything the row says holds of v.
func (r *row) applies(v *view) bool {
	return (r.status == "" || r.status == v.status) &&
		(r.code == 0 || r.code == v.code) &&
		(r.stage == "" || r.stage == v.stage) &&
		(!r.client || v.client) &&
		(!r.wordy || v.wordy) &&
		(!r.ours || v.ours) &&
		(r.is != OtherProvider || !v.ours) &&
		v.has(r.want, v.in, r.opens) && v.has(r.wantAnd, v.in, false)
}

// match returns the row that says most about v, nil when none applies. Rows
// that say as much and something else are joined, and so are rows that name
// different causes by words of their own: then all they allow stands.
func match(v *view) *row {
	var best *row
	var names []*row
	all := rows()
	for i := range all {
		r := &all[i]
		if !r.applies(v) {
			continue
		}
		if r.names != "" {
			names = append(names, r)
		}
		switch {
		case best == nil || r.points > best.points:
			best = r
		case r.points == best.points && !r.agrees(best.sign):
			best = union(best, r)
		}
	}
	if best == nil || best.names == "" {
		return best
	}
	for _, r := range names {
		if r.names != best.names && !best.contains(r) {
			best = union(best, r)
		}
	}
	return best
}

// contains reports whether the words of other are part of r's own.
func (r *row) contains(other *row) bool {
	return other.want < 0 || r.want >= 0 && containsAny(phrases()[r.want].plain, []string{phrases()[other.want].plain})
}

// union allows whatever one of two rows allows.
func union(a, b *row) *row {
	u := *a
	u.names, u.is = "", ""
	u.allows = slices.Clone(a.possible())
	for _, c := range b.possible() {
		if !slices.Contains(u.allows, c) {
			u.allows = append(u.allows, c)
		}
	}
	return &u
}

// possible returns the causes a row leaves open.
func (s sign) possible() []Code {
	switch {
	case s.names != "":
		return []Code{s.names}
	case s.is != "":
		return nil
	}
	return s.allows
}
