package words

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// maxProse is the longest text that is read as a sentence of a person's.
const maxProse = 400

// hearsayWords are what people write about a refusal that they do not get, got
// once, or read about. No server and no client writes them around a reply.
var hearsayWords = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:(?:it|this|that)(?: is|'s) not|isn't|(?:not|isn't) (?:the|an) (?:error|reply|message)|` +
		`(?:do|does|did)(?:n't| not) (?:get|see|say|show)|never (?:got|get|saw|see|said|says)|no longer|i (?:now |only )?(?:get|see)\b.{1,60}(?:instead of|rather than)|` +
		`any ?more|went away|(?:is|has|was) (?:gone|fixed|solved)|` +
		`i(?:'ve| have)? read|(?:docs|documentation|article|page|manual) (?:say|says|said)|means?)\b`)
})

// announcesRefusal are words before a colon behind which the refusal itself
// follows: "we no longer see this error: 535 ..." is one clause.
var announcesRefusal = []string{"error", "errors", "reply", "response", "message", "get", "see", "say", "this"}

const noteHearsay = "The sentence speaks of a refusal and seems to deny it, or tells what others say; the words of the server that stand today say more."

// hearsay leaves the cause open where a person's sentence denies, quotes or
// remembers the refusal instead of showing it.
func (r *reading) hearsay() {
	if r.m.Verdict != Named && r.m.Verdict != Healthy || len(r.text) > maxProse {
		return
	}
	from, to := r.extent()
	if !hearsayWords().MatchString(clause(r.text[:from])) && !hearsayWords().MatchString(r.text[to:]) {
		return
	}
	if r.m.Verdict == Healthy {
		r.m = Meaning{Verdict: Unknown, Notes: []string{noteHearsay}}
		return
	}
	open := []Code{r.m.Cause}
	for _, f := range r.rivals {
		for _, c := range f.possible() {
			if !slices.Contains(open, c) {
				open = append(open, c)
			}
		}
	}
	r.m.Verdict, r.m.Cause, r.m.Candidates = Unsure, "", open
	r.m.Notes = append(r.m.Notes, noteHearsay)
}

// extent returns where the words that decide begin and end.
func (r *reading) extent() (from, to int) {
	from, to = r.pick.seg.start, r.pick.seg.end
	if row := r.pick.row; row != nil && row.want >= 0 {
		for _, p := range r.places[row.want] {
			if start := int(r.at[p.from]); start >= from && (to == 0 || start < to) {
				if to == 0 {
					from = start
				}
				return from, int(r.at[p.to-1]) + 1
			}
		}
	}
	return from, max(from, to)
}

// clause returns the clause with which text ends: what stands behind the last
// colon, bracket or end of a sentence.
func clause(text string) string {
	for end := len(text); ; {
		i := strings.LastIndexAny(text[:end], ":;.!?\n(")
		switch {
		case i < 0:
			return text
		case text[i] == ':' && slices.Contains(announcesRefusal, strings.ToLower(lastWord(text[:i]))):
			end = i
		default:
			return text[i+1:]
		}
	}
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
