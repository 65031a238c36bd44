package view

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/probe"
)

func TestSideBySide(t *testing.T) {
	said := func(name probe.StageName, sent string, lines ...string) probe.Stage {
		return probe.Stage{Name: name, Exchanges: []probe.Exchange{{Sent: sent, Reply: &probe.Reply{Lines: lines}}}}
	}
	device := []probe.Stage{
		said(probe.StageGreeting, "", "220 here"),
		{Name: probe.StageTLS},
		said(probe.StageAuth, "AUTH LOGIN ****", "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect."),
		said(probe.StageMail, "MAIL FROM:<a@contoso.com>", "530 5.7.57 no"),
	}
	service := []probe.Stage{
		{Name: probe.StageResolve, Addresses: []probe.Address{{IP: "127.0.0.1"}}},
		said(probe.StageGreeting, "", "220 there"),
		{Name: probe.StageTLS, Error: "The certificate has expired."},
	}
	p := newPage(true)
	sideBySide(p, column{"The device", p.parts(device, "TLS 1.0")}, column{"Handed on", p.parts(service, "")})
	want := `
The device                            | Handed on
                                      |
                                      | resolve
                                      |      127.0.0.1
                                      |
greeting                              | greeting
   <  220 here                        |    <  220 there
                                      |
tls                                   | tls
     TLS 1.0                          |    ! The certificate has expired.
                                      |
auth                                  |
  ~>  AUTH LOGIN ****                 |
  <~  535 5.7.139 Authentication      |
    | unsuccessful, the user          |
    | credentials were incorrect.     |
                                      |
mail                                  |
  ~>  MAIL FROM:<a@contoso.com>       |
  <~  530 5.7.57 no                   |
`
	if diff := cmp.Diff(want, "\n"+p.String()); diff != "" {
		t.Error(diff)
	}
}
