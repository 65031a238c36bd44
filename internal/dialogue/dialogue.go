// Package dialogue is the language of the wire, in which both ends of a
// submission are recorded: replies, exchanges and stages, the parser that cuts
// replies out of bytes, and the masker that keeps secrets out of what is kept.
//
// It opens no connection and concludes nothing: what a reply means is package
// diagnose's business, what to say next that of whoever speaks.
package dialogue

// A Stage is one part of a dialogue. Its JSON form is part of the contracts of
// the verbs that print one.
type Stage struct {
	Name      StageName  `json:"stage"`
	MS        int64      `json:"ms"`
	Exchanges []Exchange `json:"exchanges,omitempty"`
	// Addresses lists the IP addresses tried, in order, with what became of
	// each; in StageResolve the addresses found.
	Addresses []Address `json:"addresses,omitempty"`
	// Fault and Error are set when the stage failed without a reply that says
	// why. Error is a sentence for a person.
	Fault Fault  `json:"fault,omitempty"`
	Error string `json:"error,omitempty"`
	// Notes are facts worth knowing that did not end the dialogue.
	Notes []string `json:"notes,omitempty"`
}

// Fault says, where no reply does, what went wrong in a stage. The words are
// package probe's.
type Fault string

// An Address is one address of a server.
type Address struct {
	IP    string `json:"ip"`
	MS    int64  `json:"ms"`
	Error string `json:"error,omitempty"`
}

// An Exchange is one line of the client and the reply to it. Sent is empty for
// the greeting, and for what came unasked; secrets in it are "****".
type Exchange struct {
	Sent  string `json:"sent"`
	Reply *Reply `json:"reply,omitempty"` // nil when none came
	MS    int64  `json:"ms"`
	// Unasked: no command asked for what the server said, so it counts for
	// nothing.
	Unasked bool `json:"unasked,omitempty"`
}

// A Reply is an SMTP reply as it went over the wire (RFC 5321 section 4.2).
// Lines hold the text of each line with its code and separator, without CR LF.
type Reply struct {
	// Code is 200 to 599, or 0 for what is no whole reply.
	Code int `json:"code"`
	// Status is the enhanced status code (RFC 2034, RFC 3463) of the last line
	// that has one, "" when there is none.
	Status string   `json:"status"`
	Lines  []string `json:"lines"`
	// Partial: the dialogue broke off before the end of the last line. Such a
	// reply has no code and counts for nothing.
	Partial bool `json:"partial,omitempty"`
}

// Last returns the last exchange with a whole reply that was asked for, or
// nil.
func (s *Stage) Last() *Exchange {
	for i := len(s.Exchanges) - 1; i >= 0; i-- {
		if ex := &s.Exchanges[i]; ex.Reply != nil && !ex.Reply.Partial && !ex.Unasked {
			return ex
		}
	}
	return nil
}
