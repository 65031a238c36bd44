package main

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"smtpmend/diagnose/catalogue"
	"smtpmend/probe"
)

// A wireCell is one fault at one turn.
type wireCell struct {
	turn  wireTurn
	fault wireFault
	send  bool // a message, so that the turn occurs
}

func (c wireCell) String() string { return c.turn.name + ", " + c.fault.name }

// wireCells is every fault at every turn where it is one.
func wireCells(t *testing.T, a *wireAuthority) []wireCell {
	without, with := wireTurns(false), wireTurns(true)
	turns := append(without[:len(without):len(without)], with[len(with)-3:len(with)-1]...)
	var all []wireCell
	for _, turn := range turns {
		send := turn.stage == probe.StageData
		faults := wireFaults
		switch turn.name {
		case atConnect:
			faults = append(silentFaults(), wireFault{name: portClosed, names: []catalogue.Code{catalogue.NetworkBlocked}})
		case atHandshake:
			faults = append(faults[:len(faults):len(faults)], wireTLSFaults(t, a)...)
		}
		for _, fault := range faults {
			if !strings.Contains(fault.not, turn.name) {
				all = append(all, wireCell{turn, fault, send})
			}
		}
	}
	return all
}

const portClosed = "port closed"

// silentFaults are those that say nothing.
func silentFaults() []wireFault {
	return slices.DeleteFunc(slices.Clone(wireFaults), func(f wireFault) bool { return f.says != nil })
}

// resetAtOnce: the connection is reset so soon that it may never have been one.
func (c wireCell) resetAtOnce() bool {
	return c.fault.end == resets && (c.turn.name == atConnect || c.turn.name == atGreeting)
}

// decides reports whether the turn decides about the submission.
func (c wireCell) decides() bool {
	return c.turn.stage != probe.StageReset && c.turn.stage != probe.StageQuit
}

// counts reports whether the submission goes on to its end all the same.
func (c wireCell) counts() bool {
	switch {
	case !c.decides():
		return true
	case c.turn.name == atHandshake:
		return c.fault.tls != nil && c.fault.effect == mars
	case strings.Contains(prompts, c.turn.name):
		return c.fault.effect == mars
	}
	return c.fault.effect == mars || c.fault.effect == spoils
}

// names are the causes that may be named; with office the host that was asked
// for is Microsoft's.
func (c wireCell) names(office bool) []catalogue.Code {
	var names []catalogue.Code
	switch {
	case c.turn.name == atHandshake:
		names = []catalogue.Code{catalogue.TLSHandshake}
	case c.turn.name == atGreeting && c.fault.name == "TLS alert in plain text":
		names = []catalogue.Code{catalogue.TLSImplicitOnSTARTTLSPort}
	case c.resetAtOnce():
		names = []catalogue.Code{catalogue.NetworkBlocked}
	default:
		names = c.fault.names
	}
	foreign := c.turn.name == atGreeting && c.fault.effect == breaks || c.turn.name == atHandshake && c.fault.tls != nil
	if office && foreign {
		names = append(names[:len(names):len(names)], catalogue.SMTPIntercepted)
	}
	return names
}

// said reports whether the words of a refusal say what it means.
func (c wireCell) said() bool {
	return c.refused() && len(c.fault.names) > 0
}

func (c wireCell) means(code catalogue.Code) bool { return slices.Contains(c.fault.names, code) }

// A fault at any point of a dialogue: smtpmend ends in time and without a
// panic, says where and nothing that the words do not allow, lets the password
// out once at most and only under verified TLS, and prints nothing raw and
// nothing secret.
func TestWireMatrix(t *testing.T) {
	authority := newWireAuthority(t)
	config := authority.server(t, nil)
	cells := wireCells(t, authority)
	if len(cells) < 500 {
		t.Fatalf("%d cells", len(cells))
	}
	peak := watchHeap(t)
	var walked, trials atomic.Int32
	each(len(cells), 48, func(_, i int) {
		if !sampled(i, 11) {
			return
		}
		walked.Add(1)
		t.Run(cells[i].String(), func(t *testing.T) {
			server := serveCell(t, cells[i], config)
			file := wireEndpoint(t, t.TempDir(), server.addr, "https://127.0.0.1:1", authority.pem())
			line := wireLine{t: t, cell: cells[i], file: file, env: map[string]string{envPassword: wirePassword}}
			line.probes()
			line.diagnoses()
			line.speaks([]string{"probe", "diagnose", "verify"}[i%3])
			trials.Add(3)
			if plain, secure := server.passwords(wirePassword); plain > 0 || secure > 1 || (secure == 0) == cells[i].signedIn() {
				t.Errorf("%d passwords before TLS, %d under it", plain, secure)
			}
		})
	})
	const most = 256 << 20
	if heap := peak(); heap > most {
		t.Errorf("%d MB lay on the heap", heap>>20)
	}
	t.Logf("%d of %d cells, %d runs, peak heap %d MB", walked.Load(), len(cells), trials.Load(), peak()>>20)
}

// signedIn reports whether the password must have been said.
func (c wireCell) signedIn() bool {
	names := []string{"AUTH result", "MAIL", "RCPT", "DATA", atMessage, "RSET", "QUIT"}
	return slices.Contains(names, c.turn.name) || c.counts()
}
