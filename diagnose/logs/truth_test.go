package logs

import (
	"bytes"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"golang.org/x/text/encoding/charmap"

	"smtpmend/diagnose/words"
)

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

var dayShapes = []struct {
	name string
	one  func(*dayFile)
}{
	{"postfix", func(f *dayFile) {
		f.noise()
		f.postfixAttempts()
		f.noise()
	}},
	{"exim", (*dayFile).eximAttempts},
	{"sendmail", (*dayFile).sendmailAttempts},
	{"msmtp", (*dayFile).msmtpAttempt},
	{"PHPMailer", (*dayFile).phpMailerAttempt},
	{"nodemailer", (*dayFile).nodemailerAttempt},
	{"smtplib", (*dayFile).smtplibAttempt},
	{"swaks", (*dayFile).swaksAttempt},
	{"curl", (*dayFile).curlAttempt},
	{"JavaMail", (*dayFile).javaMailAttempt},
	{"Exchange", (*dayFile).exchangeAttempt},
	{"IIS", (*dayFile).iisAttempt},
	{"hMailServer", (*dayFile).hMailServerAttempt},
	{"Database Mail", (*dayFile).databaseMailAttempt},
	{"Synology", (*dayFile).synologyAttempt},
	{"mailq", (*dayFile).mailqEntry},
	{"wrapped", (*dayFile).wrappedAttempt},
}

// packs are ways to keep a log.
var packs = []struct {
	name string
	do   func(*testing.T, string) []byte
}{
	{"plain", func(_ *testing.T, s string) []byte { return []byte(s) }},
	{"gz", func(t *testing.T, s string) []byte {
		return packed(t, s, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	}},
	{"xz", func(t *testing.T, s string) []byte {
		return packed(t, s, func(w io.Writer) io.WriteCloser {
			x, err := xz.NewWriter(w)
			if err != nil {
				t.Fatal(err)
			}
			return x
		})
	}},
	{"zst", func(t *testing.T, s string) []byte {
		return packed(t, s, func(w io.Writer) io.WriteCloser {
			z, err := zstd.NewWriter(w)
			if err != nil {
				t.Fatal(err)
			}
			return z
		})
	}},
	{"UTF-16", func(_ *testing.T, s string) []byte { return inUTF16("\ufeff" + s) }},
	{"UTF-16 without mark", func(_ *testing.T, s string) []byte { return inUTF16(s) }},
	{"CR LF", func(_ *testing.T, s string) []byte { return bytes.ReplaceAll([]byte(s), []byte("\n"), []byte("\r\n")) }},
	{"CR", func(_ *testing.T, s string) []byte { return bytes.ReplaceAll([]byte(s), []byte("\n"), []byte("\r")) }},
	{"Latin-1", func(_ *testing.T, s string) []byte { return append([]byte(s), "Gr\xfc\xdfe"...) }},
}

func packed(t *testing.T, s string, open func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func inUTF16(s string) []byte {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune(s)) {
		b.Write([]byte{byte(u), byte(u >> 8)})
	}
	return b.Bytes()
}

// reduced keeps of an event what the truth says.
func reduced(e Event) Event {
	e.Meaning = words.Meaning{Verdict: e.Verdict, Cause: e.Cause}
	return e
}

// TestDay reads a day of logs of every shape, kept in every way, and finds what
// was written into them: nothing twice, nothing of a stranger.
func TestDay(t *testing.T) {
	for i, shape := range dayShapes {
		t.Run(shape.name, func(t *testing.T) {
			f := &dayFile{name: shape.name, at: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC), random: rand.New(rand.NewPCG(uint64(i), 7139))}
			for range 60 {
				shape.one(f)
			}
			for _, pack := range packs {
				var got []Event
				lines, err := NewReader().Read(f.name, bytes.NewReader(pack.do(t, f.text.String())), newest, func(e Event) error {
					got = append(got, reduced(e))
					return nil
				})
				if err != nil {
					t.Fatalf("%s: %v", pack.name, err)
				}
				if want := f.line() - 1; lines != want && pack.name != "Latin-1" {
					t.Errorf("%s: %d lines, want %d", pack.name, lines, want)
				}
				if diff := cmp.Diff(f.events, got, cmpopts.IgnoreUnexported(Event{})); diff != "" {
					t.Fatalf("%s (-written +read):\n%s", pack.name, cut1(diff))
				}
			}
		})
	}
}

// TestLatin1: words in a code page are those of UTF-8.
func TestLatin1(t *testing.T) {
	const said = "Nov 20 08:00:01 srv1 app[7]: Für den SMTP-Server ist eine sichere Verbindung erforderlich, oder der Client wurde nicht authentifiziert. Die Serverantwort war: 5.7.57 Client not authenticated to send mail.\n"
	page, err := charmap.Windows1252.NewEncoder().String(said)
	if err != nil {
		t.Fatal(err)
	}
	want, got := readEvents(t, []byte(said)), readEvents(t, []byte(page))
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Event{})); diff != "" || len(want) != 1 {
		t.Errorf("%d events (-UTF-8 +Windows-1252):\n%s", len(want), diff)
	}
}

// TestDayTable reads the files of a day in one go, each kept in another way, and
// counts exactly what was written.
func TestDayTable(t *testing.T) {
	var want, got Table
	reader := NewReader()
	for i, shape := range dayShapes {
		f := &dayFile{name: shape.name, at: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC), random: rand.New(rand.NewPCG(uint64(i), 139))}
		for range 20 {
			shape.one(f)
		}
		for _, e := range f.events {
			want.Add(e)
		}
		pack := packs[i%len(packs)]
		if _, err := reader.Read(f.name, bytes.NewReader(pack.do(t, f.text.String())), newest, func(e Event) error {
			got.Add(e)
			return nil
		}); err != nil {
			t.Fatalf("%s, %s: %v", shape.name, pack.name, err)
		}
	}
	if diff := cmp.Diff(want.Rows(), got.Rows(), cmpopts.IgnoreUnexported(Row{}), cmpopts.IgnoreFields(Row{}, "First", "Last")); diff != "" {
		t.Errorf("(-written +read):\n%s", cut1(diff))
	}
	if len(got.Rows()) < 100 || got.Events < 300 {
		t.Errorf("only %d rows of %d events", len(got.Rows()), got.Events)
	}
}

// TestTableIsBounded: what has no room stands in rows without mailbox and
// device, and nothing is lost.
func TestTableIsBounded(t *testing.T) {
	var table Table
	for i := range maxRows + 500 {
		e := Event{Mailbox: itoa(i), Meaning: words.Meaning{Verdict: words.Unsure}}
		table.Add(e)
	}
	count := 0
	for _, r := range table.Rows() {
		count += r.Count
	}
	if count != maxRows+500 || table.More != 500 || len(table.Rows()) > maxRows+1 || table.Rows()[0].Mailbox != "" || table.Rows()[0].Count != 500 {
		t.Errorf("%d events, %d without room, %d rows", count, table.More, len(table.Rows()))
	}
}

// TestSessionsAreBounded: the sessions that were heard of last are kept.
func TestSessionsAreBounded(t *testing.T) {
	s := newSessions()
	first := s.of([]byte("first"))
	for i := range 3 * maxSessions {
		s.of([]byte(itoa(i)))
		if i%1000 == 0 && s.of([]byte("first")) != first {
			t.Fatalf("a session that is heard of is forgotten after %d others", i)
		}
	}
	if n := len(s.now) + len(s.before); n > maxSessions {
		t.Errorf("%d sessions are kept", n)
	}
}

func cut1(s string) string { return s[:min(len(s), 3000)] }
