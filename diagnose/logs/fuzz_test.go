package logs

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// readAll reads a file; what an event may not be fails the test.
func readAll(t *testing.T, file []byte) []Event {
	var events []Event
	lines, err := NewReader().Read("file", bytes.NewReader(file), newest, func(e Event) error {
		if e.Line < 1 || e.File != "file" || e.Verdict == "" {
			t.Errorf("an event that is none: %+v", e)
		}
		if _, err := time.Parse("2006-01-02T15:04:05Z07:00", e.Time); err != nil && e.Time != "" {
			if _, err := time.Parse("2006-01-02T15:04:05", e.Time); err != nil {
				t.Errorf("time %q is not RFC 3339: %v", e.Time, err)
			}
		}
		events = append(events, e)
		return nil
	})
	if lines < 0 {
		t.Errorf("%d lines", lines)
	}
	var format *FormatError
	if errors.As(err, &format) && (format.Format == "" || format.Advice == "") {
		t.Errorf("an error without words: %v", err)
	}
	return events
}

func addFiles(f *testing.F, pattern string) {
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		f.Fatal(pattern, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

// FuzzRead: no file, packed or not, makes the reader of any format panic.
func FuzzRead(f *testing.F) {
	addFiles(f, "testdata/files/*")
	for _, pack := range packs {
		if pack.name != "xz" && pack.name != "gz" && pack.name != "zst" {
			f.Add(pack.do(nil, mailboxOff+"\n"))
		}
	}
	f.Add([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"))
	f.Add([]byte("\xfd7zXZ\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21\x01\x16"))
	f.Add([]byte("\x28\xb5\x2f\xfd\x04\x00"))
	f.Add([]byte("BZh91AY&SY"))
	f.Fuzz(func(t *testing.T, file []byte) { readAll(t, file) })
}

// FuzzMessages: no bounce and no mbox makes its reader panic, and one message is
// at most one event.
func FuzzMessages(f *testing.F) {
	addFiles(f, "testdata/files/*.eml")
	f.Add([]byte(bounceOfPostfix))
	f.Add([]byte("From MAILER-DAEMON Fri Nov 20 08:00:01 2026\n" + bounceOfPostfix + "\nFrom a@b Fri Nov 20 08:00:01 2026\n" + bounceInJapanese))
	f.Fuzz(func(t *testing.T, file []byte) {
		head := []byte("From: MAILER-DAEMON@a\nTo: b@c.de\nDate: Fri, 20 Nov 2026 08:00:01 +0000\nSubject: x\n")
		if events := readAll(t, append(head, file...)); len(events) > 1+bytes.Count(file, []byte("From ")) {
			t.Errorf("%d events", len(events))
		}
		Bounce(string(file))
	})
}

// FuzzSignIns: no export makes its reader panic.
func FuzzSignIns(f *testing.F) {
	for _, e := range signInExports {
		f.Add([]byte(e.text))
	}
	addFiles(f, "testdata/files/*.csv")
	f.Fuzz(func(t *testing.T, file []byte) {
		readAll(t, file)
		readAll(t, append([]byte("Username,Client app,Date (UTC)\n"), file...))
		readAll(t, append([]byte(`[{"clientAppUsed":"Authenticated SMTP"},`), file...))
	})
}

// FuzzEventLog: no event log makes its reader panic.
func FuzzEventLog(f *testing.F) {
	f.Add([]byte(windowsEvents))
	f.Fuzz(func(t *testing.T, file []byte) { readAll(t, append([]byte("<Events>"), file...)) })
}

// FuzzStamp: no time makes its reader panic, and what is read is a time.
func FuzzStamp(f *testing.F) {
	for _, s := range stamps {
		f.Add([]byte(s.text), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, dayFirst bool) {
		c := &calendar{newest: newest, dayFirst: dayFirst}
		s, n := c.stampAt(text)
		if n > len(text) || n > 0 && !s.known() {
			t.Errorf("%d of %d octets are a time: %+v", n, len(text), s)
		}
		if got := c.dated(s); got.year > newest.Year()+1 && s.year == 0 {
			t.Errorf("%q is in %d", text, got.year)
		}
	})
}
