package words

import (
	"slices"
	"strings"
	"unicode/utf8"

	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words/signs"
)

// maxReply bounds the text of a Reply.
const maxReply = 1000

// stageMarks are, squeezed, words by which clients say which command the
// reply answered. The first that is there decides.
var stageMarks = []struct {
	words string
	stage Stage
}{
	{"afterendofdata", catalogue.StageSubmit},
	{"endofdatacommand", catalogue.StageSubmit},
	{"dataendcommand", catalogue.StageSubmit},
	{"inreplytorcptto", catalogue.StageSubmit},
	{"inreplytomailfrom", catalogue.StageSubmit},
	{"inreplytodata", catalogue.StageSubmit},
	{"inresponsetoauth", catalogue.StageAuth},
	{"saslauthenticationfailed", catalogue.StageAuth},
	{"authenticationexception", catalogue.StageAuth},
	{"authenticationerror", catalogue.StageAuth},
	{"authenticationfailedexception", catalogue.StageAuth},
	{"invalidlogin", catalogue.StageAuth},
	{"passwordcommandfailed", catalogue.StageAuth},
	{"authlogin", catalogue.StageAuth},
	{"authxoauth2", catalogue.StageAuth},
}

// stageOf returns the stage that a squeezed text names, "" when it names none.
func stageOf(s string) Stage {
	for _, m := range stageMarks {
		if strings.Contains(s, m.words) {
			return m.stage
		}
	}
	return ""
}

// endMarks end a reply's words inside a log or an error's own text.
var endMarks = []string{"(in reply to", "(in response to", "')", "\")", "',", "\",", "' ", "\"}", "'}", "\n\tat ", "\n   at ", "\n\n", "\nC: ", "\nS: ", "\n->", "\n~>", "\n ~>", "\n***", "\nCaused by", "\nQUIT", "\nTraceback", " SMTP code:", " Additional SMTP info", "\\n"}

// reply returns what the server said, without what a log put behind it.
func (s segment) reply() Reply {
	r := s.Reply
	end := len(r.Text)
	if i := tagEnd(r.Text); i > 0 {
		end = i
	} else {
		for _, m := range endMarks {
			if i := strings.Index(r.Text[:end], m); i > 0 {
				end = i
			}
		}
	}
	r.Text = limit(strings.Join(strings.Fields(r.Text[:end]), " "), maxReply)
	r.Text = strings.TrimRight(r.Text, " '\"\\")
	return r
}

// tagEnd returns the end of Microsoft's trailing "[host date id]", 0 when
// there is none.
func tagEnd(text string) int {
	for i := 0; i < len(text); {
		open := strings.IndexByte(text[i:], '[')
		if open < 0 {
			return 0
		}
		open += i
		end := strings.IndexByte(text[open:], ']')
		if end < 0 {
			return 0
		}
		end += open + 1
		if tag := squeeze(text[open:end]); marked(tag) || strings.Contains(tag, ".outlook.com") {
			return end
		}
		i = open + 1
	}
	return 0
}

// lineOf returns the line of the text in which the words of a row stand, and
// where it begins.
func (r *reading) lineOf(row *row) (string, int) {
	if row.want < 0 || len(r.places[row.want]) == 0 {
		return r.text, 0
	}
	place := r.places[row.want][0]
	return lineAround(r.text, int(r.at[place.from]), int(r.at[place.to-1])+1)
}

// lineAround returns the line of text[from:to], and where it begins.
func lineAround(text string, from, to int) (string, int) {
	start := strings.LastIndexByte(text[:from], '\n') + 1
	end := len(text)
	if j := strings.IndexByte(text[to:], '\n'); j >= 0 {
		end = to + j
	}
	return text[start:end], start
}

// limit cuts s to at most n bytes, at the end of a character.
func limit(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Phrases returns the words on which verdicts hang, and the names of Microsoft's
// hosts: everybody knows them, so nobody who masks secrets need mask them.
func Phrases() []string {
	words := slices.Concat(submissionHosts, microsoftDomains, []string{GreetingWords})
	for _, s := range signs.All {
		words = append(words, strings.TrimSuffix(s.Words, signs.Cut), strings.TrimSuffix(s.And, signs.Cut))
	}
	return words
}
