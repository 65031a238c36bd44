package logs

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // ISO-2022-JP and the like
	"github.com/emersion/go-message/mail"

	"smtpmend/diagnose/words"
)

// maxMessage is how much is read of a message; what a bounce says comes before
// what it returns.
const maxMessage = 1 << 20

// headerNames tell a message from other text with colons.
var headerNames = []string{
	"received", "return-path", "delivered-to", "from", "to", "date", "subject", "message-id", "mime-version", "content-type", "x-original-to",
	"authentication-results", "dkim-signature", "reply-to", "auto-submitted", "x-failed-recipients", "content-transfer-encoding", "arc-seal", "x-envelope-from",
}

// isMessage reports whether a file begins with a message's header, behind the
// line of an mbox perhaps (RFC 4155).
func isMessage(sample []byte) bool {
	if isFromLine(sample) {
		_, sample, _ = bytes.Cut(sample, []byte("\n"))
	}
	known := 0
	for l := range bytes.Lines(sample) {
		l = bytes.TrimRight(l, "\r\n")
		if len(l) == 0 {
			break
		}
		if l[0] == ' ' || l[0] == '\t' {
			continue
		}
		name, _, ok := bytes.Cut(l, []byte(":"))
		if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t") {
			return false
		}
		for _, n := range headerNames {
			if strings.EqualFold(string(name), n) {
				known++
			}
		}
	}
	return known >= 3
}

// isFromLine: "From MAILER-DAEMON Fri Nov 20 08:00:01 2026".
func isFromLine(l []byte) bool {
	rest, ok := bytes.CutPrefix(l, []byte("From "))
	if !ok {
		return false
	}
	_, date, ok := bytes.Cut(rest[:min(len(rest), 400)], []byte(" "))
	if !ok {
		return false
	}
	_, n := (&calendar{}).stampAt(bytes.TrimLeft(date, " "))
	return n > 0
}

// readMessages reads one message, or an mbox of them.
func readMessages(_ *Reader, file string, in io.Reader, newest time.Time, fn func(Event) error) (lines int, err error) {
	r := bufio.NewReaderSize(in, 64<<10)
	var one []byte
	first, many, blank := 1, false, true
	emit := func() error {
		if e, ok := bounceEvent(one); ok {
			e.File, e.Line = file, first
			return fn(e)
		}
		return nil
	}
	for {
		l, err := r.ReadSlice('\n')
		if len(l) > 0 && !errors.Is(err, bufio.ErrBufferFull) && (l[len(l)-1] == '\n' || errors.Is(err, io.EOF)) {
			lines++
		}
		if isFromLine(l) && blank && (lines == 1 || many) {
			if failed := emit(); failed != nil {
				return lines, failed
			}
			one, first, many = one[:0], lines, true
		} else if len(one)+len(l) <= maxMessage {
			if many {
				l = unquoted(l)
			}
			one = append(one, l...)
		}
		blank = len(bytes.TrimRight(l, "\r\n")) == 0
		switch {
		case err == nil, errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return lines, emit()
		default:
			if failed := emit(); failed != nil {
				return lines, failed
			}
			return lines, err
		}
	}
}

// unquoted takes the mark of an mbox off a line of a message: ">From ".
func unquoted(l []byte) []byte {
	if bytes.HasPrefix(l, []byte(">")) && bytes.HasPrefix(bytes.TrimLeft(l, ">"), []byte("From ")) {
		return l[1:]
	}
	return l
}

// Bounce says what a bounce means that is given as a whole. ok is false for any
// other text.
func Bounce(text string) (m words.Meaning, ok bool) {
	text = strings.TrimLeft(text, " \t\r\n")
	if !isMessage([]byte(text[:min(len(text), sampleSize)])) {
		return m, false
	}
	if isFromLine([]byte(text)) {
		_, text, _ = strings.Cut(text, "\n")
	}
	b := readBounce([]byte(text))
	if !b.is {
		return m, false
	}
	return b.meaning()
}

// bounceEvent returns what a message tells, when it is a bounce.
func bounceEvent(raw []byte) (e Event, ok bool) {
	if len(raw) == 0 {
		return e, false
	}
	b := readBounce(raw)
	if !b.is {
		return e, false
	}
	m, ok := b.meaning()
	e = Event{Mailbox: b.mailbox(), Device: b.device, Session: b.session, Meaning: m}
	e.setTime(b.date)
	return e, ok
}

// A bounce is what a message says of one that was not delivered.
type bounce struct {
	is       bool
	date     stamp
	to       string // to whom it goes: the sender of the message
	sender   string // the returned message's Return-Path
	author   string // its From
	device   string
	session  string
	reports  []string // what a machine is to read: RFC 3464
	told     []string // what a person is to read
	depth    int
	returned bool
}

func (b *bounce) mailbox() string {
	for _, m := range []string{b.sender, b.to, b.author} {
		if m != "" {
			return strings.ToLower(m)
		}
	}
	return ""
}

// meaning judges the report, and what a person is told where that says more.
func (b *bounce) meaning() (best words.Meaning, ok bool) {
	for _, said := range append(append([]string{}, b.reports...), b.told...) {
		m, _, found := words.InLog(said)
		if found && (!ok || rank(m) > rank(best)) {
			best, ok = m, true
		}
	}
	return best, ok
}

