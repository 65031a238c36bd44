package logs

import (
	"cmp"
	"strings"

	"smtpmend/diagnose/words"
)

// An attempt is one try to submit, of which a log may have several lines: the
// server's reply, the client's error, the result in the queue.
type attempt struct {
	ev      Event
	stamp   stamp
	session *session
	dialect *dialect
	about   string   // the mailbox of which its own lines speak
	seen    []uint64 // in what surroundings its refusal was printed
	tag     string
	thread  string // of the process that printed it
	last    int    // line
	at      int64
	ended   bool
}

// Within how many lines, and seconds, refusals can be of one attempt: in one
// session, and where nothing but the words ties them.
const (
	nearLines, nearSeconds   = 400, 60
	closeLines, closeSeconds = 60, 10
	sameMoment               = 5 // for the recipients of one message
)

// maxOpen bounds the attempts that further lines may yet belong to.
const maxOpen = 256

// add takes a refusal that was found in a record.
func (s *scanner) add(r *record) error {
	if a := s.joinable(r); a != nil {
		a.join(r)
		return nil
	}
	a := &attempt{
		ev:    Event{File: s.file, Line: r.first, Meaning: r.m},
		stamp: r.head.at, session: r.session, dialect: r.head.dialect, tag: r.tag, last: r.last, at: r.at, about: r.head.about,
		thread: r.thread(),
	}
	a.seen = append(a.seen, r.surroundings)
	a.ended = r.ends
	s.open = append(s.open, a)
	if len(s.open) >= 2*maxOpen {
		return s.emit(maxOpen)
	}
	return nil
}

// emit hands over the n oldest attempts.
func (s *scanner) emit(n int) error {
	for _, a := range s.open[:n] {
		if err := s.fn(s.finished(a)); err != nil {
			return err
		}
	}
	s.open = append(s.open[:0], s.open[n:]...)
	return nil
}

// joinable returns the attempt of which the record is another line, nil for
// none: the last one in its session, or the last of all.
func (s *scanner) joinable(r *record) *attempt {
	last := true
	for i := len(s.open) - 1; i >= max(0, len(s.open)-maxOpen); i-- {
		a := s.open[i]
		if r.first-a.last > nearLines {
			return nil
		}
		if a.session == r.session {
			if a.goesOn(r) {
				return a
			}
			return nil
		}
		if a.leadsTo(r) || last && a.tells(r) {
			return a
		}
		last = false
	}
	return nil
}

// goesOn reports whether a record of the same session is of the same attempt.
func (a *attempt) goesOn(r *record) bool {
	switch {
	case a.dialect.whole, r.first-a.last > nearLines, a.at != 0 && r.at != 0 && (r.at-a.at > nearSeconds || r.at < a.at-nearSeconds):
		return false
	case !a.agrees(r):
		return false
	case a.ended: // another recipient of the same message
		return r.ends && !a.printed(r.surroundings) && r.at-a.at <= sameMoment
	case len(a.dialect.ends) > 0:
		return true
	case a.tag != "" && r.tag != "":
		return a.tag == r.tag && (a.session.name != "" || !a.printed(r.surroundings)) || a.follows(r)
	}
	return !a.printed(r.surroundings) || a.follows(r)
}

// follows reports whether one of two replies in a connection follows from the
// other, or another mechanism was tried.
func (a *attempt) follows(r *record) bool {
	connected := a.session.name+r.session.name != "" || a.session == r.session && a.session.greeted
	return connected && a.ev.Reply.Telling() != r.m.Reply.Telling()
}

// leadsTo reports whether an attempt is what a mail server's process said, without
// a queue id, right before it gave a message back: that no connection came about.
func (a *attempt) leadsTo(r *record) bool {
	return a.dialect == r.head.dialect && len(a.dialect.ends) > 0 && a.session.name == "" && r.session.name != "" && a.thread == r.thread() &&
		r.first-a.last <= closeLines && (a.at == 0 || r.at-a.at <= closeSeconds) && a.agrees(r)
}

// thread names the process, or thread, that printed the record.
func (r *record) thread() string { return string(r.head.host) + "\x00" + string(r.head.thread) }

