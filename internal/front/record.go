package front

import (
	"slices"
	"strings"
	"time"
)

// known are the commands that hold nothing secret.
var known = []string{
	"EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "NOOP",
	"QUIT", "VRFY", "EXPN", "HELP",
}

// redact returns what of a client's line may be kept. Credentials go, and so
// does all of an unknown line but its first word: it may be a password sent
// in the wrong place, or a header of another protocol.
func (c *conn) redact(line string) string {
	verb, rest, more := strings.Cut(line, " ")
	upper := strings.ToUpper(verb)
	switch {
	case c.challenge:
		return masked
	case upper == "AUTH":
		mechanism, response, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if response != "" {
			mechanism += " " + masked
		}
		return strings.TrimSpace(clip(verb + " " + mechanism))
	case slices.Contains(known, upper):
		return clip(line)
	case more && len(c.session.Mechanisms) == 0 && isWord(verb):
		return verb + " " + masked
	default:
		return masked
	}
}

func isWord(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 10
}

func clip(line string) string {
	return strings.ToValidUTF8(line[:min(len(line), maxRecorded)], "?")
}

// begin opens the exchange of a command, or of the greeting.
func (c *conn) begin(sent string) {
	c.finish()
	s := c.session
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
