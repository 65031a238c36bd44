package logs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/words"
)

func TestScanReadSizes(t *testing.T) {
	log := mailLog(300_000)
	want := scanAll(t, bytes.NewReader(log))
	if len(want) < 20 {
		t.Fatalf("%d refusals", len(want))
	}
	for name, r := range map[string]io.Reader{
		"one byte": iotest.OneByteReader(bytes.NewReader(log)),
		"half":     iotest.HalfReader(bytes.NewReader(log)),
		"with EOF": iotest.DataErrReader(bytes.NewReader(log)),
	} {
		if diff := cmp.Diff(want, scanAll(t, r)); diff != "" {
			t.Errorf("%s: (-whole +pieces):\n%s", name, diff)
		}
	}
}

func TestScanErrors(t *testing.T) {
	broken, stop := errors.New("broken"), errors.New("stop")
	calls := 0
	err := Scan(io.MultiReader(strings.NewReader(mailboxOff), iotest.ErrReader(broken)), func(int, words.Meaning) error { calls++; return nil })
	if !errors.Is(err, broken) || calls != 1 {
		t.Errorf("got %v after %d calls, want the reader's error after the refusal before it", err, calls)
	}
	long := strings.Repeat("x", 3*blockSize) + " " + mailboxOff
	for _, log := range []string{mailboxOff + "\n" + routineLine, mailboxOff, long} {
		if err := Scan(strings.NewReader(log), func(int, words.Meaning) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("got %v, want the function's error", err)
		}
	}
}

// A watchedReader repeats fill and watches the heap.
type watchedReader struct {
	fill string
	left int
	peak uint64
}

func (r *watchedReader) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(r.fill) <= len(p) {
		n += copy(p[n:], r.fill)
	}
	r.left -= n
	if r.left%(1<<20) < n {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		r.peak = max(r.peak, m.HeapInuse)
	}
	return n, nil
}

// TestScanMemory reads far more than Scan may hold: without a line end, and as
// lines that all look as if they went on.
func TestScanMemory(t *testing.T) {
	for _, fill := range []string{"x", "\x00", "\x00\n", "5.7.139 ", " folded 5.7.139\n"} {
		runtime.GC()
		var before runtime.MemStats
		runtime.ReadMemStats(&before)
		r := &watchedReader{fill: fill, left: 48 << 20}
		if strings.Contains(fill, "5.7.139") {
			r.left = 4 << 20 // every bit of it is explained
		}
		if err := Scan(io.MultiReader(strings.NewReader("x\n"), r), func(int, words.Meaning) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if grown := int64(r.peak) - int64(before.HeapInuse); grown > 32<<20 {
			t.Errorf("%q: the heap grew by %d MB", fill, grown>>20)
		}
	}
}

// mailLog is a relay's log of about size bytes; one line in fifty is a
// refusal. It is the same each time.
func mailLog(size int) []byte {
	routine := []string{
		"postfix/smtpd[1812]: connect from printer%[1]d.contoso.test[192.0.2.17]",
		"postfix/cleanup[1820]: %[2]X: message-id=<%[2]X@printer%[1]d.contoso.test>",
		"postfix/qmgr[905]: %[2]X: from=<user%[1]d@contoso.com>, size=%[1]d61, nrcpt=1 (queue active)",
		"postfix/smtp[1833]: %[2]X: to=<user%[1]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, delay=1.3, dsn=2.0.0, status=sent (250 2.0.0 OK <%[2]X@AM0PR02MB4005.eurprd02.prod.outlook.com> [Hostname=AM0PR02MB4005.eurprd02.prod.outlook.com])",
		"dovecot: imap-login: Login: user=<user%[1]d>, method=PLAIN, rip=192.0.2.17, lip=192.0.2.1, TLS, session=<%[2]X>",
	}
	refused := []string{
		"postfix/smtp[1833]: %[2]X: to=<user%[1]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, dsn=4.7.139, status=deferred (SASL authentication failed; server smtp.office365.com[192.0.2.40] said: " + tenantOff + ")",
		"postfix/smtp[1833]: %[2]X: to=<user%[1]d@contoso.com>, relay=smtp.office365.com[192.0.2.40]:587, dsn=4.7.3, status=deferred (SASL authentication failed; server smtp.office365.com[192.0.2.40] said: 535 5.7.3 Authentication unsuccessful [AM0PR02CA0134.eurprd02.prod.outlook.com 2026-11-20T08:00:01.042Z 08DE%[2]X])",
	}
	var b bytes.Buffer
	random := rand.New(rand.NewPCG(5, 7139))
	for b.Len() < size {
		forms := routine
		if random.IntN(50) == 0 {
			forms = refused
		}
		fmt.Fprintf(&b, "Nov 20 08:00:01 relay1 "+forms[random.IntN(len(forms))]+"\n", random.IntN(900)+100, random.Uint32())
	}
	return b.Bytes()
}

func BenchmarkScan(b *testing.B) {
	log := mailLog(8 << 20)
	b.SetBytes(int64(len(log)))
	for b.Loop() {
		if err := Scan(bytes.NewReader(log), func(int, words.Meaning) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
