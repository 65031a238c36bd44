package diagnose

import "strings"

// denials are, squeezed, the words of people who write about a refusal that
// they do not get. No server and no client writes them.
var denials = []string{
	"notget", "dontget", "nevergot", "neverget", "notsee", "dontsee", "neversaw", "neversee", "notsay", "doesntsay", "neversaid", "neversays",
	"nottheerror", "notanerror", "isntthe", "notthereply", "notthemessage", "ratherthan", "insteadof", "nolongerget", "nolongersee", "nolongersay",
	"nolongershow", "nolongerfail", "nolongercomplain", "anymore", "isgone", "wentaway", "hasgone", "wasfixed", "isfixed", "issolved", "wassolved",
}

// maxProse is the longest text that is read as a sentence of a person's.
const maxProse = 400

const noteDenied = "The sentence speaks of a refusal and seems to deny it; the words of the server that stand today say more."

// denied leaves the cause open where a sentence of a person's names a refusal
// that it says is not, or is no more.
func denied(d Diagnosis, text string) Diagnosis {
	if d.Verdict != Named || len(text) > maxProse {
		return d
	}
	s := squeeze(text)
	for _, words := range denials {
		if strings.Contains(s, words) {
			d.Verdict, d.Cause, d.Candidates = Unsure, "", []Code{d.Cause}
			d.Notes = append(d.Notes, noteDenied)
			break
		}
	}
	return d
}
