package words

import (
	"slices"
	"strings"
)

// What people write, squeezed, about a refusal that they do not get. No server
// and no client writes it.
var (
	// deniedBefore stands before the refusal, in its clause.
	deniedBefore = []string{
		"notget", "dontget", "nevergot", "neverget", "notsee", "dontsee", "neversaw", "neversee", "notsay", "doesntsay", "neversaid", "neversays",
		"ratherthan", "insteadof", "nolongerget", "nolongersee", "nolongersay", "nolongershow", "nolongerfail", "nolongercomplain",
	}
	// deniedBehind stands behind it.
	deniedBehind = []string{"anymore"}
	// deniedBeside stands on either side.
	deniedBeside = []string{
		"nottheerror", "notanerror", "isntthe", "notthereply", "notthemessage",
		"isgone", "wentaway", "hasgone", "wasfixed", "isfixed", "issolved", "wassolved",
	}
)

// announcesRefusal are words before a colon behind which the refusal itself
// follows: "we no longer see this error: 535 ..." is one clause.
var announcesRefusal = []string{"error", "errors", "reply", "response", "message", "get", "see", "say", "this"}

// maxProse is the longest text that is read as a sentence of a person's.
const maxProse = 400

const noteDenied = "The sentence speaks of a refusal and seems to deny it; the words of the server that stand today say more."

// denied leaves the cause open where a sentence of a person's names a refusal
// that it says is not, or is no more.
func denied(d Meaning, text string) Meaning {
	if d.Verdict != Named || len(text) > maxProse {
		return d
	}
	at := beginning(text, d.Reply)
	before, behind := squeeze(clause(text[:at])), squeeze(text[at:])
	if d.Reply.Code == 0 && d.Reply.Status == "" {
		before = behind // the line holds the sentence as well
	}
	before = withoutExpected(before)
	if containsAny(before, deniedBefore) || containsAny(behind, deniedBehind) || containsAny(before, deniedBeside) || containsAny(behind, deniedBeside) {
		d.Verdict, d.Cause, d.Candidates = Unsure, "", []Code{d.Cause}
		d.Notes = append(d.Notes, noteDenied)
	}
	return d
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

// withoutExpected drops the code that a client expected "instead of" the one
// it prints: there the words deny nothing.
func withoutExpected(squeezed string) string {
	before, after, _ := strings.Cut(squeezed, "expected")
	if _, after, ok := strings.Cut(after, "insteadof"); ok {
		return before + after
	}
	return squeezed
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
