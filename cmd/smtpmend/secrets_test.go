package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"

	"smtpmend/internal/tenantsim"
)

var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)

// leaks lists which of the secrets, or their usual encodings, text holds.
func leaks(text string, secrets []string) []string {
	var found []string
	for _, s := range secrets {
		for _, form := range []string{
			s, base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)),
			base64.StdEncoding.EncodeToString([]byte("\x00" + tenantsim.Mailbox + "\x00" + s)), url.QueryEscape(s),
		} {
			if strings.Contains(text, form) {
				found = append(found, form)
			}
		}
	}
	for _, run := range base64Run.FindAllString(text, -1) {
		for start := range min(4, len(run)) { // a secret may begin anywhere
			part := strings.NewReplacer("-", "+", "_", "/").Replace(run[start:])
			decoded, _ := base64.RawStdEncoding.DecodeString(part[:len(part)/4*4])
			for _, s := range secrets {
				if strings.Contains(string(decoded), s) {
					found = append(found, run)
				}
			}
		}
	}
	if token := regexp.MustCompile(`eyJ[\w-]{8,}\.`).FindString(text); token != "" {
		found = append(found, token)
	}
	return found
}

// Every verb, in success and in failure, with secrets that are known: none of
// them is in anything printed or written.
func TestNoVerbPrintsASecret(t *testing.T) {
	const password, clientSecret = "S3cret-Pass+word/42", "client~secret.of~the-app/7+"
	for _, tt := range []struct {
		name, scenario string
		edit           func(*world)
	}{
		{"mended", "printer", nil},
		{"tenant-wide", "scanner", nil},
		{"healthy", "healthy", nil},
		{"wrong password", "healthy", func(w *world) { w.env[envPassword] = password + "x" }},
		{"wrong client secret", "printer", func(w *world) { w.env["AZURE_CLIENT_SECRET"] = clientSecret + "x" }},
		{"bad token", "healthy", func(w *world) {
			delete(w.env, envPassword)
			w.env[envToken] = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL2dyYXBoLm1pY3Jvc29mdC5jb20ifQ.c2lnbmF0dXJl"
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			scenario, ok := tenantsim.LookupScenario(tt.scenario)
			if !ok {
				t.Fatalf("no scenario %s", tt.scenario)
			}
			state := scenario.State()
			state.Users[0].Password, state.Apps[0].Secret = password, clientSecret
			w := newWorld(t, state)
			if tt.edit != nil {
				tt.edit(w)
			}
			journals := filepath.Join(w.dir, "journals")
			for _, format := range []string{"text", "json"} {
				everyVerb(t, w, journals, format)
			}
			text := w.said.String() + contents(t, journals)
			secrets := []string{password, clientSecret, w.env[envPassword], w.env[envToken]}
			if found := leaks(text, nonEmpty(secrets)); len(found) > 0 {
				t.Errorf("leaked %q in:\n%s", found, text)
			}
			if !strings.Contains(text, tenantsim.Mailbox) {
				t.Error("nothing was printed")
			}
		})
	}
}

func everyVerb(t *testing.T, w *world, journals, format string) {
	ctx := t.Context()
	out := []string{"-o", format}
	w.run(ctx, append(w.cloud("probe", tenantsim.Mailbox), out...)...)
	w.run(ctx, append(w.cloud("diagnose", tenantsim.Mailbox), out...)...)
	w.run(ctx, append(w.cloud("verify", tenantsim.Mailbox, "--poll", "1ms", "--wait", "5ms"), out...)...)
	w.run(ctx, append(w.cloud("fix", tenantsim.Mailbox, "--powershell"), out...)...)
	w.run(ctx, append(w.cloud("fix", tenantsim.Mailbox, "--yes-tenant-wide", "--poll", "1ms", "--wait", "2s", "--journal-dir", journals), out...)...)
	files, _ := filepath.Glob(filepath.Join(journals, "*"))
	for _, f := range files {
		w.run(ctx, append(w.cloud("undo", f), out...)...)
	}
	w.run(ctx, append([]string{"explain", "535 5.7.3 Authentication unsuccessful"}, out...)...)
	w.run(ctx, append([]string{"demo", "bad-credentials"}, out...)...)
	listens(t, w, "-o", format)
	listens(t, w, "-o", format, "--forward", "--cloud-file", w.EndpointFile())
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	statefile := filepath.Join(t.TempDir(), "state.json")
	if err := w.state.Write(statefile); err != nil {
		t.Fatal(err)
	}
	w.run(short, append([]string{"simulate", "--state", statefile}, out...)...)
}

// xoauth2 is an initial response of XOAUTH2 as a script makes it.
type xoauth2 string

func (x xoauth2) Start() (string, []byte, error) { return "XOAUTH2", []byte(x), nil }
func (x xoauth2) Next([]byte) ([]byte, error)    { return nil, nil }

// listens has listen hear a device with the secrets of w, in mechanisms that
// Microsoft takes and in some that it does not.
func listens(t *testing.T, w *world, args ...string) {
	password, token := w.env[envPassword], w.env[envToken]
	ways := []sasl.Client{
		sasl.NewPlainClient("", tenantsim.Mailbox, password), sasl.NewLoginClient(tenantsim.Mailbox, password),
		sasl.NewLoginClient(password, tenantsim.Mailbox), // swapped
		sasl.NewLoginClient("\x00"+tenantsim.Mailbox+"\x00"+password, "x"),
		xoauth2(`user=` + tenantsim.Mailbox + `\x01auth=Bearer ` + token + `\x01\x01`), // no ^A, as scripts get wrong
		xoauth2("user=" + tenantsim.Mailbox + " auth=Bearer " + token),
		sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: tenantsim.Mailbox, Token: token}),
	}
	s := startStand(t, args...)
	for _, way := range ways {
		c, err := connect(s.addr)
		if err != nil {
			t.Fatal(err)
		}
		c.Auth(way) // refused or not, it was said
		c.Close()
	}
	for _, line := range []string{
		"AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00"+tenantsim.Mailbox+"\x00"+password)),
		"AUTH PLAIN\t" + base64.StdEncoding.EncodeToString([]byte("\x00"+tenantsim.Mailbox+"\x00"+password)),
		"AUTH " + base64.StdEncoding.EncodeToString([]byte(password)), "AUTH " + password,
		"AUTH LOGIN " + base64.StdEncoding.EncodeToString([]byte(password)) + "\r\n" + base64.StdEncoding.EncodeToString([]byte(tenantsim.Mailbox)),
		"AUTH LOGIN\r\n" + password, password, "PASS " + password, "AUTH XOAUTH2 " + token,
	} {
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "EHLO printer\r\n%s\r\nQUIT\r\n", line)
		io.Copy(io.Discard, conn)
		conn.Close()
	}
	s.stop()
	s.wait()
	w.said.WriteString(s.said())
}

// contents returns the text of every file below dir.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // no journal was needed
		}
		b, err := os.ReadFile(path)
		all.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func nonEmpty(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