// rank orders meanings by how much they say.
func rank(m words.Meaning) int {
	switch m.Verdict {
	case words.Named:
		return 3
	case words.OtherProvider:
		return 2
	case words.Unsure:
		return 1
	}
	return 0
}

// readBounce takes a message apart. What is malformed is read as far as it goes.
func readBounce(raw []byte) *bounce {
	b := &bounce{}
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return b
	}
	h := mail.Header{Header: e.Header}
	kind, params, _ := h.ContentType()
	b.is = kind == "multipart/report" && (params["report-type"] == "" || params["report-type"] == "delivery-status") ||
		fromDaemon(h) || h.Get("X-Failed-Recipients") != "" || strings.TrimSpace(h.Get("Return-Path")) == "<>"
	if at, n := (&calendar{}).stampAt([]byte(strings.TrimSpace(h.Get("Date")))); n > 0 {
		b.date = at
	}
	b.to = addressOf(h, "To")
	b.part(e)
	return b
}

func fromDaemon(h mail.Header) bool {
	from := strings.ToLower(h.Get("From"))
	for _, name := range []string{"mailer-daemon", "postmaster", "microsoftexchange", "mail delivery"} {
		if strings.Contains(from, name) {
			return true
		}
	}
	return false
}

func addressOf(h mail.Header, field string) string {
	list, err := h.AddressList(field)
	if err == nil && len(list) > 0 {
		return list[0].Address
	}
	v := strings.Trim(strings.TrimSpace(h.Get(field)), "<>")
	if isAddress(v) {
		return v
	}
	return ""
}

// maxDepth bounds the parts in parts.
const maxDepth = 8

// part reads a part and those in it.
func (b *bounce) part(e *message.Entity) {
	if b.depth++; b.depth > maxDepth {
		return
	}
	defer func() { b.depth-- }()
	if parts := e.MultipartReader(); parts != nil {
		for {
			p, err := parts.NextPart()
			if p == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
				return
			}
			b.part(p)
		}
	}
	kind, _, _ := e.Header.ContentType()
	switch body := contentOfPart(e); {
	case kind == "message/delivery-status", kind == "message/global-delivery-status":
		b.report(body)
	case strings.HasPrefix(kind, "message/"), kind == "text/rfc822-headers":
		b.original(body)
	case b.returned:
	case kind == "text/html":
		b.told = append(b.told, withoutStyle(body))
	case strings.HasPrefix(kind, "text/"), kind == "":
		b.told = append(b.told, body)
		b.inWords(body)
	}
}

func contentOfPart(e *message.Entity) string {
	body, _ := io.ReadAll(io.LimitReader(e.Body, maxMessage)) // what is broken is read up to there
	return text(body)
}

// report reads the fields of a delivery-status part (RFC 3464).
func (b *bounce) report(body string) {
	fields := map[string]string{}
	body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\n ", " ")
	body = strings.ReplaceAll(body, "\n\t", " ")
	for l := range strings.Lines(body) {
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			continue
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if value = strings.TrimSpace(value); fields[name] == "" {
			fields[name] = value
		}
		if name == "diagnostic-code" {
			said := afterType(value)
			if host := afterType(fields["remote-mta"]); isFullName(host) {
				said = "host " + host + "[] said: " + said
			}
			b.reports = append(b.reports, said)
		}
	}
	b.session = fields["x-postfix-queue-id"]
	if from := afterType(fields["received-from-mta"]); from != "" {
		b.device = clientIn(strings.NewReplacer("([", " [", "])", "]").Replace(from))
	}
	if sender := afterType(fields["x-postfix-sender"]); isAddress(sender) {
		b.sender = sender
	}
}

// afterType drops the type of a field of RFC 3464: "dns; host", "smtp; 535 ...".
func afterType(v string) string {
	if kind, rest, ok := strings.Cut(v, ";"); ok && !strings.ContainsAny(kind, " .") {
		return strings.TrimSpace(rest)
	}
	return v
}

// original reads the header of the message that came back.
func (b *bounce) original(body string) {
	b.returned = true
	e, err := message.Read(strings.NewReader(strings.TrimLeft(body, "\r\n")))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		return
	}
	h := mail.Header{Header: e.Header}
	if b.sender == "" {
		b.sender = addressOf(h, "Return-Path")
	}
	b.author = addressOf(h, "From")
	if b.session == "" {
		b.session = strings.Trim(strings.TrimSpace(h.Get("Message-Id")), "<>")
	}
}

// inWords looks for the returned header in the words of the report, where
// Exchange puts it.
func (b *bounce) inWords(body string) {
	for _, mark := range []string{"Original message headers:", "Original message headers"} {
		if _, header, ok := strings.Cut(body, mark); ok {
			b.original(strings.TrimLeft(header, ":\r\n "))
			b.returned = false
			return
		}
	}
}

// withoutStyle drops what a page does not show.
func withoutStyle(html string) string {
	for _, tag := range []string{"style", "script", "head"} {
		for {
			from := indexFold([]byte(html), "<"+tag)
			if from < 0 {
				break
			}
			n := indexFold([]byte(html[from:]), "</"+tag+">")
			if n < 0 {
				html = html[:from]
				break
			}
			html = html[:from] + html[from+n+len(tag)+3:]
		}
	}
	return html
}
