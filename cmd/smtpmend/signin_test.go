package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/browsertest"
	"smtpmend/internal/tenantsim"
	"smtpmend/internal/tenantsim/token"
	"smtpmend/probe"
)

// Whoever signs in and by whatever way, with success and without, and with the
// libraries told to talk: no token, code or secret is in what is printed, in a
// journal, or in the environment of a program that was started.
func TestNoSignInLeaks(t *testing.T) {
	const password, clientSecret = "S3cret-Pass+word/42", "client~secret.of~the-app/7+"
	for _, auth := range []string{"browser", "device-code", "client-secret", "azure-cli"} {
		for _, refused := range []int{0, 53003} {
			t.Run(fmt.Sprintf("%s, refusal %d", auth, refused), func(t *testing.T) {
				scenario, _ := tenantsim.LookupScenario("smtp-auth-off-mailbox")
				state := scenario.State()
				state.Users[0].Password, state.Apps[0].Secret = password, clientSecret
				if refused != 0 {
					state.Faults = []tenantsim.Fault{{API: "login", Path: "/token", Kind: "refused", AADSTS: refused}}
				}
				w := newWorld(t, state)
				bin, journals := t.TempDir(), filepath.Join(w.dir, "journals")
				if err := browsertest.Write(bin, filepath.Join(w.dir, tenantsim.CAFile)); err != nil {
					t.Fatal(err)
				}
				w.writeAz(t, bin)
				for name, value := range map[string]string{
					"DISPLAY": ":0", "PATH": bin + ":/usr/bin:/bin", "GODEBUG": "http2debug=2", "AZURE_SDK_GO_LOGGING": "all",
					envToken: "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2ln", "AZURE_CLIENT_CERTIFICATE_PASSWORD": clientSecret,
				} {
					w.env[name] = value
				}
				command := w.command(t, w.fixing(journals, "--auth", auth, "--yes", "--auth-mechanism", "login", "-v")...)
				said, err := command.CombinedOutput()
				if wrong := refused != 0 && auth != "azure-cli"; wrong == (err == nil) {
					t.Fatalf("%v\n%s", err, said)
				}
				environ := read(t, bin, "environ") + read(t, bin, "az-environ")
				text := string(said) + contents(t, journals) + environ
				if found := leaks(text, []string{password, clientSecret, w.env[envToken]}); len(found) > 0 {
					t.Errorf("leaked %q in:\n%s", found, text)
				}
				if code := regexp.MustCompile(`name="code" value="([^"]+)"`).FindStringSubmatch(read(t, bin, "page.html")); code != nil && strings.Contains(string(said), code[1]) {
					t.Errorf("the code is in:\n%s", said)
				}
				if child := auth == "browser" || auth == "azure-cli"; child != strings.Contains(environ, "PATH=") {
					t.Errorf("the environment of the child: %q", environ)
				}
				if calls := read(t, bin, "az-calls"); auth == "azure-cli" && strings.Count(calls, "\n") != 2 {
					t.Errorf("az ran for each of two APIs: %q", calls)
				}
				for _, noise := range []string{"http2:", "Request: ", "AuthenticationFailed"} {
					if strings.Contains(string(said), noise) {
						t.Errorf("%q is in:\n%s", noise, said)
					}
				}
			})
		}
	}
}

// What is not certain of a sovereign cloud is said where its server could not be
// spoken to, and nowhere else.
func TestDoubt(t *testing.T) {
	for _, tt := range []struct {
		server string
		stage  probe.StageName
		want   bool
	}{
		{"smtp.office365.us:587", probe.StageResolve, true},
		{"smtp.partner.outlook.cn:587", probe.StageTLS, true},
		{"smtp.office365.us:587", probe.StageAuth, false},
		{"smtp.office365.com:587", probe.StageConnect, false},
	} {
		if got := doubt(tt.server, &probe.Report{Stage: tt.stage}); (got != "") != tt.want {
			t.Errorf("%s at %s: %q", tt.server, tt.stage, got)
		}
	}
}

// writeAz makes a program az that is signed in as the administrator of w.
func (w *world) writeAz(t *testing.T, dir string) {
	t.Helper()
	script := "#!/bin/sh\ncd '" + dir + "'\necho \"$@\" >>az-calls\nenv >az-environ\ncase $6 in\n"
	for _, root := range []string{w.Cloud().Graph, w.Cloud().Exchange} {
		token := token.Claims{
			Audience: root, TenantID: w.state.TenantID, AppID: tenantsim.ClientID, User: w.state.Admin.User,
			Scopes: strings.Join(w.state.Apps[0].Permissions, " "), Expires: time.Now().Add(time.Hour).Unix(),
		}.Token()
		script += root + `) echo '{"accessToken":"` + token + `","expires_on":4102444800}' ;;` + "\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "az"), []byte(script+"esac\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}
