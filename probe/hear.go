package probe

import (
	"fmt"
	"time"

	"smtpmend/internal/dialogue"
)

const (
	// maxHeard bounds the octets that one server may send in one probe. A
	// whole dialogue with Microsoft 365 takes less than 2000.
	maxHeard = 256 << 10
	// maxUnasked bounds the octets that are recorded of what came unasked.
	maxUnasked = 4 << 10
	// glance is how long the wire looks for more behind a whole reply, but for
	// a server nearby. What comes later shows behind the next one.
	glance = 200 * time.Microsecond
	// linger is how long it looks before a probe ends because of what a reply
	// leaves out: the reply may have been another command's.
	linger = 300 * time.Millisecond
)

// A breach is how a server left the order of the dialogue. After it no reply
// can be matched to a command, so nothing more is said or heard.
type breach struct {
	fault Fault
	words string // what the server did, to stand behind its name
}

func (b *breach) Error() string { return "the server " + b.words }

// await reads until the reply to the open line is whole, records it without
// secrets, and returns it as it came: that is what decides. The error is a
// breach or what the connection returned.
func (w *wire) await() (*Reply, error) {
	if w.breach != nil {
		return nil, w.breach
	}
	if w.open == nil {
		panic("probe: a reply is awaited that nothing asked for")
	}
	for {
		if w.heard > maxHeard {
			return nil, w.flooded(fmt.Sprintf("more than %d octets in one dialogue", maxHeard))
		}
		b, err := w.read(maxHeard + 1 - w.heard)
		reply, rest := w.reader.Feed(b)
		if w.reader.Bare && !w.noted && w.stage != nil {
			w.noted = true
			w.stage.Notes = append(w.stage.Notes, "The server ends a line with LF alone; RFC 5321 section 2.3.8 asks for CR LF.")
		}
		switch {
		case w.reader.Excess != "":
			return nil, w.flooded(w.reader.Excess)
		case reply != nil:
			w.last = reply
			w.record(reply)
			return reply, w.settle(reply, rest)
		case err != nil && w.heard <= maxHeard:
			return nil, err
		}
	}
}

// read returns what the next read of the connection yields, most octets at
// the most.
func (w *wire) read(most int) ([]byte, error) {
	buf := make([]byte, min(4096, most))
	n, err := w.Conn.Read(buf)
	w.heard += n
	return buf[:n], err
}

// settle sees to it that a reply was one, and that nothing came behind it.
func (w *wire) settle(reply *Reply, rest []byte) error {
	err := w.listen(rest, glance)
	if reply.Code == 0 {
		w.breach = &breach{FaultNotSMTP, "answered with something that is no SMTP reply."}
		return w.breach
	}
	return err
}

// listen returns a breach when the server has said something that nothing
// asked for: heard, or what comes in a while.
func (w *wire) listen(heard []byte, while time.Duration) error {
	if w.breach != nil {
		return w.breach
	}
	if heard = w.overhear(heard, while); len(heard) == 0 {
		return nil
	}
	said := w.recordUnasked(heard)
	w.breach = &breach{FaultOutOfTurn, fmt.Sprintf("spoke out of turn: %q. Its replies can no longer be matched to commands, so the probe ended here.", clip(said, 80))}
	return w.breach
}

func (w *wire) flooded(what string) error {
	w.breach = &breach{FaultFlood, fmt.Sprintf("sends more than an SMTP server does (%s), so the probe ended here.", what)}
	return w.breach
}

// overhear adds to heard what comes in a while; a glance needs no waiting where
// the server is near. An error of the connection shows again in the next read.
func (w *wire) overhear(heard []byte, while time.Duration) []byte {
	if s, ok := w.raw.(*socket); ok && s.sys != nil && while == glance {
		s.now = true
		defer func() { s.now = false }()
	} else {
		limit := w.limit
		w.until(time.Now().Add(while))
		defer w.until(limit)
	}
	for len(heard) < maxUnasked {
		b, err := w.read(maxUnasked - len(heard))
		heard = append(heard, b...)
		if err != nil {
			break
		}
	}
	return heard[:min(len(heard), maxUnasked)]
}

// record closes the open exchange with a reply, without secrets.
func (w *wire) record(reply *Reply) {
	w.open.Reply = w.hide.Reply(reply)
	w.add(*w.open)
	w.open = nil
}

// recordUnasked records what no command asked for, and returns its first
// line.
func (w *wire) recordUnasked(b []byte) (first string) {
	w.flush()
	var r dialogue.Reader
	for n := 0; len(b) > 0 && n < dialogue.MaxReplyLines; n++ {
		var reply *Reply
		if reply, b = r.Feed(b); reply == nil {
			reply = r.Rest()
		}
		reply = w.hide.Reply(reply)
		if n == 0 {
			first = reply.Line()
		}
		w.add(Exchange{Unasked: true, Reply: reply})
	}
	return first
}

// flush records what was sent or heard but not finished when the dialogue
// broke off, so that nothing learnt is lost. The dialogue is out of step then.
func (w *wire) flush() {
	w.astray = w.astray || w.open != nil
	if w.reader.Begun() {
		w.record(w.reader.Rest())
	} else if w.open != nil && w.open.Sent != "" {
		w.add(*w.open)
	}
	w.open = nil
}

func (w *wire) add(ex Exchange) {
	if w.stage == nil {
		return
	}
	ex.MS = time.Since(w.sentAt).Milliseconds()
	w.stage.Exchanges = append(w.stage.Exchanges, ex)
}
