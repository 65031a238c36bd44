package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"smtpmend/internal/tenantsim"
	"smtpmend/probe"
	"smtpmend/remediate"
)

// A fault of the server is no proof of anything: though an administrator is
// signed in, everything is approved and the mailbox's switch is off, fix
// writes nothing, and verify says the same as fix.
func TestWireMatrixOfFix(t *testing.T) {
	authority := newWireAuthority(t)
	config := authority.server(t, nil)
	state := tenantsim.Default()
	state.Users[0].SMTPAuth, state.Users[0].PerUserMFA, state.Org.SecurityDefaults = "off", "enforced", "on"
	w := newWorld(t, state)
	w.env[envPassword] = wirePassword
	roots, err := os.ReadFile(filepath.Join(w.dir, tenantsim.CAFile))
	if err != nil {
		t.Fatal(err)
	}
	web := strings.TrimSuffix(w.Cloud().Login, "/")
	cells := wireCells(t, authority)
	var walked atomic.Int32
	each(len(cells), 16, func(_, i int) {
		if i%3 != 0 && !cells[i].said() || !sampled(i/3, 13) {
			return
		}
		walked.Add(1)
		t.Run(cells[i].String(), func(t *testing.T) {
			server := serveCell(t, cells[i], config)
			dir := t.TempDir()
			line := wireLine{t: t, cell: cells[i], env: w.env,
				file: wireEndpoint(t, dir, server.addr, web, append(authority.pem(), roots...))}
			line.fixes(filepath.Join(dir, "journals"))
			line.verifies()
			if plain, secure := server.passwords(wirePassword); plain > 0 || secure > 1 {
				t.Errorf("%d passwords before TLS, %d under it", plain, secure)
			}
		})
	})
	if writes := w.Writes(); len(writes) > 0 {
		t.Errorf("wrote %v", writes)
	}
	t.Logf("%d of %d cells", walked.Load(), len(cells))
}

func (l *wireLine) fixes(journals string) {
	code, out := l.run("fix", "json", "--yes-tenant-wide", "--poll", "1ms", "--wait", "0", "--journal-dir", journals)
	var r remediate.Result
	if err := json.Unmarshal(out, &r); err != nil {
		l.t.Fatalf("no JSON: %v\n%s", err, out)
	}
	if (r.Outcome == remediate.Healthy) != (code == exitOK) || len(journalsIn(l.t, journals)) > 0 {
		l.t.Errorf("fix: %s with exit %d and %d journals", r.Outcome, code, len(journalsIn(l.t, journals)))
	}
}

func (l *wireLine) verifies() {
	code, out := l.run("verify", "json", "--poll", "1ms", "--wait", "0")
	var r remediate.VerifyResult
	if err := json.Unmarshal(out, &r); err != nil {
		l.t.Fatalf("no JSON: %v\n%s", err, out)
	}
	healthy := r.Outcome == remediate.VerifyHealthy
	refused := r.Outcome == remediate.VerifyRefused
	if healthy != l.cell.counts() || healthy != (code == exitOK) || refused != l.cell.refused() {
		l.t.Errorf("verify: %s with exit %d", r.Outcome, code)
	}
}

// refused reports whether the server says no.
func (c wireCell) refused() bool {
	return c.decides() && c.fault.effect == refuses && c.turn.stage != probe.StageTLS
}
