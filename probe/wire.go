package probe

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"smtpmend/internal/secret"
)

// errSilenced is what a write gets once the dialogue may not go on.
var errSilenced = errors.New("probe: the dialogue has ended")

// A wire is a connection that records what go-smtp's Client sends and hears.
// The client drops most of that: the greeting, the texts of good replies, the
// command that failed. Deadlines are the probe's, so the client's are ignored.
type wire struct {
	net.Conn
	stage  *Stage // where exchanges are recorded; nil records nothing
	hide   redactor
	reader replyReader

	open   *Exchange // the line sent last, until its reply is complete
	sentAt time.Time

	replay  []byte // a greeting already recorded, for a client that insists on one
	auth    bool   // AUTH is under way
	secret  bool   // the next line sent is a secret
	message bool   // a message body is being sent
	silent  bool   // nothing more may be sent
}

func (*wire) SetDeadline(time.Time) error      { return nil }
func (*wire) SetReadDeadline(time.Time) error  { return nil }
func (*wire) SetWriteDeadline(time.Time) error { return nil }

// Read hands replies to the client and records them on the way.
func (w *wire) Read(b []byte) (int, error) {
	if len(w.replay) > 0 {
		n := copy(b, w.replay)
		w.replay = w.replay[n:]
		return n, nil
	}
	n, err := w.Conn.Read(b)
	w.hear(b[:n])
	return n, err
}

// Write sends what the client says and records it. Once the wire is silent
// nothing leaves: go-smtp's client answers a final 535 with a stray "*", for
// which Microsoft 365 makes one wait five seconds.
func (w *wire) Write(b []byte) (int, error) {
	if w.silent {
		return 0, errSilenced
	}
	w.say(b)
	return w.Conn.Write(b)
}

func (w *wire) say(b []byte) {
	if w.message && w.open != nil {
		return // the body goes on in further writes
	}
	line := strings.TrimRight(string(b), "\r\n")
	switch {
	case w.message:
		line = "(message)"
	case w.secret:
		line = maskLine(line)
	default:
		line = w.hide.line(line)
	}
	w.secret = false
	w.open, w.sentAt = &Exchange{Sent: line}, time.Now()
}

// maskLine hides what follows the mechanism in an AUTH command, or the whole
// of a continuation line.
func maskLine(line string) string {
	verb, rest, _ := strings.Cut(line, " ")
	if !strings.EqualFold(verb, "AUTH") {
		return secret.Mask
	}
	mechanism, _, _ := strings.Cut(rest, " ")
	return "AUTH " + mechanism + " " + secret.Mask
}

// hear takes bytes from the server and closes the open exchange with each
// reply that they complete.
func (w *wire) hear(b []byte) {
	for len(b) > 0 {
		reply, rest := w.reader.feed(b)
		if reply == nil {
			return
		}
		w.record(reply)
		b = rest
	}
}

func (w *wire) record(reply *Reply) {
	if w.stage == nil {
		return
	}
	for i, line := range reply.Lines {
		reply.Lines[i] = w.hide.line(line)
	}
	ex := Exchange{}
	if w.open != nil {
		ex = *w.open
	}
	ex.Reply, ex.MS = reply, time.Since(w.sentAt).Milliseconds()
	w.stage.Exchanges = append(w.stage.Exchanges, ex)
	w.open = nil
	w.silent = w.silent || w.auth && reply.Code != 334 && reply.Code != 235
}

// flush records what was sent or heard but not finished when the dialogue
// broke off, so that nothing learnt is lost.
func (w *wire) flush() {
	if some, _ := w.reader.pending(); some {
		w.record(w.reader.take())
		return
	}
	if w.open != nil && w.stage != nil {
		w.open.MS = time.Since(w.sentAt).Milliseconds()
		w.stage.Exchanges = append(w.stage.Exchanges, *w.open)
		w.open = nil
	}
}

// exchange sends one line, or none for the greeting, and returns the reply.
func (w *wire) exchange(line string) (*Reply, error) {
	w.sentAt = time.Now()
	if line != "" {
		if _, err := w.Write([]byte(line + "\r\n")); err != nil {
			return nil, err
		}
	}
	return w.await()
}

// await reads until a reply is complete.
func (w *wire) await() (*Reply, error) {
	had := len(w.stage.Exchanges)
	buf := make([]byte, 4096)
	for {
		n, err := w.Conn.Read(buf)
		w.hear(buf[:n])
		if len(w.stage.Exchanges) > had {
			return w.stage.Exchanges[had].Reply, nil
		}
		if err != nil {
			return nil, err
		}
		if _, tooLong := w.reader.pending(); tooLong {
			return nil, fmt.Errorf("a reply line of more than %d octets", maxReplyLine)
		}
	}
}

// heardMore reports whether more than one reply, or part of one, came in this
// stage.
func (w *wire) heardMore() bool {
	some, _ := w.reader.pending()
	return some || len(w.stage.Exchanges) > 1
}

// greetAgain lets the next client of this wire read a greeting.
func (w *wire) greetAgain(reply *Reply) {
	var b bytes.Buffer
	for _, line := range reply.Lines {
		b.WriteString(line + "\r\n")
	}
	w.replay = b.Bytes()
}
