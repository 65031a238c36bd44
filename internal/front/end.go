package front

import (
	"errors"
	"net"
	"strings"
)

// broke takes note of why nothing more can be read. Every later read fails in
// the same way, at once: one that waited anew would have its own deadline.
func (c *conn) broke(err error) error {
	if err == nil || c.failed != nil {
		return c.failed
	}
	c.failed = err
	if c.session.End == "" {
		c.session.End = c.whoEnded(err)
	}
	return err
}

// whoEnded tells from the error of a read, nil for none, who ended the
// session.
func (c *conn) whoEnded(err error) End {
	var timeout net.Error
	last := c.session.last()
	switch {
	case c.server.ctx.Err() != nil:
		return EndClosed
	case c.hungUp:
		return EndHungUp
	case errors.As(err, &timeout) && timeout.Timeout():
		return EndTimeout
	case err == nil && last != nil && strings.EqualFold(last.Sent, "QUIT"):
		return EndQuit
	case err == nil:
		return EndHungUp
	}
	return EndLeft
}
