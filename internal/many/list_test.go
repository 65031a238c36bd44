package many

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/secret"
)

// plain is an entry as a test writes it.
type plain struct {
	Mailbox, Password, Token, File, Server, From string
	Line                                         int
}

func plainOf(entries []Entry) []plain {
	var all []plain
	for _, e := range entries {
		p := plain{Mailbox: e.Mailbox, File: e.File, Server: e.Server, From: e.From, Line: e.Line}
		if e.Token {
			p.Token = e.Secret.Reveal()
		} else {
			p.Password = e.Secret.Reveal()
		}
		all = append(all, p)
	}
	return all
}

func TestReadList(t *testing.T) {
	tests := []struct {
		name, text string
		want       []plain
		unread     []string
	}{
		{"lines", "a@x.com\nb@x.com\n", []plain{{Mailbox: "a@x.com", Line: 1}, {Mailbox: "b@x.com", Line: 2}}, nil},
		{"lines of Windows, blanks, a comment, no end", "# ours\r\n\r\n  a@x.com \r\n\r\nb@x.com",
			[]plain{{Mailbox: "a@x.com", Line: 3}, {Mailbox: "b@x.com", Line: 5}}, nil},
		{"lines of an old Mac", "a@x.com\rb@x.com\r", []plain{{Mailbox: "a@x.com", Line: 1}, {Mailbox: "b@x.com", Line: 2}}, nil},
		{"a name that begins like a comment", "a@x.com\n#b@x.com\n", []plain{{Mailbox: "a@x.com", Line: 1}, {Mailbox: "#b@x.com", Line: 2}}, nil},
		{"every column", "mailbox,password,token,password-file,server,from\n" +
			"a@x.com,Winter 26!,,,mx.x.com:25,\nb@x.com,,eyJ0,,,c@x.com\nc@x.com,,,c.txt\n",
			[]plain{{Mailbox: "a@x.com", Password: "Winter 26!", Server: "mx.x.com:25", Line: 2},
				{Mailbox: "b@x.com", Token: "eyJ0", From: "c@x.com", Line: 3}, {Mailbox: "c@x.com", File: "c.txt", Line: 4}}, nil},
		{"Excel in Europe", "\ufeffMailbox;Password\r\na@x.com;\"a;b\"\"c\"\r\n;\r\n",
			[]plain{{Mailbox: "a@x.com", Password: `a;b"c`, Line: 2}}, nil},
		{"Excel's own line, tabs, names with underscores", "sep=\t\nPassword_File\tMAILBOX\np.txt\ta@x.com\n",
			[]plain{{Mailbox: "a@x.com", File: "p.txt", Line: 3}}, nil},
		{"Export-Csv, and columns of others", "#TYPE Selected.Microsoft.Exchange.Data\n\"DisplayName\",\"Mailbox\",\"pasword\"\n\"Scanner, 1st floor\",\"a@x.com\",\"x\"\n",
			[]plain{{Mailbox: "a@x.com", Line: 3}}, []string{"1", "3"}},
		{"a password like a comment", "password,mailbox\n#1,a@x.com\n", []plain{{Mailbox: "a@x.com", Password: "#1", Line: 2}}, nil},
		{"a header alone", "mailbox\na@x.com\n", []plain{{Mailbox: "a@x.com", Line: 2}}, nil},
		{"a column over two lines before", "mailbox,note\na@x.com,\"one\ntwo\"\nb@x.com,\n",
			[]plain{{Mailbox: "a@x.com", Line: 2}, {Mailbox: "b@x.com", Line: 4}}, []string{"2"}},
	}
	for _, tt := range tests {
		for encoding, encode := range encodings {
			list, err := ReadList(bytes.NewReader(encode(tt.text)))
			if err != nil {
				t.Errorf("%s in %s: %v", tt.name, encoding, err)
			}
			if diff := cmp.Diff(tt.want, plainOf(list.Entries)); diff != "" {
				t.Errorf("%s in %s (-want +got):\n%s", tt.name, encoding, diff)
			}
			if first := tt.want[0].Line - 1; tt.unread != nil && list.Header != first {
				t.Errorf("%s in %s: the header is line %d, not %d", tt.name, encoding, list.Header, first)
			}
			if diff := cmp.Diff(tt.unread, list.Unread); diff != "" {
				t.Errorf("%s in %s, columns (-want +got):\n%s", tt.name, encoding, diff)
			}
		}
	}
}

var encodings = map[string]func(string) []byte{
	"UTF-8":                     func(s string) []byte { return []byte(s) },
	"UTF-16LE with a mark":      func(s string) []byte { return wide("\ufeff"+strings.TrimPrefix(s, "\ufeff"), binary.LittleEndian) },
	"UTF-16BE with a mark":      func(s string) []byte { return wide("\ufeff"+strings.TrimPrefix(s, "\ufeff"), binary.BigEndian) },
	"UTF-16LE without the mark": func(s string) []byte { return wide(strings.TrimPrefix(s, "\ufeff"), binary.LittleEndian) },
	"UTF-16BE without the mark": func(s string) []byte { return wide(strings.TrimPrefix(s, "\ufeff"), binary.BigEndian) },
}

