//go:build linux

package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view/safe"
)

// At a terminal the stop asks: with yes three more may be refused, Enter ends
// it. How far the run is stands in one line that is taken off for the rest.
func TestStopAsks(t *testing.T) {
	h := newHerd(t, 20)
	text, err := os.ReadFile(h.list)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.list, []byte(strings.ReplaceAll(string(text), ",Secret", ",Wrong-Secret")), 0o600); err != nil {
		t.Fatal(err)
	}
	x := h.atTerminal(t, h.cloud("diagnose", "--from-file", h.list, "--parallel", "1")...)
	x.shows("refused one after the other as locked or as a password that is or may be wrong: m")
	x.shows("mailboxes? Type yes: ")
	asked := len(h.Attempts())
	x.types("yes\r")
	x.shows("Type yes: ")
	more := len(h.Attempts()) - asked
	x.types("\r")
	x.shows("not-tried")
	x.ends(exitTrouble)
	if more < 3 {
		t.Errorf("%d after yes\n%s", more, x.screen())
	}
	if len(h.Attempts()) != asked+more {
		t.Error("there was another sign-in after Enter")
	}
}

func TestManyAtTerminal(t *testing.T) {
	h := newHerd(t, 100)
	h.OnRequest(func(tenantsim.Request, tenantsim.Moment) { time.Sleep(2 * time.Millisecond) }) // else it is over too soon
	x := h.atTerminal(t, h.cloud("diagnose", "--from-file", h.list, "--parallel", "1")...)
	x.shows(" of 100 done, 1 under way")
	x.shows(safe.Rewind)
	x.shows("By cause")
	x.ends(exitCause)
	if strings.Contains(x.screen()[x.read:], "under way") {
		t.Errorf("the line stayed:\n%s", x.screen())
	}
}
