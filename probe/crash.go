package probe

import (
	"fmt"
	"runtime/debug"
)

// A crash is a panic that was caught: of go-smtp, go-sasl or our own.
type crash struct {
	value any
	stack []byte
}

// newCrash is called where a panic was recovered, while its stack is there.
// A crash that was handed on from another goroutine stays as it is.
func newCrash(recovered any) crash {
	if c, ok := recovered.(crash); ok {
		return c
	}
	return crash{recovered, debug.Stack()}
}

// crashed ends the probe with a crash. What was learnt until then stays in
// the report.
func (s *session) crashed(c crash) {
	if s.wire != nil {
		s.wire.raw.Close()
	}
	s.report.Crash = s.hide.Line(fmt.Sprintf("%v\n\n%s", c.value, c.stack))
	s.report.Outcome = Failed
	s.Observe = nil // it may be what crashed
	switch n := len(s.report.Stages); {
	case s.stage == nil && n > 0: // between two stages
		last := s.report.Stages[n-1]
		s.report.Stages = s.report.Stages[:n-1]
		s.stage, s.report.Stage = &last, last.Name
	case s.stage == nil:
		s.begin(StageResolve)
	}
	s.fail(FaultCrashed, "smtpmend itself failed at this stage; nothing is known of the server's answer. --verbose shows what a report of this needs.")
}
