package words

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/cases"
)

// check holds what must be true of every verdict on a text.
func check(t *testing.T, text string, d Meaning) {
	t.Helper()
	known := []Verdict{Healthy, Named, Unsure, Unknown, OtherProvider}
	switch {
	case !slices.Contains(known, d.Verdict):
		t.Errorf("verdict %q", d.Verdict)
	case (d.Verdict == Named) != isCause(d.Cause):
		t.Errorf("verdict %s with cause %q", d.Verdict, d.Cause)
	case d.Verdict != Unsure && len(d.Candidates) > 0:
		t.Errorf("verdict %s with candidates %v", d.Verdict, d.Candidates)
	case slices.ContainsFunc(d.Candidates, func(c Code) bool { return !isCause(c) }):
		t.Errorf("candidates without an entry: %v", d.Candidates)
	case d.Reply.Code != 0 && (d.Reply.Code < 200 || d.Reply.Code > 599):
		t.Errorf("reply code %d", d.Reply.Code)
	case len(d.Reply.Text) > maxReply || !utf8.ValidString(d.Reply.Text) || strings.ContainsAny(d.Reply.Text, "\n\r"):
		t.Errorf("reply text %q", d.Reply.Text)
	case d.Reply.Status != "" && !strings.Contains(squeeze(clean(text)), d.Reply.Status):
		t.Errorf("status %q is not in the text", d.Reply.Status)
	}
}

// FuzzText: no text, whole or broken at some column, makes the extractor panic
// or contradict itself.
func FuzzText(f *testing.F) {
	for _, c := range cases.Load(f, casesDir) {
		f.Add(c.Text, uint8(20))
	}
	f.Add("5.0.0 Client not authenticated to send mail. Error: 0010", uint8(20))
	f.Add("500 Client not authenticated to send mail. Error: 5000 1", uint8(20))
	f.Fuzz(func(t *testing.T, text string, column uint8) {
		d := Text(text)
		check(t, text, d)
		if diff := cmp.Diff(d, Text(text)); diff != "" {
			t.Errorf("the second time (-first +second):\n%s", diff)
		}
		broken := Text(wrap(text, max(8, int(column))))
		check(t, text, broken)
	})
}

// FuzzSegments: what the reply parser finds lies in the text, in order.
func FuzzSegments(f *testing.F) {
	for _, c := range cases.Load(f, casesDir) {
		f.Add(c.Text)
	}
	f.Add("535-5.7.139 a\r\n535 5.7.139 b")
	f.Add("code: 535, response: 5.7.3 x")
	f.Fuzz(func(t *testing.T, text string) {
		text = clean(text)
		end := 0
		found, _ := segments(text, nil, nil)
		for _, s := range found {
			if s.start < end || s.end < s.start || s.end > len(text) {
				t.Fatalf("segment %d:%d after %d of %d", s.start, s.end, end, len(text))
			}
			end = s.end
			if s.Code == 0 && s.Status == "" {
				t.Errorf("a reply without code and status at %d", s.start)
			}
			if r := s.reply(); len(r.Text) > maxReply {
				t.Errorf("%d bytes of text", len(r.Text))
			}
		}
	})
}

// TestTime: no text of any shape takes long: of a longer one a bounded part is
// read, and sixteen times the length takes less than a hundred times as long,
// which leaves no room for its square, 256. The least of seven runs is the one
// that other programs disturbed least.
func TestTime(t *testing.T) {
	shapes := []string{"5.7.3 ", "535 5.7.3 Authentication unsuccessful\n", "535-", "host a.b[1] ", "[", "<a ", "'+\n", "=\n", `\n`, "aadsts1 ", "&amp;",
		"connect to mx.example.net:587: Connection refused ", "errorcode: 50053 ", "errorcode: ", "Authenticated SMTP,50126\n", "expected code 235 instead of 535 "}
	for _, shape := range shapes {
		if part, whole := leastTime(shape, maxText/16), leastTime(shape, 8*maxText); whole > 100*part {
			t.Errorf("%q again and again takes %v, a sixteenth of what is read %v", shape, whole, part)
		}
	}
}

func leastTime(shape string, length int) time.Duration {
	text := strings.Repeat(shape, length/len(shape))
	least := time.Duration(math.MaxInt64)
	for range 7 {
		started := time.Now()
		Text(text)
		least = min(least, time.Since(started))
	}
	return least
}

// wrap breaks text hard after every so many characters, words or not.
func wrap(text string, column int) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n == column {
			b.WriteByte('\n')
			n = 0
		}
		b.WriteRune(r)
		n++
		if r == '\n' {
			n = 0
		}
	}
	return b.String()
}

// TestWrapping breaks every case at every column: the words may become too few
// to name the cause, but never name another one, and rarely become too few.
func TestWrapping(t *testing.T) {
	tried, kept := 0, 0
	for _, c := range cases.Load(t, casesDir) {
		whole := Text(c.Text)
		if whole.Verdict != Named && whole.Verdict != OtherProvider {
			continue
		}
		for column := 12; column < min(len(c.Text), 100); column++ {
			got := Text(wrap(c.Text, column))
			tried++
			switch {
			case got.Verdict == whole.Verdict && got.Cause == whole.Cause:
				kept++
			case got.Verdict == Named:
				t.Errorf("%s at column %d: %s turned into %s\n%s", c.Name, column, whole.Cause, got.Cause, wrap(c.Text, column))
			}
		}
	}
	if share := float64(kept) / float64(tried); share < 0.97 {
		t.Errorf("only %.3f of the verdicts survive a wrap", share)
	}
}

// TestCutting cuts every case short at every place behind its reply's code:
// what is left may say less, but never names another cause.
func TestCutting(t *testing.T) {
	for _, c := range cases.Load(t, casesDir) {
		if strings.Contains(c.Text, "235 2.7.0") {
			continue // a session, whose earlier replies tell something else
		}
		whole := Text(c.Text)
		for end := range c.Text {
			if inNumber(c.Text, end) {
				continue
			}
			got := Text(c.Text[:end])
			if got.Verdict == Named && whole.Verdict == Named && got.Cause != whole.Cause && !cutTells(whole.Cause, got.Cause) {
				t.Errorf("%s: %s turned into %s\n%q", c.Name, whole.Cause, got.Cause, c.Text[:end])
			}
			if got.Verdict == Named && whole.Verdict == OtherProvider && !c.Tagged {
				t.Errorf("%s: another provider's words turned into %s\n%q", c.Name, got.Cause, c.Text[:end])
			}
		}
	}
}

// inNumber reports whether a cut at end would leave another code or status.
func inNumber(text string, end int) bool {
	return end > 0 && isDigit(text[end]) && (isDigit(text[end-1]) || text[end-1] == '.')
}

// cutTells: the reply of MAIL FROM carries the reason behind its own words, so
// that the first half of it rightly says what the whole does not.
func cutTells(whole, got Code) bool {
	return got != whole && (got == "not-authenticated" || got == "mechanism-unsupported")
}
