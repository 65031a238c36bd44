package remediate

import (
	"strings"
	"testing"

	"smtpmend/diagnose/catalogue"
)

// No line of the catalogue puts a quoted name within quotes, whatever the
// mailbox is called.
func TestCatalogueLinesAreQuoted(t *testing.T) {
	for _, c := range catalogue.All() {
		for _, line := range c.PowerShell {
			for _, mailbox := range []string{"scanner@contoso.com", "o'brien@contoso.com", ""} {
				got := PowerShell(line, mailbox)
				inside := false
				for i, r := range got {
					if r != '\'' {
						continue
					}
					if inside = !inside; inside && i > 0 && !strings.ContainsRune(" =(,{'\"", rune(got[i-1])) {
						t.Errorf("%s: a quote opens behind %q: %s", c.Code, got[i-1], got)
					}
				}
				if inside || strings.Contains(got, "MAILBOX") || strings.Contains(got, "PATH") {
					t.Errorf("%s: %s", c.Code, got)
				}
			}
		}
	}
}
