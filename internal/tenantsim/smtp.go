package tenantsim

import (
	"context"
	"io"
	"net/mail"
	"strings"

	"smtpmend/internal/front"
)

// A Message is one that the submission server took.
type Message struct {
	Login string
	From  string // of the envelope
	To    []string
	Data  string
}

// backend decides over SMTP by the state that has reached it.
type backend struct{ tenant *Tenant }

var _ front.Backend = backend{}

// SignIn implements front.Backend.
func (b backend) SignIn(_ context.Context, s *front.Session, c front.Credentials) front.Reply {
	return front.Say(b.tenant.signIn(c).text, s.Flavour)
}

// Mail implements front.Backend. Who may send as whom is decided at the end
// of the message.
func (b backend) Mail(_ context.Context, s *front.Session) front.Reply {
	return front.Say(front.SenderOK, s.Flavour)
}

// Recipient implements front.Backend.
func (b backend) Recipient(_ context.Context, s *front.Session, _ string) front.Reply {
	return front.Say(front.RecipientOK, s.Flavour)
}

// Message implements front.Backend.
func (b backend) Message(_ context.Context, s *front.Session, r io.Reader) front.Reply {
	data, err := io.ReadAll(r)
	if err != nil {
		return front.Temporary
	}
	view := b.tenant.smtpView()
	for _, from := range senders(s.From, string(data)) {
		if u := view.User(s.User.Reveal()); u == nil || !u.among([]string{from}) && !contains(u.SendAs, from) {
			reply := front.Say(front.SendAsDenied, s.Flavour)
			reply.Text = strings.ReplaceAll(reply.Text, "{from}", from)
			return reply
		}
	}
	b.tenant.deliver(Message{Login: s.User.Reveal(), From: s.From, To: s.To, Data: string(data)})
	return front.Say(front.MessageOK, s.Flavour)
}

// senders are the addresses that the message claims to be from: that of the
// envelope and those of the From field.
func senders(envelope, message string) []string {
	from := []string{envelope}
	m, err := mail.ReadMessage(strings.NewReader(message))
	if err != nil {
		return from
	}
	list, _ := m.Header.AddressList("From")
	for _, a := range list {
		from = append(from, a.Address)
	}
	return from
}

func contains(list []string, address string) bool {
	for _, a := range list {
		if strings.EqualFold(a, address) {
			return true
		}
	}
	return false
}
