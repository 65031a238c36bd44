package front

import (
	"crypto/tls"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// collector reads messages. It counts without a lock: the race detector tells
// when a call runs beside another one of the same session.
type collector struct {
	keeper
	calls    *int
	messages *[]string
}

func (b collector) Message(_ *Session, r io.Reader) Reply {
	*b.calls++
	text, err := io.ReadAll(r)
	*b.calls++
	if err != nil {
		*b.messages = append(*b.messages, "(broken off)")
		return Reply{Code: 451, Text: "the backend's own"}
	}
	*b.messages = append(*b.messages, string(text))
	return Reply{Code: 250, Text: "took " + strconv.Quote(string(text))}
}

// collecting returns a config, the sessions it ends and the messages of them,
// which are complete once the session has ended.
func collecting(t *testing.T) (cfg Config, sessions chan *Session, messages *[]string) {
	cfg, sessions = ended(t)
	b := collector{calls: new(int), messages: new([]string)}
	cfg.Backend = b
	cfg.OnSender = func(*Session) { *b.calls++ }
	tell := cfg.OnEnded
	cfg.OnEnded = func(s *Session) {
		*b.calls++
		tell(s)
	}
	return cfg, sessions, b.messages
}

// envelope goes from the greeting to the accepted recipient.
func envelope(c *client) {
	signIn(c, &tls.Config{}, "right")
	c.cmd("MAIL FROM:<a@contoso.com> BODY=BINARYMIME")
	c.cmd("RCPT TO:<b@example.com>")
}

func TestBDAT(t *testing.T) {
	const again = "MAIL FROM:<a@contoso.com>\r\nRCPT TO:<b@example.com>\r\n"
	for _, tt := range []struct {
		name     string
		send     string
		replies  []string // as far as they are here
		messages []string
	}{
		{"one chunk", "BDAT 5 LAST\r\nhello", []string{`250 took "hello"`}, []string{"hello"}},
		{"chunks", "BDAT 2\r\nheBDAT 0\r\nBDAT 3\r\n\r\n.BDAT 0 LAST\r\n",
			[]string{"250 2.6.0 CHUNK", "250 2.6.0 CHUNK", "250 2.6.0 CHUNK", `250 took "he\r\n."`}, []string{"he\r\n."}},
		{"a chunk that looks like commands", "BDAT 13 LAST\r\nRSET\r\nQUIT\r\n\x00NOOP\r\n", []string{`250 took "RSET\r\nQUIT\r\n\x00"`}, []string{"RSET\r\nQUIT\r\n\x00"}},
		{"NOOP between", "BDAT 2\r\nheNOOP\r\nBDAT 3 LAST\r\nllo", []string{"250 2.6.0", "250 2.0.0 OK", `250 took "hello"`}, []string{"hello"}},
		{"wrong between", "BDAT 2\r\nheBDAT x\r\nBDAT 3 LAST\r\nllo", []string{"250 2.6.0", "501 5.5.4", `250 took "hello"`}, []string{"hello"}},
		{"broken off", "BDAT 2\r\nheRSET\r\nBDAT 3 LAST\r\nllo", []string{"250 2.6.0", "250 2.0.0 Resetting", "503 5.5.2 Need rcpt"}, []string{"(broken off)"}},
		{"the next one", "BDAT 2\r\nheRSET\r\n" + again + "BDAT 3 LAST\r\nllo", []string{"250 2.6.0", "250 2.0.0", "250 2.1.0", "250 2.1.5", `250 took "llo"`}, []string{"(broken off)", "llo"}},
		{"an unknown command", "BDAT 2\r\nheXYZZY\r\nDATA\r\n", []string{"250 2.6.0", "500 5.3.3", "503 5.5.2 "}, []string{"(broken off)"}},
		{"two messages", "BDAT 1 LAST\r\na" + again + "BDAT 1 LAST\r\nb", []string{`250 took "a"`, "250 2.1.0", "250 2.1.5", `250 took "b"`}, []string{"a", "b"}},
		{"DATA after it", "BDAT 1 LAST\r\na" + again + "DATA\r\n.\r\n", []string{`250 took "a"`, "250 2.1.0", "250 2.1.5", "354 ", `250 took ""`}, []string{"a", ""}},
		{"too large", "BDAT 21 LAST\r\n" + strings.Repeat("x", 21) + "NOOP\r\n", []string{"552 5.3.4", "250 2.0.0 OK"}, nil},
		{"too large together", "BDAT 20\r\n" + strings.Repeat("x", 20) + "BDAT 1 LAST\r\nxNOOP\r\n", []string{"250 2.6.0", "552 5.3.4", "250 2.0.0 OK"}, []string{"(broken off)"}},
		{"wrong", "BDAT\r\nBDAT 1 FIRST\r\nBDAT 1 LAST x\r\nBDAT -1\r\nBDAT 1 LAST\r\na", []string{"501", "501", "501", "501", `250 took "a"`}, []string{"a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, sessions, messages := collecting(t)
			cfg.Limits.MessageBytes = 20
			c := dial(t, start(t, cfg))
			envelope(c)
			c.send(tt.send)
			for _, want := range tt.replies {
				if got := c.line(); !strings.HasPrefix(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			c.conn.Close()
			<-sessions
			if diff := cmp.Diff(tt.messages, *messages); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A message that is broken off never runs beside what comes after it, nor is
// its reply taken for that of the next one.
func TestBrokenOffAndAgain(t *testing.T) {
	cfg, sessions, messages := collecting(t)
	c := dial(t, start(t, cfg))
	envelope(c)
	for range 40 {
		c.send("BDAT 2\r\nhe")
		c.line()
		c.cmd("RSET")
		c.cmd("MAIL FROM:<a@contoso.com>")
		c.cmd("RCPT TO:<b@example.com>")
		c.send("BDAT 2 LAST\r\nok")
		if got := c.line(); got != `250 took "ok"` {
			t.Fatalf("got %q", got)
		}
		c.cmd("MAIL FROM:<a@contoso.com>")
		c.cmd("RCPT TO:<b@example.com>")
	}
	c.conn.Close()
	<-sessions
	if len(*messages) != 80 {
		t.Errorf("%d messages", len(*messages))
	}
}

func TestTransferIsLeft(t *testing.T) {
	for range 20 {
		for _, sent := range []string{"BDAT 10\r\nhalf", "BDAT 4\r\nfull", "BDAT 10 LAST\r\nhalf"} {
			cfg, sessions, messages := collecting(t)
			c := dial(t, start(t, cfg))
			envelope(c)
			c.send(sent)
			c.conn.Close()
			s := <-sessions
			if s.End != EndLeft || s.Unfinished != 0 || len(*messages) != 1 || (*messages)[0] != "(broken off)" {
				t.Fatalf("%q: ended %q, messages %q", sent, s.End, *messages)
			}
		}
	}
}

func TestServerClosedInTransfer(t *testing.T) {
	for range 20 {
		cfg, sessions, messages := collecting(t)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s := New(cfg)
		go s.Serve(l)
		c := dial(t, l.Addr().String())
		envelope(c)
		c.cmd("BDAT 4\r\nhe")
		c.send("BDAT 10\r\nhalf")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s := <-sessions; s.End != EndClosed || len(*messages) != 1 {
			t.Fatalf("ended %q, messages %q", s.End, *messages)
		}
	}
}

// A backend that panics ends its own session only.
type panicking struct{ keeper }

func (panicking) Message(*Session, io.Reader) Reply { panic("no") }

func TestPanicInTransfer(t *testing.T) {
	cfg, sessions := ended(t)
	cfg.Backend = panicking{}
	addr := start(t, cfg)
	c := dial(t, addr)
	envelope(c)
	if got := c.cmd("BDAT 1 LAST\r\na"); !strings.HasPrefix(got, "451 4.7.0 Temporary server error") {
		t.Errorf("got %q", got)
	}
	<-sessions
	if got := dial(t, addr).line(); !strings.HasPrefix(got, "220 ") {
		t.Errorf("afterwards: %q", got)
	}
}

// Full chunks are parts of a message and not commands; the record keeps the
// newest of them.
func TestManyChunks(t *testing.T) {
	cfg, sessions, messages := collecting(t)
	cfg.Limits.Commands = 20
	c := dial(t, start(t, cfg))
	envelope(c)
	chunk := strings.Repeat("0123456789abcde\n", fullChunk/16)
	for range 100 {
		c.send("BDAT 1024\r\n" + chunk)
		if got := c.line(); !strings.HasPrefix(got, "250 2.6.0") {
			t.Fatalf("got %q", got)
		}
	}
	c.send("BDAT 0 LAST\r\n")
	if got := c.line(); !strings.HasPrefix(got, "250 took") {
		t.Errorf("got %q", got)
	}
	c.conn.Close()
	if s := <-sessions; len(s.Exchanges()) > 15 || s.Last().Sent != "BDAT 0 LAST" {
		t.Errorf("%d exchanges", len(s.Exchanges()))
	}
	if got := (*messages)[0]; len(got) != 100*fullChunk {
		t.Errorf("%d octets", len(got))
	}
}
