package main

import (
	"encoding/json"
	"strings"
	"testing"

	"smtpmend/internal/oauth"
	"smtpmend/internal/tenantsim"
)

// asks runs verb with --oauth while the token endpoint refuses with number, and
// returns the exit code and all that was said.
func (w *world) asks(t *testing.T, number int, verb, way string, more ...string) (int, string) {
	t.Helper()
	if err := w.SetFaults(tenantsim.Fault{API: "login", Path: "/token", Kind: "refused", AADSTS: number}); err != nil {
		t.Fatal(err)
	}
	args := []string{verb, w.typed, "--oauth", way}
	switch verb {
	case "diagnose":
		args = append(args, "--auth", "none")
	case "verify":
		args = append(args, "--wait", "1ms", "--poll", "1ms")
	}
	w.said.Reset()
	code := w.run(t.Context(), append(w.cloud(args...), more...)...)
	return code, strings.Join(strings.Fields(w.said.String()), " ")
}

// What Entra refuses of our own request is no reason to weaken anything: no
// cause that fix mends, no steps and no commands, and another way.
func TestOAuthWeakensNothing(t *testing.T) {
	w := newWorld(t, tenantsim.Default())
	for _, number := range []int{530035, 50076, 50079} {
		for _, way := range []string{"client-secret", "device-code"} {
			for _, verb := range []string{"probe", "diagnose", "verify"} {
				if way == "device-code" && (verb == "probe" || number == 50079) {
					continue // which takes two seconds each
				}
				for _, more := range [][]string{nil, {"-v"}, {"-o=json"}} {
					code, said := w.asks(t, number, verb, way, more...)
					for _, no := range []string{"security-defaults", "per-user-mfa", "Manage security", "switch them off", "PowerShell", "Update-Mg", "fix "} {
						if strings.Contains(said, no) && !(no == "PowerShell" && strings.Contains(said, `"powershell":[]`)) {
							t.Errorf("%d %s %s %v: it says %q:\n%s", number, verb, way, more, no, said)
						}
					}
					if code != exitUnsettled || !strings.Contains(said, "--oauth browser") || more == nil && !strings.Contains(said, "nothing has to be weakened") {
						t.Errorf("%d %s %s %v: exit %d\n%s", number, verb, way, more, code, said)
					}
				}
			}
		}
	}
}

// A service in trouble, a code that was declined and a page that waits are our own
// trouble: no cause, and no words of ours as Entra's. A program gets its object.
func TestOAuthTroubleIsOurs(t *testing.T) {
	w := newWorld(t, tenantsim.Default())
	for _, number := range []int{90033, 70018, 50058} {
		for _, verb := range []string{"probe", "diagnose", "verify"} {
			code, said := w.asks(t, number, verb, "client-secret")
			if code != exitTrouble || strings.Contains(said, "Entra issued") || strings.Contains(said, "Entra names") || !strings.Contains(said, "there is no token for") {
				t.Errorf("%d %s: exit %d\n%s", number, verb, code, said)
			}
			var out strings.Builder
			code = w.runTo(t.Context(), &out, w.cloud(verb, w.typed, "--oauth", "client-secret", "-o=json")...)
			var body struct{ Cause, Outcome string }
			if err := json.Unmarshal([]byte(out.String()), &body); code != exitTrouble || err != nil || body.Cause != "" {
				t.Errorf("%d %s: exit %d, %v:\n%s", number, verb, code, err, out.String())
			}
		}
	}
}

// A refused secret is sent once.
func TestOAuthSecretIsSentOnce(t *testing.T) {
	w := newWorld(t, tenantsim.Default())
	w.env[oauth.EnvSecret] = "wrong"
	before := len(w.Requests())
	if code := w.run(t.Context(), w.cloud("verify", w.typed, "--oauth", "client-secret", "--wait", "1s", "--poll", "1ms")...); code != exitCause {
		t.Errorf("exit %d\n%s", code, w.said.String())
	}
	sent := 0
	for _, r := range w.Requests()[before:] {
		if strings.HasSuffix(r.Path, "/token") {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("%d times", sent)
	}
}

// A region that the environment names does not lead the sign-in to another host.
func TestRegionIsWithheld(t *testing.T) {
	w := newWorld(t, tenantsim.Default())
	w.env["AZURE_REGIONAL_AUTHORITY_NAME"] = "westeurope"
	if said, err := w.command(t, w.cloud("diagnose", w.typed, "--oauth", "client-secret")...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}
