package safe

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// Hostile are characters that must not reach a terminal, by name.
var hostile = map[string]string{
	"escape": "\x1b[2J", "bell": "\a", "backspace": "\b", "carriage return": "\r", "delete": "\x7f", "NUL": "\x00",
	"C1 CSI": "\u009b31m", "C1 OSC": "\u009d0;x\u009c", "OSC": "\x1b]0;x\a",
	"bidi override": "\u202e", "bidi isolate": "\u2066", "Arabic letter mark": "\u061c",
	"zero width": "\u200b", "joiner": "\u200d", "soft hyphen": "\u00ad", "byte order mark": "\ufeff",
	"line separator": "\u2028", "tag": "\U000e0041", "variation selector": "\ufe0f", "filler": "\u3164", "private use": "\ue000",
	"no UTF-8": "\xff\xc0",
}

func TestText(t *testing.T) {
	for name, s := range hostile {
		got := Text("a" + s + "b")
		if !clean(got) || !strings.HasPrefix(got, "a") || !strings.HasSuffix(got, "b") {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, s := range []string{"Größe, 日本語, Ωμέγα", "é (combined: e\u0301)", "a — “b” …", "\ufffd"} {
		if got := Text(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	if got := Line("a  b" + strings.Repeat(" ", 70) + "\u00a0\u2003\t\n smtpmend undo"); got != "a  b smtpmend undo" {
		t.Errorf("%q", got)
	}
	if got := Text("one\r\ntwo\tthree"); got != "one  two three" {
		t.Errorf("line ends: %q", got)
	}
}

// clean is written out here so as not to ask what is tested.
func clean(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		switch {
		case r < 0x20 && r != '\n', r >= 0x7f && r < 0xa0, r == 0xad, r == 0x61c, r == 0x3164, r == 0xfeff:
			return true
		case r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xfe00 && r <= 0xfe0f, r >= 0xe000 && r <= 0xf8ff, r >= 0xe0000 && r <= 0xe0fff:
			return true
		}
		return false
	})
}

func TestJSON(t *testing.T) {
	for name, s := range hostile {
		var b bytes.Buffer
		if err := JSON(&b, map[string]string{"text": "a" + s + "\n"}); err != nil {
			t.Fatal(err)
		}
		if out := b.String(); !clean(out) || strings.Count(out, "\n") != 1 || !strings.HasSuffix(out, "\n") {
			t.Errorf("%s: %q", name, out)
		}
		var back struct{ Text string }
		want := strings.ToValidUTF8("a"+s+"\n", "\ufffd")
		if name == "no UTF-8" {
			want = "a\ufffd\ufffd\n"
		}
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Text != want {
			t.Errorf("%s: read back %q, %v", name, back.Text, err)
		}
	}
}

func TestNet(t *testing.T) {
	for name, s := range hostile {
		for _, colour := range []bool{false, true} {
			var b bytes.Buffer
			n := &Net{W: &b, Colour: colour}
			for _, one := range []byte("a" + s + "b\n") { // one octet at a time
				if _, err := n.Write([]byte{one}); err != nil {
					t.Fatal(err)
				}
			}
			if got := b.String(); !clean(got) || !strings.HasSuffix(got, "b\n") {
				t.Errorf("%s, colour %v: %q", name, colour, got)
			}
		}
	}
	const painted = "\x1b[1mbold\x1b[0m\n"
	for colour, want := range map[bool]string{true: painted, false: "\ufffd[1mbold\ufffd[0m\n"} {
		var b bytes.Buffer
		n := &Net{W: &b, Colour: colour}
		if _, err := n.Write([]byte(painted)); err != nil || b.String() != want {
			t.Errorf("colour %v: %q, %v", colour, b.String(), err)
		}
	}
}

func FuzzNet(f *testing.F) {
	for _, s := range hostile {
		f.Add(s, 1)
	}
	f.Fuzz(func(t *testing.T, s string, cut int) {
		var whole, pieces, object bytes.Buffer
		a, b := &Net{W: &whole}, &Net{W: &pieces}
		a.Write([]byte(s + "."))
		if cut = cut % (len(s) + 1); cut < 0 {
			cut = -cut
		}
		b.Write([]byte(s[:cut]))
		b.Write([]byte(s[cut:] + "."))
		if whole.String() != pieces.String() || !clean(strings.ReplaceAll(whole.String(), "\t", " ")) || !clean(Text(s)) {
			t.Errorf("%q: %q, %q", s, whole.String(), pieces.String())
		}
		if err := JSON(&object, s); err != nil || !clean(object.String()) || !json.Valid(object.Bytes()) {
			t.Errorf("%q: %q, %v", s, object.String(), err)
		}
	})
}