// tells reports whether a record that names no session tells of the attempt
// once more, or the attempt named none.
func (a *attempt) tells(r *record) bool {
	if a.dialect.whole || r.head.dialect.whole || a.session.name != "" && r.session.name != "" {
		return false
	}
	switch {
	case r.first-a.last > closeLines, a.at != 0 && r.at != 0 && r.at-a.at > closeSeconds:
		return false
	case a.tag != r.tag && a.tag != "" && r.tag != "", a.printed(r.surroundings), a.ended && !r.ends:
		return false
	case a.mailbox() != "" && r.mailbox() != "" && a.mailbox() != r.mailbox():
		return false
	}
	return a.ev.Reply.Text == r.m.Reply.Text && a.agrees(r)
}

func (a *attempt) printed(surroundings uint64) bool {
	for _, s := range a.seen {
		if s == surroundings {
			return true
		}
	}
	return false
}

// agrees reports whether two refusals can be of one attempt: they mean the
// same, or one follows from the other.
func (a *attempt) agrees(r *record) bool {
	m, o := a.ev.Meaning, r.m
	if a.session == r.session && isOwn(m) != isOwn(o) { // the client's words for what the server said
		return isOwn(o) || len(a.dialect.ends) > 0
	}
	if a.follows(r) {
		return true
	}
	return m.Verdict == o.Verdict && m.Cause == o.Cause || m.Allows(o) || o.Allows(m) || m.Verdict == words.Unknown || o.Verdict == words.Unknown
}

// isOwn reports whether the words are the client's own, without a reply.
func isOwn(m words.Meaning) bool { return m.Reply.Code == 0 && m.Reply.Status == "" }

// join adds what a further line says: of several replies the one that tells
// most counts, of several readings of one the narrower.
func (a *attempt) join(r *record) {
	m, o := a.ev.Meaning, r.m
	more := o.Reply.Telling() - m.Reply.Telling()
	if o.Verdict != words.Unknown && (isOwn(m) && !isOwn(o) || !isOwn(o) && more > 0 || m.Verdict == words.Unknown ||
		more == 0 && (o.Verdict == words.Named && m.Verdict != words.Named || m.Reply.Code == 0 && o.Reply.Code != 0)) {
		a.ev.Meaning = o
	}
	if a.session.name == "" && r.session.name != "" {
		a.session, a.dialect = r.session, r.head.dialect
	}
	if !a.stamp.known() {
		a.stamp, a.at = r.head.at, r.at
	}
	if a.tag == "" {
		a.tag = r.tag
	}
	if len(a.seen) < 32 {
		a.seen = append(a.seen, r.surroundings)
	}
	a.last, a.ended = r.last, a.ended || r.ends
}

func (a *attempt) mailbox() string { return cmp.Or(a.session.mailbox(), strings.ToLower(a.about)) }
func (r *record) mailbox() string  { return cmp.Or(r.session.mailbox(), strings.ToLower(r.head.about)) }

// finished fills in who and when.
func (s *scanner) finished(a *attempt) Event {
	e := a.ev
	sess := a.session
	e.Mailbox, e.Device, e.Session = a.mailbox(), sess.device, sess.name
	if e.Device == "" {
		e.Device = sess.hello
	}
	tagged := timeOfTag(e.Reply.Text)
	switch at := a.stamp; {
	case at.known() && at.year == 0 && tagged.known():
		e.setTime(near(at, timeOf(tagged)))
	case at.known():
		e.setTime(s.calendar.dated(at))
	default:
		e.setTime(tagged)
	}
	e.Meaning = e.Meaning.ForMechanism(sess.mechanism)
	return e
}

// tagOf returns the part of Microsoft's tag that no other connection has: "[host
// date id]", or the whole where it is but a host.
func tagOf(reply string) string {
	end := strings.LastIndexByte(reply, ']')
	if end < 0 {
		return ""
	}
	from := strings.LastIndexByte(reply[:end], '[')
	if from < 0 || !strings.Contains(strings.ToLower(reply[from:end]), "outlook.com") && strings.Count(reply[from:end], " ") != 2 {
		return ""
	}
	if strings.Count(reply[from:end], " ") < 2 {
		return "" // some clients print a host that was asked before
	}
	return reply[from+1 : end]
}

// timeOfTag reads the time out of "[host 2026-11-20T08:00:01.042Z id]".
func timeOfTag(reply string) stamp {
	parts := strings.Fields(tagOf(reply))
	if len(parts) < 2 {
		return stamp{}
	}
	at, n := (&calendar{}).stampAt([]byte(parts[1]))
	if n == 0 || at.zone == "" {
		return stamp{}
	}
	return at
}
