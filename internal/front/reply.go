package front

import (
	"fmt"
	"strings"
)

// Flavour is the age of the words. Both are in use: which one a client gets
// depends on the server that happens to answer.
type Flavour string

const (
	// Newer names a reason in most refusals ("535 5.7.139 ..., reason").
	Newer Flavour = "newer"
	// Older says "535 5.7.3 Authentication unsuccessful" to every refused
	// sign-in, and tags its replies with the host alone.
	Older Flavour = "older"
)

// A Reply is an SMTP reply (RFC 5321 section 4.2). Text is what stands behind
// the code, the enhanced status code (RFC 3463) first where there is one. It
// may hold several lines, separated by "\n".
type Reply struct {
	Code int
	Text string
	// Verbatim keeps the text as it is: no session tag is added. It is for
	// replies that were received from elsewhere, with a tag of their own.
	Verbatim bool
}

// Positive reports whether the reply accepts the command.
func (r Reply) Positive() bool { return r.Code >= 200 && r.Code < 400 }

// String returns code, status and text in one line, without a tag.
func (r Reply) String() string {
	return fmt.Sprintf("%d %s", r.Code, strings.ReplaceAll(r.Text, "\n", " "))
}

// tagged adds the session's tag to a refusal, as Microsoft does. Replies of
// the mailbox server name their host in the text instead.
func (r Reply) tagged(s *Session) Reply {
	if r.Verbatim {
		return r
	}
	r.Text = s.fill(r.Text)
	if !r.Positive() && !strings.Contains(r.Text, "[Hostname=") {
		r.Text += " " + s.tag()
	}
	return r
}

// nest returns the reply to MAIL FROM of a client whose sign-in was refused
// before: the newer words repeat the reason of the refusal. A reply from
// elsewhere brings its tag along.
func nest(r, refused Reply, flavour Flavour) Reply {
	if flavour != Older && refused.Code == 535 {
		r.Text += " Error: " + refused.String()
		r.Verbatim = refused.Verbatim
	}
	return r
}

// A Text is one reply of Microsoft's front end: its words in the newer flavour
// and in the older one, where they changed. Texts can be compared; the zero
// value is none.
type Text struct{ newer, older Reply }

// Say returns a text in the given flavour.
func Say(t Text, flavour Flavour) Reply {
	if flavour == Older && t.older.Code != 0 {
		return t.older
	}
	return t.newer
}

func reply(code int, text string) Reply { return Reply{Code: code, Text: text} }

// refused is a refusal of a sign-in that names its reason in the newer flavour.
func refused(reason string) Text {
	return Text{reply(535, "5.7.139 Authentication unsuccessful, "+reason), authUnsuccessful}
}
