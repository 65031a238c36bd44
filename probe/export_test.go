package probe

import (
	"context"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-sasl"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/secret"
)

// ShortenGreetWait makes a probe lose patience with a silent server soon.
func ShortenGreetWait(t *testing.T) {
	was := greetWait
	greetWait = 200 * time.Millisecond
	t.Cleanup(func() { greetWait = was })
}

// RunDialling is Run with another way to dial.
func RunDialling(ctx context.Context, c Config, dial func(context.Context, string, string) (net.Conn, error)) *Report {
	s := newSession(c)
	s.dial = dial
	return s.run(ctx)
}

// Hear has a wire hear b in answer to a command, in pieces of the lengths of
// cuts over and over, and returns what it records and why it heard no more.
func Hear(b, cuts []byte) ([]Exchange, string) {
	stage := &Stage{}
	w := &wire{Conn: &pieces{b: b, cuts: cuts}, stage: stage, hide: &dialogue.Masker{}}
	w.raw = w.Conn
	w.ask("NOOP")
	_, err := w.await()
	w.flush()
	for i := range stage.Exchanges {
		stage.Exchanges[i].MS = 0
	}
	return stage.Exchanges, fmt.Sprint(err)
}

// pieces is a connection that yields b.
type pieces struct {
	net.Conn
	b, cuts []byte
	next    int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.b) == 0 {
		return 0, io.EOF
	}
	most := len(b)
	if len(p.cuts) > 0 {
		most = min(most, 1+int(p.cuts[p.next%len(p.cuts)]))
		p.next++
	}
	n := copy(b[:most], p.b)
	p.b = p.b[n:]
	return n, nil
}

func (*pieces) SetReadDeadline(time.Time) error { return nil }

// SaySecrets has a wire say two lines that hold the secret, and returns what
// left.
func SaySecrets(first, second string) (sent string, err error) {
	var left written
	w := &wire{Conn: &left, hide: &dialogue.Masker{}}
	for _, line := range []string{first, second} {
		w.masked, w.secret = true, true
		_, err = w.Write([]byte(line + "\r\n"))
	}
	return left.text, err
}

// written is a connection that keeps what is written.
type written struct {
	net.Conn
	text string
}

func (w *written) Write(b []byte) (int, error) {
	w.text += string(b)
	return len(b), nil
}

// NewLogin is the sasl.Client of LOGIN.
func NewLogin(user, password string) sasl.Client {
	return &signer{Config: &Config{Mailbox: user, Secret: secret.New(password)}, wire: &wire{}}
}

// BoundAfterTimeUp returns the deadline of a wire that is given one of its
// own when the time of the dialogue is up.
func BoundAfterTimeUp() time.Time {
	conn := &dated{}
	w := &wire{Conn: conn, raw: conn}
	w.timeUp()
	w.until(time.Now().Add(time.Hour))
	return conn.deadline
}

// dated is a connection that keeps its deadline.
type dated struct {
	net.Conn
	deadline time.Time
}

func (d *dated) SetDeadline(t time.Time) error     { d.deadline = t; return nil }
func (d *dated) SetReadDeadline(t time.Time) error { d.deadline = t; return nil }
