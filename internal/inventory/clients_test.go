package inventory

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
)

const exported = "Sender address,Domain,TLS 1.0,TLS 1.1,TLS 1.2,Messages sent,Authentication Protocol\n" +
	"Scanner@contoso.com,contoso.com,0,0,100,\"1,204\",Basic\n" +
	"scanner@contoso.com,contoso.com,0,0,100,3,OAuth\n" +
	"app@contoso.com,contoso.com,0,0,100,7,OAuth\n"

func utf16(t *testing.T, text string) string {
	t.Helper()
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// However a portal writes it, the export says the same.
func TestReadClients(t *testing.T) {
	swapped := "Authentication Protocol;Messages sent;Domain;Sender address\r\nBasic;1.204;contoso.com;scanner@contoso.com\r\n" +
		"OAuth;3;contoso.com;scanner@contoso.com\r\nOAuth;7;contoso.com;app@contoso.com\r\n"
	for name, text := range map[string]string{
		"as exported":       exported,
		"with a mark":       "\ufeff" + exported,
		"UTF-16":            utf16(t, exported),
		"tabs":              strings.ReplaceAll(strings.ReplaceAll(exported, `"1,204"`, "1204"), ",", "\t"),
		"other order, CRLF": swapped,
		"words above":       "SMTP AUTH clients report\n\n" + exported,
		"blank lines":       strings.ReplaceAll(exported, "\n", "\n\n"),
	} {
		t.Run(name, func(t *testing.T) {
			c, err := ReadClients(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if got := c.take([]string{"SCANNER@contoso.com", "scanner@contoso.com"}); got.basic != 1204 || got.oauth != 3 || got.other != 0 {
				t.Errorf("scanner %+v", got)
			}
			if got := c.take([]string{"nobody@contoso.com"}); got != (sender{}) {
				t.Errorf("nobody %+v", got)
			}
			if list, more := c.unmatched(20); len(list) != 1 || list[0] != "app@contoso.com" || more != 0 {
				t.Errorf("unmatched %v, %d more", list, more)
			}
		})
	}
}

func TestReadClientsRefuses(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", `it has no column "sender"; its first line holds ""`},
		{"another export", "User,Date\na,b\n", `it has no column "sender"; its first line holds "user, date"`},
		{"no messages", "Sender address,Domain\na@b.example,b.example\n", `it has no column "Messages sent"`},
		{"a name", "Sender,Messages sent\nscanner,3\n", `line 2 names a sender that is no address: "scanner"`},
		{"a fraction", "Sender,Messages sent\na@b.example,3\nb@b.example,many\n", `line 3 has "many" for a number of messages`},
		{"less than none", "Sender,Messages sent\na@b.example,-3\n", `line 2 has "-3"`},
		{"fields without end", "Sender,Messages sent\n" + strings.Repeat(",", 600) + "x\n", "a line has 601 fields"},
	} {
		if _, err := ReadClients(strings.NewReader(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	_, err := ReadClients(&limited{strings.NewReader(exported), 40})
	if err != errTooLarge {
		t.Errorf("too large: %v", err)
	}
}

// An export from before there was a column for the protocol tells that
// something submits and not how.
func TestClientsWithoutProtocol(t *testing.T) {
	c, err := ReadClients(strings.NewReader("Sender address,Messages sent\na@b.example,5\n"))
	if err != nil {
		t.Fatal(err)
	}
	var u Used
	c.take([]string{"a@b.example"}).fill(&u)
	if u.Basic != nil || u.OAuth != nil || u.Undetermined != 5 || affected(u, nil) != nil {
		t.Errorf("%+v", u)
	}
	u = Used{}
	c.take([]string{"b@b.example"}).fill(&u)
	if u.Basic == nil || *u.Basic != 0 || u.OAuth == nil || *u.OAuth != 0 || affected(u, nil) == nil {
		t.Errorf("who is not in it: %+v", u)
	}
}

func TestReadApps(t *testing.T) {
	const head = "\ufeffReport Refresh Date,User Principal Name,Display Name,Is Deleted,SMTP App,Report Period\n"
	a, err := readApps(strings.NewReader(head +
		"2026-11-20,Ann@contoso.com,Ann,False,Undetermined,30\n2026-11-20,bob@contoso.com,\"Bob, B\",False,,30\n" +
		"2026-11-20,eve@contoso.com,Eve,False,[],30\n2026-11-20,gone@contoso.com,Gone,True,Undetermined,30\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"ann@contoso.com": "true", "bob@contoso.com": "false", "eve@contoso.com": "false", "gone@contoso.com": "open", "who@contoso.com": "open"} {
		got := "open"
		if used := a.take([]string{name}); used != nil {
			got = map[bool]string{true: "true", false: "false"}[*used]
		}
		if got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if _, err := readApps(strings.NewReader(head + "2026-11-20,0D1A2B3C4D5E6F708192A3B4C5D6E7F8,X,False,,30\n")); err != errConcealed {
		t.Errorf("concealed: %v", err)
	}
	if _, err := readApps(strings.NewReader("User Principal Name\na@b.example\n")); err == nil {
		t.Error("a report without the column is taken")
	}
}

// Whatever is given for an export: no crash, no count below zero, and what
// stays of it is no more than was in it.
func FuzzClients(f *testing.F) {
	f.Add([]byte(exported))
	f.Add([]byte("Sender;Messages sent\n\"a@b\n\n;;;\n"))
	f.Add([]byte("\xff\xfeS\x00e\x00n\x00d\x00e\x00r\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ReadClients(bytes.NewReader(data))
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") && !strings.Contains(err.Error(), `\n`) {
				t.Errorf("an error of several lines: %q", err)
			}
			return
		}
		octets := 0
		for address, s := range c.senders {
			octets += len(address)
			if s.basic < 0 || s.oauth < 0 || s.other < 0 || !strings.Contains(address, "@") {
				t.Errorf("%q: %+v", address, s)
			}
		}
		if octets > 3*len(data) {
			t.Errorf("%d octets kept of %d", octets, len(data))
		}
		c.unmatched(3)
	})
}

func FuzzApps(f *testing.F) {
	f.Add([]byte("User Principal Name,SMTP App\na@b,Undetermined\nb@b,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := readApps(bytes.NewReader(data))
		if err != nil {
			return
		}
		for name := range a.byName {
			if !strings.Contains(name, "@") || name != strings.ToLower(name) {
				t.Errorf("%q", name)
			}
		}
	})
}
