package probe_test

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/secret"
	"smtpmend/probe"
)

// token makes an unsigned JWT, whose claims are all that is read.
func token(t testing.TB, claims map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
}

func TestTokenThatCannotWorkIsNotSent(t *testing.T) {
	const audience = "https://outlook.office365.com"
	later, ago := time.Now().Add(time.Hour).Unix(), time.Now().Add(-time.Hour).Unix()
	cert, roots := certificate(t)
	for _, tt := range []struct {
		name   string
		token  string
		fault  probe.Fault
		note   string
		extras []string
	}{
		{"good, of a user", token(t, map[string]any{"aud": audience, "scp": "SMTP.Send", "exp": later, "upn": mailbox}), "", "", nil},
		{"good, of an application", token(t, map[string]any{"aud": audience, "roles": []string{"SMTP.SendAsApp"}, "exp": later}), "", "", nil},
		{"opaque", "EwAIA", "", "The token is opaque", nil},
		{"expired", token(t, map[string]any{"aud": audience, "scp": "SMTP.Send", "exp": ago}), probe.FaultToken, "", nil},
		{"not yet valid", token(t, map[string]any{"aud": audience, "scp": "SMTP.Send", "nbf": later}), probe.FaultToken, "", nil},
		{"for Graph", token(t, map[string]any{"aud": "https://graph.microsoft.com", "scp": "SMTP.Send", "exp": later}), probe.FaultToken, "", nil},
		{"for a private cloud", token(t, map[string]any{"aud": "https://lab.example/exchange", "scp": "SMTP.Send", "exp": later}), "", "", []string{"https://lab.example/exchange/"}},
		{"without the scope", token(t, map[string]any{"aud": audience, "scp": "IMAP.AccessAsUser.All", "exp": later}), probe.FaultTokenScope, "", nil},
		{"without the role", token(t, map[string]any{"aud": audience, "roles": []string{"IMAP.AccessAsApp"}, "exp": later}), "", "its own role of that name", nil},
		{"of somebody else", token(t, map[string]any{"aud": audience, "scp": "SMTP.Send", "exp": later, "upn": "ann@contoso.com"}), "", "belongs to ann@contoso.com", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr := play(t, script(t, "C: AUTH XOAUTH2 x\nS: 235 2.7.0 Authentication successful\nC: MAIL x\nS: 250 ok\nC: RCPT x\nS: 250 ok\nC: RSET\nS: 250 ok\nC: QUIT\nS: 221 bye\n"),
				&tls.Config{Certificates: []tls.Certificate{cert}}, nil)
			if tt.fault != "" {
				addr = play(t, script(t, "C: QUIT\nS: 221 bye\n"), &tls.Config{Certificates: []tls.Certificate{cert}}, nil)
			}
			r := probe.Run(t.Context(), probe.Config{
				Server: addr, Mailbox: mailbox, Secret: secret.New(tt.token), Mechanism: "xoauth2",
				Roots: roots, Audiences: tt.extras,
			})
			if got := r.Decisive(); got.Fault != tt.fault {
				t.Fatalf("fault %q (%s), want %q", got.Fault, got.Error, tt.fault)
			}
			var notes []string
			for _, stage := range r.Stages {
				if stage.Name == probe.StageToken {
					notes = stage.Notes
				}
			}
			if all := strings.Join(notes, "\n"); !strings.Contains(all, tt.note) || tt.note == "" && all != "" {
				t.Errorf("notes %q, want %q", all, tt.note)
			}
			if tt.fault == "" && r.Outcome != probe.Accepted {
				t.Errorf("outcome %s at %s", r.Outcome, r.Stage)
			}
		})
	}
}
