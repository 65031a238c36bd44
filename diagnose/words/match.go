package words

import (
	"slices"
	"strings"
	"sync"
)

// A view is what the table is held against: one reply, or a whole text.
type view struct {
	stage    Stage
	code     int
	status   string
	squeezed string
	ours     bool // the words carry a mark of Microsoft
	wordy    bool // the words are a server's sentence, without such a mark
	client   bool // the client's own words count too
}

// row is a sign with its phrases squeezed once.
type row struct {
	sign
	want, wantAnd string
	points        int
}

// rows is the table of signs, prepared when the first text is read.
var rows = sync.OnceValue(func() []row { return prepare(signs) })

func prepare(signs []sign) []row {
	out := make([]row, len(signs))
	for i, s := range signs {
		r := row{sign: s, want: squeeze(s.words), wantAnd: squeeze(s.and)}
		r.points = s.weight(len(r.want) + len(r.wantAnd))
		out[i] = r
	}
	return out
}

// applies reports whether everything the row says holds of v.
func (r *row) applies(v *view) bool {
	return (r.status == "" || r.status == v.status) &&
		(r.code == 0 || r.code == v.code) &&
		(r.stage == "" || r.stage == v.stage) &&
		(!r.client || v.client) &&
		(!r.wordy || v.wordy) &&
		(!r.ours || v.ours) &&
		(r.is != OtherProvider || !v.ours) &&
		strings.Contains(v.squeezed, r.want) &&
		(!r.opens || strings.HasPrefix(v.squeezed, r.want)) &&
		(r.wantAnd == "" || strings.Contains(v.squeezed, r.wantAnd))
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
		if r.names != best.names && !strings.Contains(best.want, r.want) {
			best = union(best, r)
		}
	}
	return best
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
	if s.names != "" {
		return []Code{s.names}
	}
	return s.allows
}
