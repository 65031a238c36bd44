package inventory

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// maxClients bounds an export of the SMTP AUTH clients report, of which a line
// is about a hundred octets.
const maxClients = 64 << 20

// Clients is an export of the SMTP AUTH clients report, which the Exchange
// admin centre offers as CSV and no API gives
// (learn.microsoft.com/exchange/monitoring/mail-flow-reports/mfr-smtp-auth-clients-report;
// the column Authentication Protocol is there since October 2024).
type Clients struct {
	senders map[string]*sender // by address, in lower case
}

type sender struct {
	basic, oauth, other int // messages
	taken               bool
}

// ReadClients reads an export. The error says what is wrong with the file and
// in which line.
func ReadClients(r io.Reader) (*Clients, error) {
	t, err := newTable(r, maxClients, "sender")
	if err != nil {
		return nil, err
	}
	from, how := t.senderColumn(), t.column("authentication protocol")
	count := t.column("messages sent")
	if count < 0 {
		count = t.column("message")
	}
	if count < 0 {
		return nil, fmt.Errorf("it has no column %q; its columns are %q", "Messages sent", shortened(strings.Join(t.columns, ", ")))
	}
	c := &Clients{senders: map[string]*sender{}}
	for {
		line, err := t.line()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return nil, err
		}
		address := strings.ToLower(at(line, from))
		if address == "" {
			continue
		}
		if !strings.Contains(address, "@") {
			return nil, fmt.Errorf("line %d names a sender that is no address: %q", t.number(), shortened(address))
		}
		messages, ok := amount(at(line, count))
		if !ok {
			return nil, fmt.Errorf("line %d has %q for a number of messages", t.number(), shortened(at(line, count)))
		}
		c.add(address, at(line, how), messages)
	}
}

// senderColumn is the sender's address, not the domain beside it.
func (t *table) senderColumn() int {
	if i := t.column("sender address"); i >= 0 {
		return i
	}
	return t.column("sender")
}

func (c *Clients) add(address, protocol string, messages int) {
	s := c.senders[address]
	if s == nil {
		s = new(sender)
		c.senders[strings.Clone(address)] = s
	}
	protocol = strings.ToLower(protocol)
	basic, oauth := strings.Contains(protocol, "basic"), strings.Contains(protocol, "oauth")
	switch {
	case basic && !oauth:
		s.basic = plus(s.basic, messages)
	case oauth && !basic:
		s.oauth = plus(s.oauth, messages)
	default:
		s.other = plus(s.other, messages)
	}
}

// mostMessages is more than anybody may send: a sum stops there.
const mostMessages = 1 << 40

func plus(a, b int) int { return min(a+b, mostMessages) }

// amount reads a count in whatever way its thousands are set apart.
func amount(text string) (int, bool) {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(",.' \u00a0\u202f\u2019", r) {
			return -1
		}
		return r
	}, text)
	n, err := strconv.ParseUint(digits, 10, 40)
	return int(n), err == nil
}

// take sums up what was sent by any of the names.
func (c *Clients) take(names []string) sender {
	var sum sender
	var seen []*sender
	for _, name := range names {
		s := c.senders[strings.ToLower(name)]
		if s == nil || slices.Contains(seen, s) {
			continue
		}
		seen = append(seen, s)
		s.taken = true
		sum.basic, sum.oauth, sum.other = plus(sum.basic, s.basic), plus(sum.oauth, s.oauth), plus(sum.other, s.other)
	}
	return sum
}

// fill joins the report to what the log said. The log counts sign-ins, the
// report messages; the log's count stays unless it holds none.
func (s sender) fill(u *Used) {
	u.Undetermined = s.other
	if s.oauth > 0 || s.other == 0 {
		u.OAuth = &s.oauth
	}
	none := u.Basic == nil || *u.Basic == 0
	if s.basic > 0 && none || u.Basic == nil && s.other == 0 {
		u.Basic, u.Counted = &s.basic, MessagesCounted
	}
}

// unmatched are the senders that no mailbox took, the busiest first, at most
// so many, and how many there are besides.
func (c *Clients) unmatched(most int) (list []string, more int) {
	for address, s := range c.senders {
		if !s.taken {
			list = append(list, address)
		}
	}
	total := func(address string) int { s := c.senders[address]; return s.basic + s.oauth + s.other }
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(total(b), total(a)), cmp.Compare(a, b)) })
	if len(list) > most {
		return list[:most], len(list) - most
	}
	return list, 0
}
