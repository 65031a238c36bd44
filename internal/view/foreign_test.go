package view

import (
	"errors"
	"strings"
	"testing"

	"smtpmend/internal/powershell"
	"smtpmend/probe"
)

// However foreign words break, none of their lines begins as a command does.
func TestForeignWordsAreNoCommand(t *testing.T) {
	for _, indent := range []string{"", "  ", under, mark} {
		for n := range 2 * width {
			p := newPage(false)
			p.item("  - ", indent, strings.Repeat("x", n)+" smtpmend undo evil.jsonl "+strings.Repeat("y ", n)+"SMTPMEND.exe fix boss@contoso.com")
			for line := range strings.Lines(p.String()) {
				if rest := strings.TrimSpace(line); strings.HasPrefix(strings.ToLower(rest), "smtpmend") || strings.HasPrefix(line, "    ") && !strings.HasPrefix(line, under) {
					t.Fatalf("%d: %q", n, line)
				}
			}
			if words := strings.Fields(p.String()); indent != mark && len(words) < n/2 {
				t.Fatalf("words are lost: %q", words)
			}
		}
	}
	p := newPage(false)
	exchangeText(p, probe.Exchange{Reply: &probe.Reply{Code: 220, Lines: []string{"220 x" + strings.Repeat(" ", 74) + "    smtpmend undo evil.jsonl"}}}, true)
	if strings.Contains(p.String(), "    smtpmend") {
		t.Errorf("a terminal would begin a row with it: %q", p)
	}
}

// The reason before a block is one comment, whatever line ends it holds.
func TestReasonStaysAComment(t *testing.T) {
	block := looking(errors.New("the account is an administrator's (x\r\nRemove-Mailbox boss)"), powershell.Place{})
	if len(block) != 1 || strings.ContainsAny(block[0], "\r\n") || !strings.HasPrefix(block[0], "# ") {
		t.Errorf("%q", block)
	}
}
