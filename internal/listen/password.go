package listen

import (
	"slices"
	"strings"
	"unicode/utf8"

	"smtpmend/internal/secret"
)

// A Password is all that is kept of one: nothing of its text.
type Password struct {
	// Length counts characters.
	Length int `json:"length"`
	// Flags are words of the table of traits that fit.
	Flags []string `json:"flags"`
}

// A trait is a property of passwords that devices are known to spoil.
type trait struct {
	Flag string
	// Any of these characters shows it; "" where describe looks itself.
	Characters string
	Sentence   string
}

var traits = []trait{
	{"leading-blank", "", "The password begins with a blank, which is easily typed or pasted by mistake."},
	{"trailing-blank", "", "The password ends with a blank, which is easily typed or pasted by mistake."},
	{"not-ascii", "", "The password holds characters outside ASCII, which devices send in different encodings."},
	{"control", "", "The password holds control characters, such as a line break."},
	{"quotes", "\"'`\\", "The password holds quotes or a backslash, which some devices drop or double."},
	{"html", "<>&", "The password holds <, > or &, which some devices' web pages change."},
	{"form", "%+#", "The password holds %, + or #, which some devices' web pages decode or cut at."},
}

// describe says what may be said about a password.
func describe(s secret.Secret) Password {
	text := s.Reveal()
	p := Password{Length: utf8.RuneCountInString(text), Flags: []string{}}
	for _, t := range traits {
		if t.fits(text) {
			p.Flags = append(p.Flags, t.Flag)
		}
	}
	return p
}

func (t trait) fits(text string) bool {
	switch t.Flag {
	case "leading-blank":
		return strings.TrimLeft(text, " \t\r\n\u00a0") != text
	case "trailing-blank":
		return strings.TrimRight(text, " \t\r\n\u00a0") != text
	case "not-ascii":
		return strings.ContainsFunc(text, func(r rune) bool { return r > 126 })
	case "control":
		return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 127 })
	}
	return strings.ContainsAny(text, t.Characters)
}

// Sentences says the flags in words.
func (p Password) Sentences() []string {
	var out []string
	for _, t := range traits {
		if slices.Contains(p.Flags, t.Flag) {
			out = append(out, t.Sentence)
		}
	}
	return out
}
