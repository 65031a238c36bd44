//go:build linux

package main

import (
	"path/filepath"
	"testing"
)

// A terminal speaks the language of its locale; the word that approves stays.
func TestLanguageOfATerminal(t *testing.T) {
	w := newWorld(t, scenario(t, "smtp-auth-off-mailbox"))
	w.env["LC_MESSAGES"], w.env["LANG"] = "cs_CZ.UTF-8", "en_US.UTF-8"
	before, journals := w.State(), filepath.Join(w.dir, "journals")
	x := w.atTerminal(t, w.asking(journals)...)
	x.shows("Plán: Zapnout SMTP AUTH pro tuto poštovní schránku")
	x.shows("Pro provedení změny napište „yes“")
	x.shows("nic se nezmění: ")
	x.types("ano\n")
	x.shows(`"ano" není "yes"`)
	x.shows("nic se nezmění: ")
	x.types("yes\n")
	x.shows("může odesílat přes")
	x.shows("Vrácení zpět")
	x.ends(exitOK)
	w.undoes(t, journals, before)
}
