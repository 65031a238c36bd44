package front

import (
	"strings"
	"time"
)

// begin opens the exchange of a command, or of the greeting.
func (c *conn) begin(sent string) {
	c.finish()
	s := c.session
	if last := len(s.Exchanges) - 1; c.transfer != nil && isBDAT(sent) && isBDAT(s.Exchanges[last].Sent) {
		s.Exchanges = s.Exchanges[:last] // of a message's chunks the newest is kept
	}
	if len(s.Exchanges) >= maxExchanges {
		return
	}
	s.Exchanges = append(s.Exchanges, Exchange{Sent: sent, At: time.Now()})
	c.open = true
}

// answered adds a line of the reply to the exchange that is open.
func (c *conn) answered(line string) {
	if !c.open {
		return
	}
	last := &c.session.Exchanges[len(c.session.Exchanges)-1]
	last.Reply = append(last.Reply, line)
	last.Took = time.Since(last.At)
	if len(line) > 3 && line[3] == ' ' && !strings.HasPrefix(line, "354 ") {
		c.finish()
	}
}

// finish tells the hook of an exchange that will not change any more.
func (c *conn) finish() {
	if !c.open {
		return
	}
	c.open = false
	if hook := c.server.cfg.OnExchange; hook != nil {
		hook(c.session, c.session.Exchanges[len(c.session.Exchanges)-1])
	}
}
