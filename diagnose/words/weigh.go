package words

import (
	"slices"
	"strings"
	"unicode"
)

// Ranks: what tells more about the reason decides, whatever its place.
const (
	rankOutcome = iota // 530 5.7.57 follows from a sign-in that failed or never was
	rankReply
	rankMechanism // a client that was refused one mechanism may try another
	rankSignIn    // the answer to the password or token itself
)

func rankOf(seg segment) int {
	switch {
	case seg.Code == 535 || seg.Status == "5.7.139" || seg.Status == "5.7.30":
		return rankSignIn
	case seg.Status == "5.7.3" && !strings.Contains(squeeze(seg.Text), "starttls"):
		return rankSignIn
	case seg.Code == 504 || seg.Status == "5.7.4":
		return rankMechanism
	case seg.Status == "5.7.57":
		return rankOutcome
	}
	return rankReply
}

// nestMark stands, squeezed, between the reply to MAIL FROM and the refused
// sign-in that it repeats.
const nestMark = "notauthenticatedtosendmail.error:"

// refusals holds the table against every refusal in the text.
func (r *reading) refusals() {
	for _, seg := range r.replies {
		if !seg.refusal() {
			continue
		}
		v := &view{reading: r, in: r.squeezed(seg.body, seg.end), stage: r.stage, code: seg.Code, status: seg.Status}
		s := r.plain[v.in.from:v.in.to]
		if before, inner, ok := strings.Cut(s, nestMark); ok && inner != "" { // a line end broke the code of the inner reply
			v.in.from, v.code, v.status, s = v.in.from+len(before)+len(nestMark), 0, "", inner
		}
		f := finding{seg: seg, squish: s, ours: marked(s) || v.status == "5.7.139", host: speaker(r.text, seg.start), rank: rankOf(seg)}
		if f.host == "" {
			f.host = tagHost(seg.Text)
		}
		v.ours, v.wordy = f.ours, !f.ours && wordy(r.text, seg)
		f.row = match(v)
		r.found = append(r.found, f)
	}
}

// wordy reports whether a reply has at least two words of its own, and stands
// where a server's words stand: not in a sentence about it.
func wordy(text string, seg segment) bool {
	before := strings.TrimRight(text[:seg.start], " \t\"'`([#")
	if word := strings.ToLower(lastWord(before)); word != "" && word != "said" && word != "reply" {
		return false
	}
	words := 0
	for word := range strings.FieldsFuncSeq(seg.Text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(word) > 2 {
			words++
		}
	}
	return words > 1 && !bare(seg.Text)
}

// accepted drops the refused sign-ins before one that succeeded.
func (r *reading) accepted() {
	i := slices.IndexFunc(r.replies, func(s segment) bool { return s.Code == 235 })
	for ; i >= 0 && i < len(r.replies); i++ {
		if at := r.replies[i].start; r.replies[i].Code == 235 {
			r.found = slices.DeleteFunc(r.found, func(f finding) bool { return f.rank >= rankMechanism && f.seg.start < at })
		}
	}
}

// known drops refusals whose words nobody knows beside one that is known.
func (r *reading) known() {
	if slices.ContainsFunc(r.found, func(f finding) bool { return f.row != nil }) {
		r.drop(func(f finding) bool { return f.row == nil })
	}
}

// worded drops what only a code or status tells beside words that are known.
func (r *reading) worded() {
	if slices.ContainsFunc(r.found, func(f finding) bool { return f.row != nil && f.row.Words != "" && f.rank >= rankReply }) {
		r.drop(func(f finding) bool { return f.row == nil || f.row.Words == "" })
	}
}

// repeated drops a reply that is the beginning of another: clients print one
// twice, once cut off.
func (r *reading) repeated() {
	all := slices.Clone(r.found)
	r.drop(func(f finding) bool {
		return slices.ContainsFunc(all, func(o finding) bool {
			return o.seg.agrees(f.seg) && len(o.squish) > len(f.squish) && strings.HasPrefix(o.squish, f.squish) && o.rank >= f.rank
		})
	})
	r.all = slices.Clone(r.found)
}

// telling keeps the refusals that tell most about the reason.
func (r *reading) telling() {
	highest := rankOutcome
	for _, f := range r.found {
		highest = max(highest, f.rank)
	}
	r.drop(func(f finding) bool { return f.rank < highest })
}

// token drops the answer to the last mechanism in a message of Symfony that
// tells of one sign-in by several: it is XOAUTH2, and without a token it gets
// the bare 5.7.3, whatever is wrong with the password.
func (r *reading) token() {
	last := len(r.found) - 1
	if last < 1 || r.found[last].seg.Status != "5.7.3" {
		return
	}
	for i, f := range slices.Backward(r.found[:last]) {
		if f.seg.Status == "5.7.139" && strings.Contains(f.squish, "authenticatorxoauth2returned") {
			r.found = r.found[:i+1]
			return
		}
	}
}

// last lets the last of what is left decide.
func (r *reading) last() {
	if n := len(r.found); n > 0 && r.found[n-1].row != nil {
		r.settle(r.found[n-1])
		r.rivals = r.found[:n-1]
	}
}

func (r *reading) drop(unwanted func(finding) bool) {
	r.found = slices.DeleteFunc(r.found, unwanted)
}
