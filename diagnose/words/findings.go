package words

import (
	"slices"
	"strings"
	"unicode"
)

// A finding is a reply, or the text as a whole, with the row that decided it.
type finding struct {
	seg    segment
	row    *row // nil when no row knows the words
	ours   bool // the words carry a mark of Microsoft
	host   string
	rank   int
	squish string
}

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

// refusals reads every refusal in a cleaned text. A sign-in that succeeds
// later on wipes out the refused ones before it.
func refusals(text string, segs []segment, stage Stage) []finding {
	var out []finding
	for _, seg := range segs {
		if seg.Code == 235 {
			out = slices.DeleteFunc(out, func(f finding) bool { return f.rank >= rankMechanism })
		}
		if !seg.refusal() {
			continue
		}
		s := squeeze(seg.Text)
		if code, status, words, ok := nested(s); ok {
			seg.Code, seg.Status, s = code, status, words
		}
		f := finding{seg: seg, squish: s, ours: marked(s) || seg.Status == "5.7.139", host: speaker(text, seg.start), rank: rankOf(seg)}
		if f.host == "" {
			f.host = tagHost(seg.Text)
		}
		f.row = match(&view{stage: stage, code: seg.Code, status: seg.Status, squeezed: s, ours: f.ours, wordy: !f.ours && wordy(text, seg)})
		out = append(out, f)
	}
	return out
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

// nestMark stands, squeezed, between the reply to MAIL FROM and the refused
// sign-in that it repeats.
const nestMark = "notauthenticatedtosendmail.error:"

// nested finds the inner reply where a line break in its code or status kept
// it from being found as a segment of its own.
func nested(squeezed string) (code int, status, words string, ok bool) {
	_, inner, ok := strings.Cut(squeezed, nestMark)
	if !ok || len(inner) < 3 {
		return 0, "", "", false
	}
	code, digits := leadingNumber(inner[:3])
	if digits < 3 || code < 400 || code > 599 {
		return 0, "", "", false
	}
	words = strings.TrimLeft(inner[3:], "0123456789.")
	status = inner[3 : len(inner)-len(words)]
	if status == "" {
		return code, "", words, true
	}
	if _, end := statusAt(status, 0); end != len(status) {
		return 0, "", "", false
	}
	return code, status, words, true
}

// decisive picks the finding that tells the reason: the highest rank, then
// the last in the text. One that is only the beginning of another is not
// counted, nor one whose words nobody knows beside one whose words are known.
func decisive(all []finding) (f finding, rivals []finding) {
	known := slices.ContainsFunc(all, func(f finding) bool { return f.row != nil })
	worded := slices.ContainsFunc(all, func(f finding) bool { return f.row != nil && f.row.words != "" && f.rank >= rankReply })
	var kept []finding
	for i, f := range all {
		if known && f.row == nil || worded && f.row.words == "" || startOfAnother(all, i) {
			continue
		}
		switch {
		case len(kept) == 0 || f.rank > kept[0].rank:
			kept = []finding{f}
		case f.rank == kept[0].rank:
			kept = append(kept, f)
		}
	}
	if len(kept) == 0 {
		return finding{}, nil
	}
	last := len(kept) - 1
	if i := passwordOf(kept); i >= 0 {
		return kept[i], kept[:i]
	}
	return kept[last], kept[:last]
}

// passwordOf returns the place of the refused password in a message of Symfony
// that tells of one sign-in by several mechanisms, -1 where there is none. The
// last of them is XOAUTH2, and without a token it gets the bare 5.7.3.
func passwordOf(kept []finding) int {
	last := len(kept) - 1
	if kept[last].seg.Status != "5.7.3" {
		return -1
	}
	for i, f := range slices.Backward(kept[:last]) {
		if f.seg.Status == "5.7.139" && strings.Contains(f.squish, "authenticatorxoauth2returned") {
			return i
		}
	}
	return -1
}

// startOfAnother reports whether the words of all[i] are the beginning of
// those of another finding: clients print a reply twice, once cut off.
func startOfAnother(all []finding, i int) bool {
	for j, o := range all {
		if j != i && len(o.squish) > len(all[i].squish) && strings.HasPrefix(o.squish, all[i].squish) && o.rank >= all[i].rank {
			return true
		}
	}
	return false
}
