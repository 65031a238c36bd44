// Package wiretest plays the server's part of a submission in tests, without
// an SMTP library: a dialogue that was written down, and what a client said.
package wiretest

import (
	"bufio"
	"encoding/base64"
	"strings"
	"sync"
)

// Heard is what one client said. The zero value is ready for use.
type Heard struct {
	mu                   sync.Mutex
	plain, secure, after strings.Builder
	marked               bool
}

// Line reads a line of the client, or a message to its end. It reports whether
// that came whole.
func (h *Heard) Line(in *bufio.Reader, secure, message bool) bool {
	for {
		line, err := in.ReadString('\n')
		h.add(line, secure)
		if err != nil {
			return false
		}
		if !message || line == ".\r\n" {
			return true
		}
	}
}

func (h *Heard) add(line string, secure bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if secure {
		h.secure.WriteString(line)
	} else {
		h.plain.WriteString(line)
	}
	if h.marked {
		h.after.WriteString(line)
	}
}

// Mark begins what After returns.
func (h *Heard) Mark() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.marked = true
}

// After is what came after Mark.
func (h *Heard) After() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.after.String()
}

// Secure is what came under TLS.
func (h *Heard) Secure() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.secure.String()
}

// Secrets counts the words that hold a secret, in base64 or not, under TLS and
// before it.
func (h *Heard) Secrets(secret string) (secure, plain int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return count(h.secure.String(), secret), count(h.plain.String(), secret)
}

func count(said, secret string) int {
	n := 0
	for _, word := range strings.Fields(said) {
		decoded, _ := base64.StdEncoding.DecodeString(word)
		if strings.Contains(word, secret) || strings.Contains(string(decoded), secret) {
			n++
		}
	}
	return n
}
