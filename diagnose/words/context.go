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

var authCommand = pattern(`\bauth[ =](login|plain|ntlm|xoauth2|cram-md5|gssapi)\b`)

// contextOf reads the client's commands and the server's offers.
func contextOf(r *reading) (c context) {
	for line := range strings.Lines(r.lower) {
		offers, starttls := strings.Contains(line, "250"), strings.HasSuffix(strings.TrimSpace(line), "starttls")
		c.offered = c.offered || starttls && offers
		c.started = c.started || starttls && !offers
		if offers || !strings.Contains(line, "auth") {
			continue
		}
		if m := authCommand().FindStringSubmatch(line); m != nil && !slices.Contains(c.mechanisms, m[1]) {
			c.mechanisms = append(c.mechanisms, m[1])
		}
	}
	return c
}

// strangers returns the parts of a text of small letters in which no word
// counts: the values of fields that show a stranger's own words, and subjects.
func strangers(text string) (all []span) {
	for i := 0; i < len(text); i++ {
		if text[i] != '=' && text[i] != ':' {
			continue
		}
		name := lastWord(strings.ReplaceAll(text[max(0, i-longestMark):i], "\n", ""))
		value := text[i+1:]
		switch {
		case text[i] == '=' && slices.Contains(signs.StrangerFields, name):
			all = append(all, span{i + 1, i + 1 + valueLength(value[:min(len(value), longestField)])})
		case text[i] == ':' && name == "subject":
			line, _, _ := strings.Cut(value, "\n")
			all = append(all, span{i + 1, i + 1 + len(line)})
		}
	}
	return all
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
	case strings.HasPrefix(s, `"`):
		ends = `"`
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
	if containsAny(r.lower, signs.MailWords) {
		return strings.Contains(r.lower, "smtp") || !containsAny(r.lower, signs.FetchWords)
	}
	return !slices.ContainsFunc(wordsOf().FindAllString(strings.ToLower(before), -1), func(word string) bool {
		return len(word) > 3 && !slices.Contains(signs.Neutral, word) && !saysNothing().MatchString(word)
	})
}

var (
	wordsOf     = pattern(`[\pL\p{Nd}]+`)
	saysNothing = pattern(signs.NamesOfErrors + `|\p{Nd}`)
)
