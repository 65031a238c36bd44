package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/fact"
)

// made is a tenant that is made up while it is read and stored nowhere, so that
// what the heap holds is the inventory's.
type made struct {
	n, signIns int // mailboxes, and sign-ins for each
	measured   func()
}

func (made) id(i int) string { return fmt.Sprintf("3f5c9f0a-52f5-4f0e-8f0b-%012x", i) }

func (made) Settings(context.Context) Settings {
	return Settings{Facts: fact.Evidence{{Fact: fact.OrgSMTPAuth, Value: "on"}, {Fact: fact.OrgSecurityDefaults, Value: "off"}}, Access: nobody{}, Policies: map[string]string{}}
}

type nobody struct{}

func (nobody) Stops(string) (certain, open []string) { return nil, nil }

func (m made) Switches(context.Context) iter.Seq2[Switch, error] {
	m.measured()
	return counting(m.n, func(i int) Switch {
		return Switch{Identity{m.id(i), ""}, []string{fmt.Sprintf("box%06d@contoso.com", i)}, "inherit"}
	})
}

func (m made) Mailboxes(context.Context) iter.Seq2[Mailbox, error] {
	return counting(m.n, func(i int) Mailbox {
		return Mailbox{Identity{m.id(i), ""}, fmt.Sprintf("box%06d@contoso.com", i), fmt.Sprintf("box%06d@contoso.onmicrosoft.com", i), "user", "yes", "enabled"}
	})
}

func (m made) Users(context.Context) iter.Seq2[User, error] {
	return counting(m.n, func(i int) User { return User{Identity: Identity{m.id(i), ""}} })
}

func (m made) SignIns(context.Context, time.Time) iter.Seq2[SignIn, error] {
	return counting(m.n*m.signIns, func(i int) SignIn {
		return SignIn{m.id(i % m.n), fmt.Sprintf("box%06d@contoso.com", i%m.n), time.Unix(int64(1e9+i), 0), fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255), 50126 + i%40}
	})
}

func (made) AppUsage(context.Context, int) (io.ReadCloser, error) {
	return nil, errors.New("not asked")
}

func counting[T any](n int, entry func(int) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i := range n {
			if !yield(entry(i), nil) {
				return
			}
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A hundred thousand mailboxes are kept in some hundred octets each; a spray
// over all of them, from everywhere and with every code, in less than a
// thousand, however often it comes.
func TestMemory(t *testing.T) {
	const n = 100_000
	for _, tt := range []struct {
		name    string
		signIns int
		most    uint64 // octets a mailbox
	}{{"quiet", 0, 400}, {"sprayed", 20, 1000}} {
		t.Run(tt.name, func(t *testing.T) {
			before, kept, rows := heap(), uint64(0), 0
			src := made{n: n, signIns: tt.signIns, measured: func() { kept = heap() - before }}
			_, err := Take(t.Context(), src, Options{Since: time.Unix(1, 0), Now: time.Unix(2, 0)}, func(r Row) error {
				rows++
				if len(r.Used.Devices) > maxDevices || len(r.Used.Failures) > maxFailures || *r.Used.Failed != tt.signIns {
					return fmt.Errorf("%+v", r)
				}
				return nil
			})
			if err != nil || rows != n {
				t.Fatalf("%d rows, %v", rows, err)
			}
			if each := kept / n; each > tt.most || each < 40 {
				t.Errorf("%d octets a mailbox, want at most %d", each, tt.most)
			} else {
				t.Logf("%d octets a mailbox", each)
			}
		})
	}
}

// A device with an accepted sign-in finds room among those that only try.
func TestDevicesInASpray(t *testing.T) {
	u := new(usage)
	for i := range 1000 {
		s := SignIn{At: time.Unix(int64(2000-i), 0), Address: fmt.Sprintf("203.0.113.%d", i%200), Code: 50126}
		if i == 600 || i == 601 {
			s.Address, s.Code = "::ffff:198.51.100.7", 0
		}
		if i == 700 {
			s.Address, s.Code = "198.51.100.8", 0
		}
		u.add(s)
	}
	var used Used
	u.fill(&used)
	if d := used.Devices[0]; d.Address != "198.51.100.7" || d.Basic != 2 || used.Devices[1].Address != "198.51.100.8" || !used.MoreDevices || len(used.Devices) != maxDevices {
		t.Errorf("%+v", used)
	}
	if *used.Basic != 3 || *used.Failed != 997 || used.Last.Unix() != 1400 || used.LastFailed.Unix() != 2000 {
		t.Errorf("%+v", used)
	}
	if f := used.Failures; len(f) != 1 || f[0].Cause != "bad-credentials" || f[0].Count != 997 {
		t.Errorf("%+v", f)
	}
}

// Nobody takes the rows: the lists are not read on.
func TestTakeEnds(t *testing.T) {
	closed := errors.New("closed")
	rows := 0
	sum, err := Take(t.Context(), made{n: 5000, measured: func() {}}, Options{}, func(Row) error { rows++; return closed })
	if err != closed || rows != 1 || sum.Mailboxes != 1 {
		t.Errorf("%d rows, %v, %+v", rows, err, sum)
	}
}

// The words of each way say what has to hold, and each that the tenant closes
// is left out.
func TestWays(t *testing.T) {
	no, yes := false, true
	for _, tt := range []struct {
		effective string
		reject    *bool
		want      string
	}{
		{"on", &no, "oauth high-volume-email relay-connector direct-send"},
		{"off", &no, "high-volume-email relay-connector direct-send"},
		{"", nil, "oauth high-volume-email relay-connector direct-send"},
		{"on", &yes, "oauth high-volume-email relay-connector"},
	} {
		var got []string
		for _, w := range waysFor(Row{Effective: tt.effective}, Settings{RejectDirectSend: tt.reject}) {
			got = append(got, string(w))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q %v: %v", tt.effective, tt.reject, got)
		}
	}
}

// A source that crashes in a goroutine of ours crashes the caller, who prints
// no stack, and not the program.
func TestCrash(t *testing.T) {
	defer func() {
		if p, ok := recover().(string); !ok || !strings.HasPrefix(p, "no list today") {
			t.Errorf("recovered %v", p)
		}
	}()
	Take(t.Context(), broken{made{n: 10}}, Options{}, func(Row) error { return nil })
	t.Error("nothing happened")
}

type broken struct{ made }

func (broken) Users(context.Context) iter.Seq2[User, error] {
	return func(func(User, error) bool) { panic("no list today") }
}

// What comes for an id is 16 octets or none.
func TestParseKey(t *testing.T) {
	for text, want := range map[string]bool{
		"3f5c9f0a-52f5-4f0e-8f0b-000000000001": true, "3F5C9F0A-52F5-4F0E-8F0B-000000000001": true,
		"": false, "3f5c9f0a": false, strings.Repeat("a", 36): false, strings.Repeat("-", 36): false,
		"3f5c9f0a-52f5-4f0e-8f0b-00000000000g": false, strings.Repeat("a", 34) + "--": false,
	} {
		if k, ok := parseKey(text); ok != want || ok && k[0] != 0x3f {
			t.Errorf("%q: %x, %v", text, k, ok)
		}
	}
}
