package probe

import (
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// An Envelope is a message with its sender and recipients. All of them must
// be accepted, or it is not sent. When Message cannot be read to its end, the
// connection is closed before the end of DATA, so that nothing is delivered.
type Envelope struct {
	From    string
	To      []string
	Message io.Reader
}

// awaited sends what Await wants sent. The context of the stages before ends
// with Timeout; what is sent gets one of its own, under parent.
func (s *session) awaited(parent, until context.Context) bool {
	if s.Mechanism == "" || s.NoSTARTTLS {
		return s.envelope(until)
	}
	s.report.Outcome = Accepted
	if !s.unwatch() {
		return true // time was up just now
	}
	e := s.Await(parent, s.report)
	ctx, cancel := context.WithTimeout(parent, s.Timeout)
	s.watch(ctx)
	defer func() {
		s.unwatch() // before cancel, or no QUIT gets through
		cancel()
	}()
	if e == nil {
		return true
	}
	s.report.Outcome = ""
	s.begin(StageMail)
	if err := s.wire.listen(nil, glance); err != nil {
		return s.step(ctx, err)
	}
	return s.transmit(ctx, *e)
}

// envelope hands over sender and recipient, and the message when it is to be
// sent.
func (s *session) envelope(ctx context.Context) bool {
	e := Envelope{From: s.From, To: []string{s.To}}
	if s.Send {
		e.Message = strings.NewReader(message(s.From, s.To, time.Now()))
		return s.transmit(ctx, e)
	}
	if !s.address(ctx, e) {
		return false
	}
	s.report.Outcome = Accepted
	s.aside(ctx, StageReset, "RSET")
	return true
}

// address hands over sender and recipients.
func (s *session) address(ctx context.Context, e Envelope) bool {
	s.begin(StageMail)
	options := &smtp.MailOptions{UTF8: !ascii(e.From + strings.Join(e.To, ""))}
	if !s.step(ctx, s.client.Mail(e.From, options)) {
		return false
	}
	s.begin(StageRcpt)
	for _, to := range e.To {
		if err := s.client.Rcpt(to, nil); err != nil {
			return s.step(ctx, err)
		}
	}
	return s.end()
}

// transmit hands over the whole of e.
func (s *session) transmit(ctx context.Context, e Envelope) bool {
	if !s.address(ctx, e) {
		return false
	}
	s.begin(StageData)
	body, err := s.client.Data()
	if err != nil {
		return s.step(ctx, err)
	}
	s.wire.message = true
	_, err = io.Copy(body, e.Message)
	if err == nil {
		err = body.Close()
	}
	s.wire.message = false
	if err == nil {
		s.report.Outcome = Accepted
	} else {
		err = cmp.Or(s.wire.listen(nil, glance), err) // what it said into the message says more
	}
	return s.step(ctx, err)
}
