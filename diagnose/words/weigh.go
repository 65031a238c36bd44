package words

import (
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
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
	case seg.Code == 535 || slices.Contains([]string{"5.7.3", "5.7.30", "5.7.139"}, seg.Status):
		return rankSignIn
	case seg.Code == 504 || seg.Status == "5.7.4":
		return rankMechanism
	case seg.Status == "5.7.57":
		return rankOutcome
	}
	return rankReply
}

// refusals holds the table against every refusal in the text.
func (r *reading) refusals() {
	for _, seg := range r.replies {
		if !seg.refusal() {
			continue
		}
		v := &view{reading: r, in: r.squeezed(seg.body, seg.end), stage: r.stage, code: seg.Code, status: seg.Status}
		f := finding{seg: seg, rank: rankOf(seg), host: r.speaker(seg.start, seg.end), plain: r.plain[v.in.from:v.in.to]}
		f.ours = marked(f.plain) || v.status == "5.7.139"
		v.ours, v.wordy = f.ours, !f.ours && wordy(r.text, seg)
		f.row = match(v)
		r.found = append(r.found, f)
	}
}

// wordy reports whether a reply has at least two words of its own, one of them
// about signing in, and stands where a server's words stand: not in a sentence
// about it.
func wordy(text string, seg segment) bool {
	word := strings.ToLower(lastWord(strings.TrimRight(text[:seg.start], " \t\"'`([#")))
	return (word == "" || word == "said" || word == "reply") && twoWords().MatchString(seg.Text) &&
		containsAny(strings.ToLower(seg.Text), signs.SignInTalk)
}

var twoWords = pattern(`(?s)\pL{3}.*\PL\pL{3}`)

// accepted drops what was refused before a sign-in that succeeded, or before a
// message that was taken.
func (r *reading) accepted() {
	for _, s := range r.replies {
		if row := r.rowOf(s); row != nil && row.Healthy && s.Code != 220 {
			r.past = s.end
			r.drop(func(f finding) bool { return f.seg.start < s.start })
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
	if slices.ContainsFunc(r.found, func(f finding) bool { return f.row != nil && f.row.Words != "" }) {
		r.drop(func(f finding) bool { return f.row == nil || f.row.Words == "" })
	}
}

// repeated drops a reply that is the beginning of another: clients print one
// twice, once cut off.
func (r *reading) repeated() {
	all := slices.Clone(r.found)
	r.drop(func(f finding) bool {
		return slices.ContainsFunc(all, func(o finding) bool {
			return o.seg.agrees(f.seg.Reply) && len(o.plain) > len(f.plain) && strings.HasPrefix(o.plain, f.plain)
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
	for i, f := range r.found {
		if strings.Contains(f.plain, signs.TokenToo) {
			r.found = r.found[:i+1]
			return
		}
	}
}

// last lets the last of what is left decide. Beside a code of Entra's it stays
// open, where it names another cause.
func (r *reading) last() {
	n := len(r.found)
	if n > 0 && r.settled() {
		if row := r.found[n-1].row; row != nil && row.Names != "" && row.Names != r.m.Cause {
			r.m.leave(signs.NoteReasons, append(r.m.possible(), row.Names)...)
		}
		return
	}
	if n > 0 && r.found[n-1].row != nil {
		r.settle(r.found[n-1])
		r.rivals = r.found[:n-1]
	}
}

func (r *reading) drop(unwanted func(finding) bool) {
	r.found = slices.DeleteFunc(r.found, unwanted)
}
