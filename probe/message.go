package probe

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
)

// message is the mail that is sent when a probe is to go all the way (RFC
// 5322). It says what it is, so that whoever receives it need not wonder.
func message(from, to string, now time.Time) string {
	_, domain, _ := strings.Cut(from, "@")
	lines := []string{
		"From: <" + from + ">",
		"To: <" + to + ">",
		"Subject: smtpmend test message",
		"Date: " + now.Format(time.RFC1123Z),
		fmt.Sprintf("Message-ID: <%s@%s>", strings.ToLower(rand.Text()), domain),
		"Auto-Submitted: auto-generated",
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=utf-8",
		"",
		"smtpmend sent this message to prove that " + from + " can submit mail.",
		"",
	}
	return strings.Join(lines, "\r\n")
}
