// Package diagnose maps what a server said, and what the tenant says about it,
// to one cause, or to the causes that remain possible.
//
// The package is pure: it does not touch the network, the clock or any file,
// and it does not decide what to change; that is package remediate. What words
// mean is package words' knowledge, what a cause is package catalogue's.
package diagnose

import (
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
)

// Verdict says how far the words, and the tenant, settle the cause.
type Verdict = words.Verdict

// The verdicts: those of words alone, and Confirmed.
const (
	Healthy       = words.Healthy
	Named         = words.Named
	Unsure        = words.Unsure
	Unknown       = words.Unknown
	OtherProvider = words.OtherProvider
	// Confirmed: the tenant bears out what the reply said or allowed.
	Confirmed Verdict = "confirmed"
)

// Reply is the server's refusal as far as it could be read.
type Reply = words.Reply

// A Diagnosis is the answer to a text or a probe, with or without evidence.
type Diagnosis struct {
	words.Meaning
	// Told is whether the words, or the sign-in log's record of this very
	// attempt, name Cause; otherwise the tenant's settings alone do.
	Told bool
	// Also lists the other blockers that the tenant shows behind Cause.
	Also []catalogue.Code
	// Mechanism is the SASL mechanism of the probe, "" for a text or a probe
	// that did not sign in.
	Mechanism string
	// Evidence is what was read of the tenant, unread facts included.
	Evidence fact.Evidence
	// Missing lists the links of a sign-in with OAuth that the tenant shows to be
	// missing, that of Cause in front; Unseen the facts of the chain that could
	// not be read and that nothing else proved.
	Missing []catalogue.Link
	Unseen  []fact.Name
}

// Text says what a text means, without a look at the tenant.
func Text(text string) Diagnosis { return Diagnosis{Meaning: words.Text(text)} }
