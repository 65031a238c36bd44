package logs

import (
	"bytes"
	"errors"
	"html"
	"io"
	"strings"
	"time"

	"smtpmend/diagnose/words"
)

// isEventLog knows the XML in which Windows saves its event logs.
func isEventLog(sample []byte) bool {
	start := bytes.TrimLeft(sample, " \t\r\n")
	if bytes.HasPrefix(start, []byte("<?xml")) {
		_, rest, _ := bytes.Cut(start, []byte("?>"))
		start = bytes.TrimLeft(rest, " \t\r\n")
	}
	return bytes.HasPrefix(start, []byte("<Events>")) || bytes.HasPrefix(start, []byte("<Event ")) || bytes.HasPrefix(start, []byte("<Event>"))
}

const endOfEvent = "</Event>"

// maxEvent bounds what is read of an event; messages hold 32 KiB at most.
const maxEvent = 256 << 10

// readEventLog reads events, which stand on one line or on many.
func readEventLog(_ *Reader, file string, in io.Reader, newest time.Time, fn func(Event) error) (int, error) {
	buffer := make([]byte, 0, 2*maxEvent)
	line := 1
	for {
		n, err := in.Read(buffer[len(buffer):min(cap(buffer), len(buffer)+64<<10)])
		buffer = buffer[:len(buffer)+n]
		for {
			end := bytes.Index(buffer, []byte(endOfEvent))
			if end < 0 {
				break
			}
			start := max(0, bytes.Index(buffer[:end], []byte("<Event ")))
			if i := bytes.Index(buffer[:end], []byte("<Event>")); i >= 0 {
				start = i
			}
			if e, ok := windowsEvent(buffer[start:end], newest); ok {
				e.File, e.Line = file, line+bytes.Count(buffer[:start], []byte("\n"))
				if err := fn(e); err != nil {
					return line, err
				}
			}
			end += len(endOfEvent)
			line += bytes.Count(buffer[:end], []byte("\n"))
			buffer = append(buffer[:0], buffer[end:]...)
		}
		if len(buffer) == cap(buffer) { // more than any event has
			drop := len(buffer) / 2
			line += bytes.Count(buffer[:drop], []byte("\n"))
			buffer = append(buffer[:0], buffer[drop:]...)
		}
		if err != nil {
			lines := line + bytes.Count(buffer, []byte("\n"))
			if bytes.HasSuffix(buffer, []byte("\n")) {
				lines--
			}
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return lines, err
		}
	}
}

// windowsEvent reads one event.
func windowsEvent(xml []byte, newest time.Time) (e Event, ok bool) {
	if end, _ := tableHints().find(xml, 0); end < 0 {
		return e, false
	}
	said := text(xml)
	if i := strings.Index(said, "<EventData"); i >= 0 {
		said = said[i:]
	} else if i := strings.Index(said, "</System>"); i >= 0 {
		said = said[i:]
	}
	said = html.UnescapeString(strings.NewReplacer("<Data>", "\n", "</Data>", "\n", "<EventData>", "", "</EventData>", "").Replace(said))
	m, _, ok := words.InLog(said)
	if !ok {
		return e, false
	}
	s := newScanner(NewReader(), "", newest, nil)
	sess := &session{device: attribute(xml, "<Computer>", "<")}
	s.learn(sess, &line{text: []byte(said), dialect: &dialect{clues: clientClues}})
	e = Event{Mailbox: sess.mailbox(), Device: sess.device, Meaning: m}
	for _, quote := range []string{"'", `"`} {
		if at, n := s.calendar.stampAt([]byte(attribute(xml, "SystemTime="+quote, quote))); n > 0 {
			e.setTime(at)
		}
	}
	return e, true
}

// attribute returns what stands between two marks, "" when they are not there.
func attribute(xml []byte, from, to string) string {
	_, rest, ok := bytes.Cut(xml, []byte(from))
	if !ok {
		return ""
	}
	value, _, ok := bytes.Cut(rest[:min(len(rest), 300)], []byte(to))
	if !ok {
		return ""
	}
	return string(value)
}
