package view

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/diagnose/words/signs"
	"smtpmend/internal/fact"
	"smtpmend/internal/inventory"
	"smtpmend/internal/listen"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// A Language is what a person reads an answer in. The English text is the key
// of every other one; what has none in the language stays English, as do JSON,
// codes, commands, PowerShell and what servers, devices and tenants said.
type Language string

// The languages. The zero value is English.
const (
	English Language = "en"
	Czech   Language = "cs"
)

// Languages lists them, the one for everybody else first.
var Languages = []Language{English, Czech}

// tables are the texts in Czech: what this package and the command say, and
// what the rooms say whose sentences come here ready made.
var tables = map[string][][2]string{
	"internal/view":        czech,
	"internal/view/report": czechDocument,
	"cmd/smtpmend":         czechCommand,
	"internal/stand":       czechStand,
	"diagnose":             diagnose.Czech,
	"diagnose/catalogue":   catalogue.Czech,
	"diagnose/words":       words.Czech,
	"diagnose/words/signs": signs.Czech,
	"internal/m365":        czechTenant,
	"internal/fact":        fact.Czech,
	"internal/inventory":   inventory.Czech,
	"internal/listen":      listen.Czech,
	"probe":                probe.Czech,
	"remediate":            remediate.Czech,
}

// inCzech is made of the tables when the first text is asked for.
var inCzech = sync.OnceValue(func() *book {
	b := &book{texts: map[string]string{}}
	for room, table := range tables {
		b.take(table, !slices.Contains([]string{"internal/view", "internal/view/report", "cmd/smtpmend"}, room))
	}
	return b
})

// Say is a sentence of ours: a format, and what is put into it. Without
// anything to put in, the text may also be a sentence that another room has
// made of a format in its table.
func (l Language) Say(format string, args ...any) string {
	switch {
	case len(args) > 0:
		return fmt.Sprintf(l.own(format), args...)
	case l == Czech:
		format, _ = inCzech().told(format)
	}
	return format
}

// own is a format in the language.
func (l Language) own(format string) string {
	if l != Czech {
		return format
	}
	text, ok := inCzech().texts[format]
	if !ok {
		return format
	}
	return text
}

// Count counts things. In the table the plural is the key, and its forms for 1,
// for 2 to 4 and for all other numbers stand one behind the other.
func (l Language) Count(n int, one, many string) string {
	word := many
	if n == 1 {
		word = one
	}
	if forms := strings.Split(l.own(many), "|"); len(forms) == 3 {
		switch {
		case n == 1:
			word = forms[0]
		case n >= 2 && n <= 4:
			word = forms[1]
		default:
			word = forms[2]
		}
	}
	return fmt.Sprintf("%d %s", n, word)
}
