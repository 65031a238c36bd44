package probe

import (
	"testing"
	"time"
)

// ShortenGreetWait makes a probe lose patience with a silent server soon.
func ShortenGreetWait(t *testing.T) {
	was := greetWait
	greetWait = 200 * time.Millisecond
	t.Cleanup(func() { greetWait = was })
}

// The reply parser, for fuzzing.
var ParseReply = parseReply

// Feed cuts b into replies, n bytes at a time.
func Feed(b []byte, n int) []*Reply {
	var r replyReader
	var replies []*Reply
	for len(b) > 0 {
		chunk := b[:min(n, len(b))]
		b = b[len(chunk):]
		for len(chunk) > 0 {
			reply, rest := r.feed(chunk)
			if reply == nil {
				break
			}
			replies = append(replies, reply)
			chunk = rest
		}
	}
	if some, _ := r.pending(); some {
		replies = append(replies, r.take())
	}
	return replies
}
