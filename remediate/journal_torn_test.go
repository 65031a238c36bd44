package remediate

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
)

// A torn last line is passed over, and what undo appends does not join it.
func TestTornLastLine(t *testing.T) {
	j := written(t, Intent, Applied)
	j.Close()
	whole := readFile(t, j.Path())
	first := bytes.IndexByte(whole, '\n') + 1
	for _, torn := range []string{"", "{", string(whole[first : len(whole)-1]), "\x00\x00\x00"} {
		if err := os.WriteFile(j.Path(), append(whole[:first:first], torn...), 0o600); err != nil {
			t.Fatal(err)
		}
		back, err := OpenJournal(t.Context(), j.Path())
		if err != nil {
			t.Fatalf("%q: %v", torn, err)
		}
		want := Intent
		if torn == string(whole[first:len(whole)-1]) {
			want = Applied // all of it but the end of the line
		}
		if open := back.Pending(); len(open) != 1 || open[0].State != want {
			t.Errorf("%q: %+v", torn, open)
		}
		before := readFile(t, j.Path())
		if err := errors.Join(back.mark(1, Restoring), back.mark(1, Restored), back.Close()); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(readFile(t, j.Path()), before) {
			t.Errorf("%q: something was cut off", torn)
		}
		again, err := ReadJournal(j.Path())
		if err != nil || len(again.Pending()) != 0 {
			t.Errorf("%q: after undo: %v, %+v", torn, err, again)
		}
	}
}

// After an append that failed nothing may follow it: half a line is there.
func TestJournalStopsAtTheFirstError(t *testing.T) {
	j := written(t, Intent)
	j.file.Close()
	if err := j.mark(1, Applied); err == nil {
		t.Fatal("no error")
	}
	j.file = nil // it could be opened again
	if err := j.mark(1, Applied); err == nil {
		t.Error("appended after an error")
	}
	if open := j.Pending(); len(open) != 1 || open[0].State != Intent {
		t.Errorf("state without a record: %+v", open)
	}
}

func FuzzLoad(f *testing.F) {
	line := `{"schema":1,"at":"2026-11-23T09:00:00Z","state":"intent","change":1,"tenant_id":"t","tenant":"c","mailbox":"m","who":"w",` +
		`"cause":"smtp-auth-off-org","fact":"mailbox.smtp-auth","target":"m","from":"inherit","to":"on","scope":"mailbox"}` + "\n"
	f.Add([]byte(line))
	f.Add([]byte(line + strings.Replace(line, "intent", "applied", 1)))
	f.Add([]byte(line[:50]))
	f.Fuzz(func(t *testing.T, text []byte) {
		j := &Journal{}
		if j.load(text) != nil {
			return
		}
		if j.torn != (len(text) > 0 && text[len(text)-1] != '\n') {
			t.Fatalf("torn %v", j.torn)
		}
		for _, e := range j.entries {
			if p := (Plan{Cause: e.Cause, Changes: []Change{e.Change}}); p.check() != nil {
				t.Fatalf("took over %+v", e)
			}
		}
	})
}
