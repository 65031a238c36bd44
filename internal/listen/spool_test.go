package listen

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"smtpmend/diagnose"
	"smtpmend/internal/front"
)

// What --save takes in a run is bounded in total, over all sessions. Past it
// messages are accepted and not kept, and the person is told once.
func TestSaveIsBounded(t *testing.T) {
	const most = 5000
	dir := t.TempDir()
	var s told
	addr, reports := start(t, func(c *Config) { c.Save, c.SaveBytes, c.Tell = dir, most, s.tell })
	message := "From: " + login + "\r\n\r\n" + strings.Repeat("0123456789\r\n", 160) + "."
	var saved []string
	for i := range 3 {
		d := dial(t, addr)
		d.line()
		d.startTLS(0)
		d.cmd(signIn...)
		for range 2 {
			d.cmd(send(login)[:3]...)
			if got := d.cmd(message); !strings.HasPrefix(got, "250 ") {
				t.Errorf("told %q", got)
			}
		}
		d.cmd("QUIT")
		r := <-reports
		if saved = append(saved, r.Saved...); r.Verdict != diagnose.Healthy {
			t.Errorf("%s: %q", r.Verdict, r.Notes)
		}
		if kept := i == 0; kept == slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "A message was not kept") }) {
			t.Errorf("session %d: saved %d, notes %q", i, len(r.Saved), r.Notes)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || !slices.Equal(files, saved) {
		t.Errorf("there are %q, %v; reported were %q", files, err, saved)
	}
	var total int64
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if total > most || total == 0 {
		t.Errorf("%d octets", total)
	}
	if s.count("--save has taken all") != 1 {
		t.Errorf("told: %q", s.all)
	}
}

// Messages that wait to be handed on are bounded, too; their room comes back.
func TestWaitingIsBounded(t *testing.T) {
	b := &listener{config: Config{Forward: &Forward{}}, waits: quota{left: 10}}
	take := func(text string) error {
		_, done, err := b.take(&front.Session{ID: "0"}, &heard{}, strings.NewReader(text))
		if err == nil {
			done()
		}
		return err
	}
	if err := take("0123456789"); err != nil {
		t.Error(err)
	}
	if err := take("0123456789a"); err != errFull {
		t.Errorf("too much: %v", err)
	}
	if err := take("abcdefghij"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
