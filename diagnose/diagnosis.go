// Package diagnose maps what a server said, and what the tenant says about it,
// to one cause, or to the causes that remain possible.
//
// The package is pure: it does not touch the network, the clock or any file,
// and it does not decide what to change; that is package remediate.
package diagnose

import "smtpmend/internal/fact"

// Code names a cause. Codes are permanent words; the table is in causes.go.
type Code string

// Verdict says how far the words, and the tenant, settle the cause.
type Verdict string

const (
	// Healthy: the server accepted; there is nothing to mend.
	Healthy Verdict = "healthy"
	// Confirmed: the tenant bears out what the reply said or allowed.
	Confirmed Verdict = "confirmed"
	// Named: the reply alone says it.
	Named Verdict = "named"
	// Unsure: several causes stand; Candidates ranks them.
	Unsure Verdict = "unsure"
	// Unknown: no row of the table knows these words.
	Unknown Verdict = "unknown"
	// OtherProvider: the words are not those of Microsoft 365.
	OtherProvider Verdict = "other-provider"
)

// A Reply is the server's refusal as far as it could be read out of a text.
// Code is the three-digit reply code (RFC 5321 section 4.2), 0 when the text
// does not show it; Status the enhanced status code (RFC 3463), "" likewise.
type Reply struct {
	Code   int    `json:"code"`
	Status string `json:"status"`
	Text   string `json:"text"`
}

// A Diagnosis is the answer to a text or a probe, with or without evidence.
type Diagnosis struct {
	Verdict Verdict
	// Cause is set for Named and Confirmed.
	Cause Code
	// Told is whether the words, or the sign-in log's record of this very
	// attempt, name Cause; otherwise the tenant's settings alone do.
	Told bool
	// Candidates holds what Unsure leaves possible, the likeliest first.
	Candidates []Code
	// Also lists the other blockers that the tenant shows behind Cause.
	Also []Code
	// Reply is the innermost refusal: a 535 nested in a 530 wins.
	Reply Reply
	// Mechanism is the SASL mechanism of the probe, "" for a text or a probe
	// that did not sign in.
	Mechanism string
	// Evidence is what was read of the tenant, unread facts included.
	Evidence fact.Evidence
	// Notes are plain sentences that qualify the verdict, for the reader.
	Notes []string
}
