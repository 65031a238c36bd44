package probe

import (
	"context"
	"errors"
	"time"
)

// fail ends the stage, and with it the probe, for a reason that is no reply.
func (s *session) fail(fault Fault, problem string) bool {
	s.report.Outcome = Failed
	s.stage.Fault, s.stage.Error = fault, problem
	s.end()
	return false
}

// lacks ends the probe because of what the newest reply leaves out, unless it
// shows that it was no answer to the newest command.
func (s *session) lacks(ctx context.Context, fault Fault, problem string) bool {
	if err := s.wire.listen(nil, linger); err != nil {
		return s.broke(ctx, err)
	}
	return s.fail(fault, problem)
}

// refuse ends the stage, and with it the probe, with the server's refusal.
func (s *session) refuse() bool {
	s.report.Outcome = Refused
	s.end()
	return false
}

// broke ends the probe with what became of the connection.
func (s *session) broke(ctx context.Context, err error) bool {
	var left *breach
	if errors.As(err, &left) {
		return s.fail(left.fault, s.Server+" "+left.words)
	}
	fault, problem := s.explainError(ctx, err)
	if s.wire != nil && s.wire.reader.Begun() && fault != FaultInterrupted {
		problem = s.Server + " " + inTheMiddle(fault)
	}
	return s.fail(fault, problem)
}

// inTheMiddle says what a server did that began a reply and did not end it.
func inTheMiddle(fault Fault) string {
	if fault == FaultTimeout {
		return "fell silent in the middle of a reply; what it said until then counts for nothing."
	}
	return "closed the connection in the middle of a reply."
}

// asideWait is how long the answer to a command may take that decides nothing:
// RSET and QUIT.
const asideWait = 2 * time.Second

// aside is a stage of one command that decides nothing.
func (s *session) aside(ctx context.Context, name StageName, command string) {
	decided := s.report.Stage
	s.begin(name)
	s.wire.until(time.Now().Add(asideWait))
	_, err := s.wire.exchange(command)
	s.wire.until(time.Time{})
	var left *breach
	switch {
	case errors.Is(ctx.Err(), context.Canceled): // not the server's doing
	case errors.As(err, &left):
		s.stage.Notes = append(s.stage.Notes, "The server "+left.words)
	case err != nil && s.wire.reader.Begun():
		fault, _ := s.explainError(ctx, err)
		s.stage.Notes = append(s.stage.Notes, "The server "+inTheMiddle(fault))
	case err != nil && s.stage.Last() == nil:
		s.stage.Notes = append(s.stage.Notes, "The server gave no answer.")
	}
	s.end()
	s.report.Stage = decided
}

// quit takes leave of a server that still listens.
func (s *session) quit(ctx context.Context) {
	if s.wire == nil {
		return
	}
	defer s.wire.Conn.Close()
	if s.inStep() {
		s.aside(ctx, StageQuit, "QUIT")
	}
}

// inStep reports whether the dialogue is at a point where QUIT is understood:
// greeted, not broken off in the middle, and not closed by a 421.
func (s *session) inStep() bool {
	stage := s.report.Decisive()
	if s.greeting == nil || s.wire.breach != nil || s.wire.astray || stage == nil {
		return false
	}
	switch stage.Fault {
	case "", FaultNoSTARTTLS, FaultNoAuth, FaultNoMechanism, FaultToken, FaultTokenScope, FaultNoToken:
	default:
		return false
	}
	last := s.report.Last()
	return last == nil || last.Reply.Code != 421 && last.Reply.Code != 334
}
