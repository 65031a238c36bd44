package view

import (
	"strings"
	"testing"

	"smtpmend/diagnose"
	"smtpmend/diagnose/words"
	"smtpmend/internal/view/safe"
)

// What is missing, or cannot be written, stands in words, and next is "".
func TestNextInWords(t *testing.T) {
	for _, mailbox := range []string{"", "a&b@contoso.com", "scanner\u200b@contoso.com"} {
		for _, row := range Rows {
			if len(row.Do) == 0 || !strings.Contains(row.Do[0], "MAILBOX") {
				continue
			}
			k := of(mailbox, diagnose.Diagnosis{})
			k["JOURNAL"], k["NAME"], k["APPROVED"] = "j", "b@contoso.com", "--yes"
			words := k.fill(row.Do[0])
			if line, ok := safe.Command(words...); ok {
				t.Errorf("%q: %s", mailbox, line)
			}
			if said := k.inWords(row.Do[0]); !strings.Contains(said, "<mailbox>") {
				t.Errorf("%q: %s", mailbox, said)
			}
		}
	}
}

// Words that a shell could read another way are not pasted.
func TestHostileRepliesAreNotPasted(t *testing.T) {
	d := diagnose.Diagnosis{Meaning: words.Meaning{Verdict: diagnose.Unsure, Reply: words.Reply{Code: 535, Status: "5.7.3", Text: "Authentication \u201c unsuccessful"}}}
	if reply := of("scanner@contoso.com", d)["REPLY"]; reply != "" {
		t.Errorf("%q", reply)
	}
}
