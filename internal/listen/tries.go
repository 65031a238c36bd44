package listen

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"strings"

	"smtpmend/internal/front"
)

// A fingerprint stands for credentials, which are not kept themselves.
type fingerprint [sha256.Size]byte

// A try is a sign-in under way or, once decided is closed, one that is not
// made again.
type try struct {
	decided chan struct{}
	refused *Upstream // what the service said, nil unless it refused
	reply   front.Reply
}

// Release lets credentials that the service refused be handed on once more,
// and returns how many there were. Only a person may decide that: repeated
// refusals lock accounts.
func (f *Forward) Release() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for sum, t := range f.tries {
		if t.refused != nil {
			delete(f.tries, sum)
			n++
		}
	}
	return n
}

func (f *Forward) fingerprint(c front.Credentials) (sum fingerprint) {
	mac := hmac.New(sha256.New, f.key)
	io.WriteString(mac, strings.ToLower(c.User)+"\x00"+c.Secret.Reveal())
	mac.Sum(sum[:0])
	return sum
}

// claim returns a new try or, when the same credentials were refused, the old
// one. It waits for one that is under way.
func (f *Forward) claim(ctx context.Context, sum fingerprint) (t *try, mine bool) {
	for {
		t, mine, held := f.find(sum)
		if mine || held {
			return t, mine
		}
		select {
		case <-t.decided:
		case <-ctx.Done():
			return &try{reply: front.Temporary}, false
		}
	}
}

// find returns the try of the same credentials and whether it is held, or a
// new one that is the caller's to decide.
func (f *Forward) find(sum fingerprint) (t *try, mine, held bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t = f.tries[sum]; t != nil {
		return t, false, t.refused != nil
	}
	t = &try{decided: make(chan struct{})}
	f.tries[sum] = t
	return t, true, false
}

// decide ends a try. A permanent refusal is remembered, and so is silence in
// answer to a password: it may have been refused all the same. refused is nil
// where the service accepted.
func (f *Forward) decide(sum fingerprint, t *try, reply front.Reply, refused *Upstream) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t.reply = reply; refused != nil && (reply.Code >= 500 || unanswered(refused.Probe)) {
		t.refused = refused
	} else {
		delete(f.tries, sum)
	}
	close(t.decided)
}
