// Package probe tries to submit mail the way a device does and records the
// whole dialogue.
//
// It concludes nothing: whatever the network, TLS or the server did is in the
// Report, not in an error, and what it means is package diagnose's business.
// It never retries, never sends a password outside verified TLS or twice, and
// never keeps a password or token in what it recorded. What a server says
// counts only when it is whole and was asked for; the rest is recorded too.
package probe

import (
	"slices"
	"time"

	"smtpmend/internal/dialogue"
)

// Outcome is how the dialogue ended.
type Outcome string

const (
	// Accepted: every command was accepted, up to RCPT TO or, when a message
	// was to be sent, to the end of DATA.
	Accepted Outcome = "accepted"
	// Refused: the server answered a command with a 4xx or 5xx reply.
	Refused Outcome = "refused"
	// Failed: network, TLS or the time limit ended it, or the probe itself
	// stopped because going on was not safe or could not work.
	Failed Outcome = "failed"
)

// The language of a dialogue, which other packages of smtpmend share. The
// stages stand in the order in which they happen; StageEHLO happens again
// after TLS.
type (
	Stage     = dialogue.Stage
	StageName = dialogue.StageName
	Exchange  = dialogue.Exchange
	Reply     = dialogue.Reply
	Address   = dialogue.Address
	Fault     = dialogue.Fault
)

const (
	StageResolve  = dialogue.StageResolve
	StageConnect  = dialogue.StageConnect
	StageGreeting = dialogue.StageGreeting
	StageEHLO     = dialogue.StageEHLO
	StageSTARTTLS = dialogue.StageSTARTTLS
	StageTLS      = dialogue.StageTLS
	StageToken    = dialogue.StageToken
	StageAuth     = dialogue.StageAuth
	StageMail     = dialogue.StageMail
	StageRcpt     = dialogue.StageRcpt
	StageData     = dialogue.StageData
	StageReset    = dialogue.StageReset
	StageQuit     = dialogue.StageQuit
)

// What went wrong in a stage, where no reply says it.
const (
	FaultNoSuchHost    Fault = "no-such-host"       // the name does not resolve
	FaultUnreachable   Fault = "unreachable"        // no address could be connected to
	FaultRefused       Fault = "connection-refused" // a host is there, the port is closed
	FaultTimeout       Fault = "timeout"            // nothing came in time
	FaultClosed        Fault = "closed"             // the connection ended without a reply
	FaultNotSMTP       Fault = "not-smtp"           // the bytes are no SMTP reply
	FaultTLSExpected   Fault = "tls-expected"       // the server wants TLS at once
	FaultPlainExpected Fault = "plain-expected"     // the server speaks plain text where TLS was started
	FaultNoSTARTTLS    Fault = "starttls-missing"   // STARTTLS is not among the capabilities
	FaultCertificate   Fault = "certificate"        // the certificate could not be verified
	FaultTLSVersion    Fault = "tls-version"        // no TLS version in common
	FaultHandshake     Fault = "handshake"          // the handshake failed for another reason
	FaultNoAuth        Fault = "auth-missing"       // AUTH is not among the capabilities
	FaultNoMechanism   Fault = "mechanism-missing"  // AUTH is there, the mechanism is not
	FaultToken         Fault = "token-invalid"      // the token is expired, malformed or for another service; it was not sent
	FaultTokenScope    Fault = "token-scope"        // the token may not submit mail; it was not sent
	FaultNoToken       Fault = "token-refused"      // Entra issued no token, so nothing was tried; the error is its own words
	FaultUnexpected    Fault = "unexpected-reply"   // a reply out of place, such as an unknown challenge
	FaultOutOfTurn     Fault = "out-of-turn"        // the server said something that no command asked for
	FaultFlood         Fault = "flood"              // a line, a reply or the dialogue is longer than any server's
	FaultCrashed       Fault = "crashed"            // smtpmend itself failed; Report.Crash says how
	FaultInterrupted   Fault = "interrupted"        // cancelled by the caller
)

// A Report is everything one probe saw. Its JSON form is a contract.
type Report struct {
	Schema  int       `json:"schema"`
	Mailbox string    `json:"mailbox"`
	Server  string    `json:"server"` // host:port as asked for
	Outcome Outcome   `json:"outcome"`
	Stage   StageName `json:"stage"` // the stage that decided the outcome
	Stages  []Stage   `json:"stages"`
	TLS     *TLS      `json:"tls,omitempty"`
	// Mechanism is the SASL mechanism that was used or meant: "LOGIN",
	// "PLAIN", "XOAUTH2", or "" when there was nothing to sign in with.
	Mechanism string    `json:"mechanism"`
	Started   time.Time `json:"started"`
	MS        int64     `json:"ms"`
	// Crash is the text and the stack of a panic, "" for none. It is for
	// whoever mends smtpmend, shown only when asked for.
	Crash string `json:"-"`
}

// TLS describes the session and what the server showed of itself.
type TLS struct {
	Version    string        `json:"version"`
	Cipher     string        `json:"cipher"`
	ServerName string        `json:"server_name"`
	Verified   bool          `json:"verified"`
	Error      string        `json:"error,omitempty"` // why it was not verified
	Chain      []Certificate `json:"certificates"`
}

// A Certificate is one certificate of the chain, the server's own first.
type Certificate struct {
	Subject   string    `json:"subject"`
	Issuer    string    `json:"issuer"`
	Names     []string  `json:"names,omitempty"`
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	DaysLeft  int       `json:"days_left"` // negative once expired
	SHA256    string    `json:"sha256"`    // of the DER form, hex
}

// unanswered are the faults of a stage that no reply of its decided, whatever
// was said in it before.
var unanswered = []Fault{FaultTimeout, FaultClosed, FaultInterrupted, FaultOutOfTurn, FaultFlood, FaultCrashed}

// Last returns the exchange that decided the report: the last one with a
// whole reply in the deciding stage, or nil where no reply decided.
func (r *Report) Last() *Exchange {
	stage := r.Decisive()
	if stage == nil || slices.Contains(unanswered, stage.Fault) {
		return nil
	}
	return stage.Last()
}

// Decisive returns the stage that decided the report, or nil.
func (r *Report) Decisive() *Stage {
	for i := len(r.Stages) - 1; i >= 0; i-- {
		if r.Stages[i].Name == r.Stage {
			return &r.Stages[i]
		}
	}
	return nil
}

// EndedBy reports whether fault decided the report; nil, nothing did.
func (r *Report) EndedBy(fault Fault) bool {
	if r == nil {
		return false
	}
	stage := r.Decisive()
	return stage != nil && stage.Fault == fault
}
