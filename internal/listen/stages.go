package listen

import (
	"strconv"
	"strings"

	"smtpmend/internal/front"
	"smtpmend/probe"
)

// stageOf says which stage a command belongs to.
var stageOf = []struct {
	Verb  string
	Stage probe.StageName
}{
	{"EHLO", probe.StageEHLO}, {"HELO", probe.StageEHLO}, {"STARTTLS", probe.StageSTARTTLS},
	{"AUTH", probe.StageAuth}, {"MAIL", probe.StageMail}, {"RCPT", probe.StageRcpt},
	{"DATA", probe.StageData}, {"BDAT", probe.StageData}, {"RSET", probe.StageReset},
	{"QUIT", probe.StageQuit}, {"", probe.StageGreeting},
}

// stages is the dialogue as probe records its own.
func stages(s *front.Session) []probe.Stage {
	out := []probe.Stage{}
	handshake := newHandshake(s)
	if len(handshake) > 0 && !said(s, "STARTTLS") {
		out, handshake = handshake, nil // TLS came first
	}
	for _, e := range s.Exchanges {
		name := stageName(e.Sent, out)
		if len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, probe.Stage{Name: name})
		}
		last := &out[len(out)-1]
		last.MS += e.Took.Milliseconds()
		last.Exchanges = append(last.Exchanges, probe.Exchange{Sent: e.Sent, Reply: newReply(e.Reply), MS: e.Took.Milliseconds()})
		if name == probe.StageSTARTTLS && len(e.Reply) > 0 && strings.HasPrefix(e.Reply[0], "220") {
			out, handshake = append(out, handshake...), nil
		}
	}
	return out
}

// newHandshake is the stage of the handshake, none when there was none.
func newHandshake(s *front.Session) []probe.Stage {
	if s.TLSTook == 0 {
		return nil
	}
	stage := probe.Stage{Name: probe.StageTLS, MS: s.TLSTook.Milliseconds()}
	if s.TLSError != nil {
		stage.Error = "The handshake failed: " + s.TLSError.Error() + "."
	}
	return []probe.Stage{stage}
}

// stageName keeps what has no stage of its own, such as the answer to a
// challenge, in the stage before.
func stageName(line string, before []probe.Stage) probe.StageName {
	for _, row := range stageOf {
		if row.Verb == verb(line) {
			return row.Stage
		}
	}
	if len(before) == 0 {
		return probe.StageGreeting
	}
	return before[len(before)-1].Name
}

// newReply reads a reply of our own front end.
func newReply(lines []string) *probe.Reply {
	if len(lines) == 0 {
		return nil
	}
	r := &probe.Reply{Lines: lines}
	last := lines[len(lines)-1]
	r.Code, _ = strconv.Atoi(last[:min(3, len(last))])
	if fields := strings.Fields(last); len(fields) > 1 && strings.Count(fields[1], ".") == 2 && fields[1][0] == last[0] {
		r.Status = fields[1]
	}
	return r
}
