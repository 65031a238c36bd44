//go:build realservers

package realservers

import (
	"crypto/tls"

	"smtpmend/diagnose"
	"smtpmend/internal/secret"
	"smtpmend/probe"
)

// A trial is one probe of one of a server's ports, and what it must report.
type trial struct {
	name   string
	port   func(*site) int
	change func(*probe.Config) // nil: the right password and STARTTLS

	outcome probe.Outcome
	stage   probe.StageName
	fault   probe.Fault
	says    string           // part of the sentence about the fault
	verdict diagnose.Verdict // "" where a fault decides and no reply
	// heard is what the server's own log counts of the commands, "" for none.
	heard string
}

func good(s *site) int       { return s.Good }
func implicit(s *site) int   { return s.Implicit }
func selfSigned(s *site) int { return s.SelfSigned }
func expired(s *site) int    { return s.Expired }
func wrongName(s *site) int  { return s.WrongName }
func noTLS(s *site) int      { return s.NoTLS }
func noAuth(s *site) int     { return s.NoAuth }
func newTLS(s *site) int     { return s.NewTLS }

func tlsAtOnce(c *probe.Config)     { c.ImplicitTLS = true }
func send(c *probe.Config)          { c.Send = true }
func plain(c *probe.Config)         { c.Mechanism = probe.MechPlain }
func token(c *probe.Config)         { c.Mechanism, c.Secret = probe.MechXOAUTH2, secret.New("opaque") }
func noPassword(c *probe.Config)    { c.Secret = secret.Secret{} }
func wrongPassword(c *probe.Config) { c.Secret = secret.New("Summer-2026!") }
func oldTLS(c *probe.Config)        { c.MaxTLS = tls.VersionTLS12 }

func wrongPasswordAtOnce(c *probe.Config) { wrongPassword(c); tlsAtOnce(c) }

var trials = []trial{
	// Accepted, each in its way.
	{name: "right password", port: good,
		outcome: probe.Accepted, stage: probe.StageRcpt, verdict: diagnose.Healthy,
		heard: "auth=1 ehlo=2 mail=1 quit=1 rcpt=1 rset=1 starttls=1"},
	{name: "right password in PLAIN", port: good, change: plain,
		outcome: probe.Accepted, stage: probe.StageRcpt, verdict: diagnose.Healthy,
		heard: "auth=1 ehlo=2 mail=1 quit=1 rcpt=1 rset=1 starttls=1"},
	{name: "right password with TLS at once", port: implicit, change: tlsAtOnce,
		outcome: probe.Accepted, stage: probe.StageRcpt, verdict: diagnose.Healthy,
		heard: "auth=1 ehlo=1 mail=1 quit=1 rcpt=1 rset=1"},
	{name: "a message", port: good, change: send,
		outcome: probe.Accepted, stage: probe.StageData, verdict: diagnose.Healthy,
		heard: "auth=1 data=1 ehlo=2 mail=1 quit=1 rcpt=1 starttls=1"},

	// Refused, in words that are not Microsoft's.
	{name: "wrong password", port: good, change: wrongPassword,
		outcome: probe.Refused, stage: probe.StageAuth, verdict: diagnose.OtherProvider,
		heard: "auth=1 ehlo=2 quit=1 starttls=1"},
	{name: "wrong password with TLS at once", port: implicit, change: wrongPasswordAtOnce,
		outcome: probe.Refused, stage: probe.StageAuth, verdict: diagnose.OtherProvider,
		heard: "auth=1 ehlo=1 quit=1"},
	{name: "a mechanism that is not offered", port: good, change: token,
		outcome: probe.Refused, stage: probe.StageAuth, verdict: diagnose.OtherProvider,
		heard: "auth=1 ehlo=2 quit=1 starttls=1"},
	{name: "no sign-in", port: good, change: noPassword,
		outcome: probe.Refused, stage: probe.StageRcpt, verdict: diagnose.OtherProvider,
		heard: "ehlo=2 mail=1 quit=1 rcpt=1 starttls=1"},

	// Certificates and versions: no AUTH is heard after any of them.
	{name: "self-signed", port: selfSigned,
		outcome: probe.Failed, stage: probe.StageTLS, fault: probe.FaultCertificate,
		says: "from an issuer that this machine does not trust", heard: "ehlo=1 starttls=1"},
	{name: "expired", port: expired,
		outcome: probe.Failed, stage: probe.StageTLS, fault: probe.FaultCertificate,
		says: "has expired", heard: "ehlo=1 starttls=1"},
	{name: "for another name", port: wrongName,
		outcome: probe.Failed, stage: probe.StageTLS, fault: probe.FaultCertificate,
		says: "is not for 127.0.0.1", heard: "ehlo=1 starttls=1"},
	{name: "no TLS version in common", port: newTLS, change: oldTLS,
		outcome: probe.Failed, stage: probe.StageTLS, fault: probe.FaultTLSVersion,
		says: "no TLS version in common", heard: "ehlo=1 starttls=1"},

	// What is missing, or expected in another order.
	{name: "no STARTTLS", port: noTLS,
		outcome: probe.Failed, stage: probe.StageSTARTTLS, fault: probe.FaultNoSTARTTLS,
		says: "does not offer STARTTLS", heard: "ehlo=1 quit=1"},
	{name: "no AUTH", port: noAuth,
		outcome: probe.Failed, stage: probe.StageAuth, fault: probe.FaultNoAuth,
		says: "takes no sign-in here", heard: "ehlo=2 quit=1 starttls=1"},
	{name: "STARTTLS where TLS is expected at once", port: implicit,
		outcome: probe.Failed, stage: probe.StageGreeting, fault: probe.FaultTLSExpected,
		says: "expects TLS at once"},
	{name: "TLS at once where STARTTLS is expected", port: good, change: tlsAtOnce,
		outcome: probe.Failed, stage: probe.StageTLS, fault: probe.FaultPlainExpected,
		says: "expects STARTTLS first"},
}
