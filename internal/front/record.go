package front

import (
	"strings"
	"time"

	"smtpmend/internal/dialogue"
)

// begin opens the exchange of a command, or of the greeting, in the stage that
// it belongs to.
func (c *conn) begin(sent string) {
	c.finish()
	s := c.session
	if c.transfer != nil && isBDAT(sent) {
		s.dropChunk() // of a message's chunks the newest is kept
	}
	if s.recorded >= maxExchanges {
		return
	}
	s.recorded++
	stage := s.stage(dialogue.StageOf(sent, s.newest()))
	stage.Exchanges = append(stage.Exchanges, dialogue.Exchange{Sent: sent})
	c.open, c.opened = true, time.Now()
}

// newest names the stage under way, "" before the first.
func (s *Session) newest() dialogue.StageName {
	if len(s.Stages) == 0 {
		return ""
	}
	return s.Stages[len(s.Stages)-1].Name
}

// stage returns the stage under way where that is its name, else a new one.
func (s *Session) stage(name dialogue.StageName) *dialogue.Stage {
	if s.newest() != name {
		s.Stages = append(s.Stages, dialogue.Stage{Name: name})
	}
	return &s.Stages[len(s.Stages)-1]
}

// last returns the newest exchange of the stage under way, nil for none.
func (s *Session) last() *dialogue.Exchange {
	if len(s.Stages) == 0 {
		return nil
	}
	stage := &s.Stages[len(s.Stages)-1]
	if len(stage.Exchanges) == 0 {
		return nil
	}
	return &stage.Exchanges[len(stage.Exchanges)-1]
}

// dropChunk forgets the newest exchange where it is a BDAT.
func (s *Session) dropChunk() {
	if last := s.last(); last != nil && isBDAT(last.Sent) {
		stage := &s.Stages[len(s.Stages)-1]
		stage.Exchanges = stage.Exchanges[:len(stage.Exchanges)-1]
		s.recorded--
	}
}

// answered adds a line of the reply to the exchange that is open.
func (c *conn) answered(line string) {
	if !c.open {
		return
	}
	c.lines = append(c.lines, line)
	if len(line) > 3 && line[3] == ' ' && !strings.HasPrefix(line, "354 ") {
		c.finish()
	}
}

// finish ends the exchange, which will not change any more.
func (c *conn) finish() {
	if !c.open {
		return
	}
	c.open = false
	if len(c.lines) == 0 {
		return
	}
	took := time.Since(c.opened).Milliseconds()
	stage, last := &c.session.Stages[len(c.session.Stages)-1], c.session.last()
	last.Reply, last.MS = reply(c.lines), took
	stage.MS += took
	c.lines = nil
}

// reply reads what was said to one command: of DATA that is the 354 and the
// answer to the message, which decides.
func reply(lines []string) *dialogue.Reply {
	n := 0
	if len(lines) > 1 && strings.HasPrefix(lines[0], "354 ") {
		n = 1
	}
	r := dialogue.Parse(lines[n:])
	r.Lines = lines
	return r
}

// handshaken records a TLS handshake, err being why it failed.
func (s *Session) handshaken(took time.Duration, err error) {
	s.TLSTook, s.TLSError = max(1, took), err // clocks may stand still meanwhile
	stage := dialogue.Stage{Name: dialogue.StageTLS, MS: s.TLSTook.Milliseconds()}
	if err != nil {
		stage.Error = "The handshake failed: " + err.Error() + "."
	}
	s.Stages = append(s.Stages, stage)
}
