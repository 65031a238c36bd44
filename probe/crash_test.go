package probe_test

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"

	"smtpmend/internal/secret"
	"smtpmend/probe"
)

// A panic, wherever it comes from, is a report of what is known. Its text
// stays out of the JSON, and the secret out of both.
func TestCrashIsReported(t *testing.T) {
	cert, roots := certificate(t)
	boom := func() { panic("boom " + password) }
	dial := (&net.Dialer{}).DialContext
	for _, tt := range []struct {
		name  string
		stage probe.StageName
		at    func(*probe.Config)
		dial  func(context.Context, string, string) (net.Conn, error)
	}{
		{"at the end of a stage", probe.StageMail, func(c *probe.Config) {
			c.Observe = func(s probe.Stage) {
				if s.Name == probe.StageMail {
					boom()
				}
			}
		}, dial},
		{"in the first stage", probe.StageResolve, func(c *probe.Config) { c.Observe = func(probe.Stage) { boom() } }, dial},
		{"in a message", probe.StageData, func(c *probe.Config) {
			c.Await = func(context.Context, *probe.Report) *probe.Envelope {
				return &probe.Envelope{From: mailbox, To: []string{mailbox}, Message: slowly(func() error { boom(); return nil })}
			}
		}, dial},
		{"while waiting", probe.StageAuth, func(c *probe.Config) {
			c.Await = func(context.Context, *probe.Report) *probe.Envelope { boom(); return nil }
		}, dial},
		{"after the last reply", probe.StageQuit, func(c *probe.Config) {
			c.Observe = func(s probe.Stage) {
				if s.Name == probe.StageQuit {
					boom()
				}
			}
		}, dial},
		{"in a goroutine of its own", probe.StageConnect, func(*probe.Config) {},
			func(context.Context, string, string) (net.Conn, error) { boom(); return nil, nil }},
		{"in a connection", probe.StageGreeting, func(*probe.Config) {},
			func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := dial(ctx, network, address)
				return crashing{conn}, err
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := &breaker{turns: turns(strings.Contains(tt.name, "message")), cert: cert}
			c := probe.Config{Server: b.start(t), Mailbox: mailbox, Secret: secret.New(password), Roots: roots}
			tt.at(&c)
			r := probe.RunDialling(t.Context(), c, tt.dial)
			got := r.Decisive()
			if r.Outcome != probe.Failed || r.Stage != tt.stage || got.Fault != probe.FaultCrashed || !strings.Contains(got.Error, "smtpmend itself failed") {
				t.Fatalf("%s at %s: %+v", r.Outcome, r.Stage, got)
			}
			if r.Last() != nil {
				t.Errorf("a reply is taken for what decided: %+v", r.Last())
			}
			if !strings.HasPrefix(r.Crash, "boom ****") || !strings.Contains(r.Crash, "crash_test.go") || strings.Contains(r.Crash, password) {
				t.Errorf("crash: %s", r.Crash)
			}
			if text, err := json.Marshal(r); err != nil || strings.Contains(string(text), "boom") {
				t.Errorf("%v %s", err, text)
			}
		})
	}
}

// crashing is a connection that no read comes back from.
type crashing struct{ net.Conn }

func (crashing) Read([]byte) (int, error) { panic("boom " + password) }