func wide(s string, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

// hidden stands in the bad lists where a password could; no error may tell it.
const hidden = "Winter-2026!"

func TestBadLists(t *testing.T) {
	tests := []struct {
		name, text string
		line       int
	}{
		{"nothing", "", 0},
		{"comments alone", "# none\n\n", 0},
		{"a header alone", "mailbox,password\n", 0},
		{"no header", "a@x.com," + hidden + "\n", 1},
		{"another header", "user;secret\na@x.com;" + hidden + "\n", 1},
		{"a word", "a@x.com\n" + hidden + "\n", 2},
		{"a password in the first line", hidden + "\n", 1},
		{"columns in the wrong order", "mailbox,password\n" + hidden + ",a@x.com\n", 2},
		{"a separator in the password", "mailbox,password\na@x.com," + hidden + ",x\n", 2},
		{"a quotation mark in the password", "mailbox,password\na@x.com," + hidden + "\"x\n", 2},
		{"a quotation mark that does not end", "mailbox,password\n\na@x.com,\"" + hidden + "\nb@x.com,\n", 3},
		{"blanks around separators", "mailbox, password\na@x.com, " + hidden + "\n", 2},
		{"a password over two lines", "mailbox,password\na@x.com,\"" + hidden + "\n\"\n", 2},
		{"two secrets", "mailbox,password,token\na@x.com," + hidden + "," + hidden + "\n", 2},
		{"a password and its file", "mailbox,password,password-file\na@x.com," + hidden + ",f\n", 2},
		{"standard input", "mailbox,password-file\na@x.com,-\n", 2},
		{"no mailbox in a row", "mailbox,password\n,\n," + hidden + "\n", 3},
		{"a column twice", "mailbox,password,Password\na@x.com," + hidden + ",\n", 1},
		{"a sender that is none", "mailbox,from\na@x.com," + hidden + "\n", 2},
		{"Latin-1", "mailbox,password\nb@x.com,x\na@x.com,W\xfcnter\n", 3},
		{"lost characters", "mailbox,password\na@x.com,W\ufffdnter\n", 0},
		{"zeros", "mailbox,password\na@x.com,\x00\n", 0},
		{"half of UTF-16", "m\x00a\x00i\x00\xd8\xd8x\x00", 0},
	}
	for _, tt := range tests {
		list, err := ReadList(strings.NewReader(tt.text))
		var bad *ListError
		switch {
		case !errors.As(err, &bad):
			t.Errorf("%s: %v, %v", tt.name, plainOf(list.Entries), err)
		case bad.Line != tt.line || strings.Contains(bad.Error(), hidden):
			t.Errorf("%s: want line %d and no password: %v", tt.name, tt.line, bad)
		}
	}
	if _, err := ReadList(strings.NewReader(strings.Repeat("a@x.com\n", maxMailboxes+1))); err == nil {
		t.Error("a list without bound")
	}
}

func TestMerge(t *testing.T) {
	s := secret.New
	tests := []struct {
		name string
		in   []Entry
		want []plain // nil: refused
	}{
		{"two spellings", []Entry{{Mailbox: "Scan@X.com"}, {Mailbox: "b@x.com"}, {Mailbox: "scan@x.COM"}},
			[]plain{{Mailbox: "Scan@X.com"}, {Mailbox: "b@x.com"}}},
		{"what the second says", []Entry{{Mailbox: "a@x.com"}, {Mailbox: "a@x.com", Secret: s("p"), Server: "h:1", From: "f@x.com", Line: 1}},
			[]plain{{Mailbox: "a@x.com", Password: "p", Server: "h:1", From: "f@x.com"}}},
		{"the same", []Entry{{Mailbox: "a@x.com", Secret: s("p"), Line: 1}, {Mailbox: "a@x.com", Secret: s("p"), Line: 2}},
			[]plain{{Mailbox: "a@x.com", Password: "p", Line: 1}}},
		{"two passwords", []Entry{{Mailbox: "a@x.com", Secret: s("p"), Line: 1}, {Mailbox: "A@x.com", Secret: s("q"), Line: 2}}, nil},
		{"a password and a token", []Entry{{Mailbox: "a@x.com", Secret: s("p"), Line: 1}, {Mailbox: "a@x.com", Secret: s("p"), Token: true, Line: 2}}, nil},
		{"a password and a file", []Entry{{Mailbox: "a@x.com", Secret: s("p"), Line: 1}, {Mailbox: "a@x.com", File: "p", Line: 2}}, nil},
		{"two servers", []Entry{{Mailbox: "a@x.com", Server: "h:1", Line: 1}, {Mailbox: "a@x.com", Server: "h:2", Line: 2}}, nil},
		{"two senders", []Entry{{Mailbox: "a@x.com", From: "h@x.com", Line: 1}, {Mailbox: "a@x.com", From: "i@x.com", Line: 2}}, nil},
	}
	for _, tt := range tests {
		got, err := Merge(tt.in)
		if diff := cmp.Diff(tt.want, plainOf(got)); diff != "" || (err == nil) != (tt.want != nil) {
			t.Errorf("%s: %v (-want +got):\n%s", tt.name, err, diff)
		}
	}
}

// Whatever a file holds: every entry is an address with at most one secret of
// one line, and an error tells nothing of what stands there.
func FuzzReadList(f *testing.F) {
	for _, seed := range []string{
		"a@x.com\n", "mailbox,password\na@x.com,\"p\"\n", "\ufeffmailbox;token\r\na@x.com;t\r\n", "sep=|\nmailbox|from\na@x.com|b@x.com",
		"#TYPE x\nmailbox,password-file\na@x.com,f\n", "m\x00a\x00", "\xfe\xff\x00a",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := ReadList(bytes.NewReader(raw))
		if err != nil {
			var bad *ListError
			if !errors.As(err, &bad) || len(list.Entries) > 0 || len(err.Error()) > 300 {
				t.Fatalf("%v, %v", list, err)
			}
			return
		}
		if len(list.Entries) == 0 {
			t.Fatal("nothing, and no error")
		}
		for _, e := range list.Entries {
			text := e.Secret.Reveal()
			if !isAddress(e.Mailbox) || e.Line < 1 || strings.ContainsAny(text, "\r\n\x00") || text != "" && e.File != "" {
				t.Fatalf("%+v", e)
			}
		}
	})
}
