package words

import (
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
)

// maxProse is the longest text that is read as a sentence of a person's.
const maxProse = 400

var hearsayWords = pattern(signs.Hearsay)

// hearsay leaves the cause open where a person's sentence denies, quotes or
// remembers the refusal instead of showing it.
func (r *reading) hearsay() {
	if r.m.Verdict != Named && r.m.Verdict != Healthy || len(r.text) > maxProse {
		return
	}
	from, to := r.pick.seg.start, r.pick.seg.end
	if row := r.pick.row; row != nil {
		if words, ok := r.placed(row.want, r.squeezed(from, to)); ok {
			to = words.to
		}
	}
	if before, after := clause(r.text[:from]), r.text[to:]; !isHearsay(before) && !isHearsay(after) {
		return
	}
	if r.m.Verdict == Healthy {
		r.m = Meaning{Verdict: Unknown, Notes: []string{signs.NoteHearsay}}
		return
	}
	open := []Code{r.m.Cause}
	for _, f := range r.rivals {
		if f.row != nil {
			open = append(open, f.row.Possible()...)
		}
	}
	r.m.leave(signs.NoteHearsay, open...)
}

// isHearsay asks the expression only about what holds a word of it: it is slow.
func isHearsay(words string) bool {
	return containsAny(lowerASCII(words), signs.HearsayMarks) && hearsayWords().MatchString(words)
}

// clause returns the clause with which text ends: what stands behind the last
// colon, bracket or end of a sentence.
func clause(text string) string {
	for end := len(text); ; {
		i := strings.LastIndexAny(text[:end], ":;.!?\n(")
		switch {
		case i < 0:
			return text
		case text[i] == ':' && slices.Contains(signs.Announces, strings.ToLower(lastWord(text[:i]))):
			end = i
		default:
			return text[i+1:]
		}
	}
}
