package words

import (
	"slices"
	"strings"
)

// strangerFields are what logs and bounces show of a stranger's own words:
// names that a client gave itself, addresses, hosts.
var strangerFields = []string{"helo", "from", "to", "orig_to", "relay", "subject", "sasl_username"}

// longestField bounds the value of a field.
const longestField = 300

// strangers returns the parts of a text in which no word counts, in order:
// the values of such fields, and subjects.
func strangers(text string) []span {
	var all []span
	for i := 0; i < len(text); {
		j := strings.IndexAny(text[i:], "=:")
		if j < 0 {
			break
		}
		i += j + 1
		name := strings.ToLower(lastWord(strings.ReplaceAll(text[max(0, i-32):i-1], "\n", "")))
		switch {
		case text[i-1] == '=' && slices.Contains(strangerFields, name):
			end := i + valueLength(text[i:min(len(text), i+longestField)])
			all = append(all, span{i, end})
			i = end
		case text[i-1] == ':' && name == "subject" && opensLine(text[:i-1-len(name)]):
			end := len(text)
			if j := strings.IndexByte(text[i:], '\n'); j >= 0 {
				end = i + j
			}
			all = append(all, span{i, end})
			i = end
		}
	}
	return all
}

// valueLength returns the length of a field's value at the beginning of s: up
// to the bracket or quote that closes it, else up to a blank or a comma.
func valueLength(s string) int {
	s = strings.TrimPrefix(s, `\`)
	for _, quotes := range []string{"<>", `""`} {
		if s != "" && s[0] == quotes[0] {
			if i := strings.IndexByte(s[1:], quotes[1]); i >= 0 {
				return i + 2
			}
			return len(s)
		}
	}
	if i := strings.IndexAny(s, " \n,;"); i >= 0 {
		return i
	}
	return len(s)
}

// opensLine reports whether nothing but marks of quotation stands before the
// end of text on its line.
func opensLine(text string) bool {
	return strings.Trim(text[strings.LastIndexByte(text, '\n')+1:], "> \"'`*") == ""
}
