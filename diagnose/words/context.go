package words

import (
	"slices"
	"strings"

	"smtpmend/diagnose/words/signs"
)

// A context is what a dialogue in a text tells beside its replies.
type context struct {
	mechanisms []string // that the client used, each once, in small letters
	offered    bool     // the server offered STARTTLS
	started    bool     // the client used it
}

// authCommand returns the mechanism of the first command AUTH in a line.
func authCommand(line string) string {
	for i := 0; ; {
		j := strings.Index(line[i:], "auth")
		if j < 0 {
			return ""
		}
		at := i + j
		i = at + len("auth")
		if at > 0 && isWord(line[at-1]) || i == len(line) || line[i] != ' ' && line[i] != '=' {
			continue
		}
		for _, m := range [...]string{"login", "plain", "ntlm", "xoauth2", "cram-md5", "gssapi"} {
			if rest, ok := strings.CutPrefix(line[i+1:], m); ok && (rest == "" || !isWord(rest[0])) {
				return m
			}
		}
	}
}

// contextOf reads the client's commands and the server's offers.
func contextOf(r *reading) (c context) {
	for line := range strings.Lines(r.lower) {
		offers, starttls := strings.Contains(line, "250"), strings.HasSuffix(strings.TrimSpace(line), "starttls")
		c.offered = c.offered || starttls && offers
		c.started = c.started || starttls && !offers
		if offers || !strings.Contains(line, "auth") {
			continue
		}
		if m := authCommand(line); m != "" && !slices.Contains(c.mechanisms, m) {
			c.mechanisms = append(c.mechanisms, m)
		}
	}
	return c
}

// strangers returns the parts of a text of small letters in which no word
// counts: the values of fields that show a stranger's own words, and subjects.
func strangers(text string) (all []span) {
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(`=:"`, text[i]) < 0 {
			continue
		}
		name := lastWord(strings.TrimRight(strings.ReplaceAll(text[max(0, i-longestMark):i], "\n", ""), " "))
		value := text[i+1:]
		switch {
		case text[i] == '"' && slices.Contains(signs.Owners, name):
			all = append(all, span{i + 1, i + 1 + max(0, strings.IndexByte(value, '"'))})
		case text[i] == '=' && slices.Contains(signs.StrangerFields, name):
			all = append(all, span{i + 1, i + 1 + valueLength(value[:min(len(value), longestField)])})
		case text[i] == ':' && (slices.Contains(signs.Subjects, name) || slices.Contains(signs.Heads, name) && opensLine(text[:i-len(name)])):
			value, _, _ := strings.Cut(value, "\n")
			if quoted := strings.TrimLeft(value, " "); beginsWithAny(quoted, `"'`) {
				value = value[:len(value)-len(quoted)+valueLength(quoted)]
			}
			all = append(all, span{i + 1, i + 1 + len(value)})
		}
	}
	return append(all, copied(text)...)
}

func opensLine(text string) bool {
	return strings.Trim(text[strings.LastIndexByte(text, '\n')+1:], "> ") == ""
}

// copied returns the message that a bounce quotes below its own refusal.
func copied(text string) []span {
	for _, mark := range signs.Copies {
		at := strings.Index(text, mark)
		for i := 0; i < at; i++ {
			if s, ok := replyAt(text, i); ok && s.refusal() {
				return []span{{at, len(text)}}
			}
		}
	}
	return nil
}

// longestField bounds the value of a field.
const longestField = 300

// valueLength returns the length of a field's value at the beginning of s: up
// to the bracket or quote that closes it, else up to a blank or a comma.
func valueLength(s string) int {
	s = strings.TrimPrefix(s, `\`)
	ends := " \n,;"
	switch {
	case strings.HasPrefix(s, "<"):
		ends = ">"
	case beginsWithAny(s, `"'`):
		ends = s[:1]
	}
	if i := strings.IndexAny(s[min(1, len(s)):], ends); i >= 0 {
		return i + 1
	}
	return len(s)
}

// aboutMail reports whether words that every network client uses are meant of
// a submission: beside a word of mail, or where nothing before them on their
// line names something else.
func (r *reading) aboutMail(before string) bool {
	switch {
	case strings.Contains(r.lower, "smtp"):
		return true
	case containsAny(r.lower, signs.FetchWords):
		return false
	case containsAny(r.lower, signs.MailWords):
		return true
	}
	return !slices.ContainsFunc(wordsOf().FindAllString(strings.ToLower(before), -1), func(word string) bool {
		return len(word) > 3 && !slices.Contains(signs.Neutral, word) && !saysNothing().MatchString(word)
	})
}

var (
	wordsOf     = pattern(`[\pL\p{Nd}]+`)
	saysNothing = pattern(signs.NamesOfErrors + `|\p{Nd}`)
)
