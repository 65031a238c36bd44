package dialogue

import (
	"slices"
	"strings"
	"time"

	"smtpmend/internal/secret"
)

const (
	// maxRecord bounds, in octets, what a Record keeps of a dialogue, and
	// maxRecordedReply what of one reply.
	maxRecord        = 32 << 10
	maxRecordedReply = 4 << 10
	// exchangeBytes is what an exchange takes besides its text.
	exchangeBytes = 192
)

// A Record is a dialogue as the end that answers keeps it. Of a very long one
// the middle is missing: the beginning and the end tell more. The zero value
// is ready for use.
type Record struct {
	Stages []Stage
	// Omitted counts the exchanges that are missing.
	Omitted int

	size   int  // of Stages in octets, about
	asked  bool // AUTH was sent, whatever came of it
	open   bool
	opened time.Time
	lines  []string // said to the open exchange
}

// Exchanges lists the dialogue without its stages.
func (r *Record) Exchanges() []Exchange {
	var all []Exchange
	for _, stage := range r.Stages {
		all = append(all, stage.Exchanges...)
	}
	return all
}

// Hear opens the exchange of a line as the client sent it. Credentials in it
// are not kept.
func (r *Record) Hear(line string) {
	sent := secret.Mask
	if !r.Challenged() {
		sent = MaskCommand(line, r.asked)
	}
	r.asked = r.asked || isAUTH(line)
	r.Begin(sent)
}

// Challenged reports whether the client's next line answers a challenge (334).
func (r *Record) Challenged() bool {
	last := r.Last()
	return last != nil && last.Reply != nil && last.Reply.Code == 334
}

// Begin opens the exchange of a line of the client, free of secrets, in the
// stage that it belongs to.
func (r *Record) Begin(sent string) {
	r.Close()
	name := stageOf(sent, r.Stage())
	if r.Stage() != name {
		r.Stages = append(r.Stages, Stage{Name: name})
	}
	stage := &r.Stages[len(r.Stages)-1]
	stage.Exchanges = append(stage.Exchanges, Exchange{Sent: strings.Clone(sent)}) // it may be part of a long line
	r.open, r.opened = true, time.Now()
}

// Answer adds the lines of a reply to the open exchange. Only a 354 leaves it
// open: the answer to the message, which decides, comes behind.
func (r *Record) Answer(lines []string) {
	if !r.open {
		return
	}
	r.lines = append(r.lines, lines...)
	if replyCode(lines[0]) != 354 {
		r.Close()
	}
}

// Close closes the open exchange, whether it was answered or not.
func (r *Record) Close() {
	if !r.open {
		return
	}
	r.open = false
	last := r.Last()
	if len(r.lines) > 0 {
		last.Reply, last.MS = recorded(r.lines), time.Since(r.opened).Milliseconds()
		r.Stages[len(r.Stages)-1].MS += last.MS
		r.lines = nil
	}
	for r.size += last.size(); r.size > maxRecord; {
		r.dropMiddle()
	}
}

// Handshake records a TLS handshake; problem is a sentence that says why it
// failed, "" where it did not.
func (r *Record) Handshake(took time.Duration, problem string) {
	r.Close()
	r.Stages = append(r.Stages, Stage{Name: StageTLS, MS: took.Milliseconds(), Error: problem})
}

// Stage names the stage under way, "" before the first.
func (r *Record) Stage() StageName {
	if len(r.Stages) == 0 {
		return ""
	}
	return r.Stages[len(r.Stages)-1].Name
}

// Last returns the newest exchange of the stage under way, nil for none.
func (r *Record) Last() *Exchange {
	if len(r.Stages) == 0 {
		return nil
	}
	stage := &r.Stages[len(r.Stages)-1]
	if len(stage.Exchanges) == 0 {
		return nil
	}
	return &stage.Exchanges[len(stage.Exchanges)-1]
}

// Drop forgets the newest exchange, which has ended.
func (r *Record) Drop() {
	r.size -= r.Last().size()
	stage := &r.Stages[len(r.Stages)-1]
	stage.Exchanges = stage.Exchanges[:len(stage.Exchanges)-1]
}

// dropMiddle forgets an exchange in the middle of the longest stage.
func (r *Record) dropMiddle() {
	n := len(r.Stages) / 2
	for i := range r.Stages {
		if len(r.Stages[i].Exchanges) > len(r.Stages[n].Exchanges) {
			n = i
		}
	}
	stage := &r.Stages[n]
	i := len(stage.Exchanges) / 2
	r.size -= stage.Exchanges[i].size()
	r.Omitted++
	if stage.Exchanges = slices.Delete(stage.Exchanges, i, i+1); len(stage.Exchanges) == 0 {
		r.Stages = slices.Delete(r.Stages, n, n+1)
	}
}

// recorded reads the reply to one command from its lines, as many as are kept:
// the first ones and the last, which decides.
func recorded(lines []string) *Reply {
	answer := lines
	if len(lines) > 1 && replyCode(lines[0]) == 354 {
		answer = lines[1:]
	}
	reply := Parse(answer)
	reply.Lines = nil
	left := maxRecordedReply
	for i, line := range lines {
		line = line[:min(len(line), maxReplyLine)]
		if left -= len(line); left >= 0 || i == len(lines)-1 {
			reply.Lines = append(reply.Lines, line)
		}
	}
	return reply
}

// size is what an exchange takes up, in octets.
func (e *Exchange) size() int {
	n := exchangeBytes + len(e.Sent)
	if e.Reply != nil {
		for _, line := range e.Reply.Lines {
			n += len(line)
		}
	}
	return n
}
