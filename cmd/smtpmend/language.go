package main

import (
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"smtpmend/internal/view"
)

// languageFlag is the value of --lang.
type languageFlag view.Language

func (*languageFlag) Type() string { return "LANGUAGE" }

// String is what was chosen; English is the default and says nothing.
func (f *languageFlag) String() string { return string(*f) }

func (f *languageFlag) Set(s string) error {
	for _, l := range view.Languages {
		if strings.EqualFold(s, string(l)) {
			*f = languageFlag(l)
			return nil
		}
	}
	return fmt.Errorf("choose %s or %s", view.Languages[0], view.Languages[1])
}

// closest is the language that suits whoever has these locales, such as
// cs_CZ.UTF-8, best: English where there is none or none is known.
func closest(locales []string) view.Language {
	var wanted []language.Tag
	for _, locale := range locales {
		name, _, _ := strings.Cut(locale, ".")
		name, _, _ = strings.Cut(name, "@")
		if tag, err := language.Parse(name); err == nil && name != "C" && name != "POSIX" {
			wanted = append(wanted, tag)
		}
	}
	if len(wanted) == 0 {
		return view.English
	}
	var known []language.Tag
	for _, l := range view.Languages {
		known = append(known, language.Make(string(l)))
	}
	_, i, _ := language.NewMatcher(known).Match(wanted...)
	return view.Languages[i]
}
