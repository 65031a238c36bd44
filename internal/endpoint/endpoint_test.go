package endpoint

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const lab = `{"name":"lab","smtp":"127.0.0.1:2525","login":"https://127.0.0.1:8443/",` +
	`"graph":"https://127.0.0.1:8443/graph","exchange":"https://127.0.0.1:8443/exchange"}`

func TestBuiltin(t *testing.T) {
	for _, name := range []string{"global", "usgov", "dod", "china"} {
		c, ok := Builtin(name)
		if !ok || c.Name != name {
			t.Fatalf("Builtin(%q) = %+v, %v", name, c, ok)
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.HasSuffix(c.Login+c.Graph+c.Exchange, "/") {
			t.Errorf("%s: a root ends in a slash", name)
		}
	}
	if len(Names()) != 4 || Names()[0] != "global" {
		t.Errorf("Names() = %v", Names())
	}
	if _, ok := Builtin("Global"); ok {
		t.Error("names are matched by case")
	}
}

// Of the built-in submission servers one stands in Microsoft's documentation.
func TestFromUsers(t *testing.T) {
	for address, want := range map[string]bool{
		"smtp.office365.com:587": false, "smtp.office365.us:587": true, "outlook-dod.office365.us:587": true,
		"smtp.partner.outlook.cn:587": true, "smtp.office365.us:25": false, "127.0.0.1:2525": false,
	} {
		if got := FromUsers(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// The page that says which hosts to let through has those of the table.
func TestHostsInTheDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/sign-in.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for line := range strings.Lines(string(page)) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | "); ok {
			rows[name] = line
		}
	}
	for _, c := range builtin {
		for name, host := range map[string]string{"login": c.Login, "Graph": c.Graph, "Exchange": c.Exchange, "submission": strings.TrimSuffix(c.SMTP, ":587")} {
			if !strings.Contains(rows[name], " "+strings.TrimPrefix(host, "https://")+" ") {
				t.Errorf("%s of %s is not in %q", name, c.Name, rows[name])
			}
		}
	}
}

func TestLoad(t *testing.T) {
	path := write(t, t.TempDir(), "lab.json", lab)
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want := Cloud{Name: "lab", SMTP: "127.0.0.1:2525", Login: "https://127.0.0.1:8443",
		Graph: "https://127.0.0.1:8443/graph", Exchange: "https://127.0.0.1:8443/exchange"}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Cloud{}, "Roots", "CA")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Roots != nil {
		t.Error("Roots without a CA file")
	}
}

func TestLoadRefuses(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(lab, old, new, 1) }
	tests := []struct{ name, text, want string }{
		{"empty", "", "is not valid JSON (line 1)"},
		{"cut short", lab[:40], "is not valid JSON"},
		{"two objects", lab + lab, "is not valid JSON"},
		{"syntax on line 3", "{\n\"name\":\n!}", "(line 3)"},
		{"list", "[]", "must hold one JSON object"},
		{"null", "null", "holds null"},
		{"unknown key", swap(`{`, `{"imap":"x",`), `key "imap" is unknown`},
		{"key in capitals", swap(`"smtp"`, `"SMTP"`), `key "SMTP" is unknown`},
		{"no name", swap(`"name":"lab",`, ``), `key "name" is missing`},
		{"no smtp", swap(`"smtp":"127.0.0.1:2525",`, ``), `key "smtp" is missing`},
		{"no login", swap(`"login":"https://127.0.0.1:8443/",`, ``), `key "login" is missing`},
		{"empty graph", swap(`https://127.0.0.1:8443/graph`, ``), `key "graph" is missing`},
		{"number", swap(`"127.0.0.1:2525"`, `2525`), `key "smtp" must be a string`},
		{"null value", swap(`"lab"`, `null`), `key "name" must be a string`},
		{"no port", swap(`127.0.0.1:2525`, `127.0.0.1`), `key "smtp" must be host:port`},
		{"port zero", swap(`:2525`, `:0`), `key "smtp" must end in a port`},
		{"port name", swap(`:2525`, `:smtp`), `key "smtp" must end in a port`},
		{"url for smtp", swap(`"127.0.0.1:2525"`, `"smtp://h:25"`), `key "smtp" must be host:port`},
		{"plain http", swap(`https://127.0.0.1:8443/graph`, `http://127.0.0.1/graph`), `key "graph" must start with https://`},
		{"no host", swap(`https://127.0.0.1:8443/exchange`, `https:///x`), `key "exchange" names no host`},
		{"reports by http", swap(`{`, `{"reports":"http://127.0.0.1:8443/",`), `key "reports" must start with https://`},
		{"user in URL", swap(`https://127.0.0.1:8443/"`, `https://a:b@h/"`), `key "login" must be a plain URL`},
		{"CA file missing", swap(`{`, `{"ca_file":"gone.pem",`), `key "ca_file" names`},
		{"CA file empty", swap(`{`, `{"ca_file":"empty.pem",`), `holds no certificate`},
		{"CA file broken", swap(`{`, `{"ca_file":"broken.pem",`), `certificate 1 is broken`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "empty.pem", "nothing here")
			write(t, dir, "broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
			path := write(t, dir, "lab.json", tt.text)
			_, err := Load(path)
			if err == nil {
				t.Fatal("no error")
			}
			if msg := err.Error(); !strings.Contains(msg, tt.want) || !strings.Contains(msg, path) || strings.Contains(msg, "\n") {
				t.Errorf("error = %q, want the file and %q on one line", msg, tt.want)
			}
		})
	}
}

func TestLoadMissingFile(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.json"))
	if err == nil || !strings.Contains(err.Error(), "none.json: cannot be read") {
		t.Errorf("error = %v", err)
	}
}

// A file without an end is not read to one.
func TestLoadEndlessFile(t *testing.T) {
	endless := "/dev/zero"
	if _, err := os.Stat(endless); err != nil {
		t.Skip(err)
	}
	if _, err := Load(endless); err == nil || !strings.Contains(err.Error(), "longer than 1 MB") {
		t.Errorf("%v", err)
	}
	file := filepath.Join(t.TempDir(), "endpoints.json")
	text := `{"name":"lab","smtp":"127.0.0.1:25","login":"https://127.0.0.1/","graph":"https://127.0.0.1/","exchange":"https://127.0.0.1/","ca_file":"/dev/zero"}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(file); err == nil || !strings.Contains(err.Error(), "longer than 16 MB") {
		t.Errorf("%v", err)
	}
}

func TestLoadRoots(t *testing.T) {
	dir := t.TempDir()
	der := certificate(t)
	pemText := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	write(t, dir, "ca.pem", "a comment\n"+string(pemText))
	c, err := Load(write(t, dir, "lab.json", strings.Replace(lab, "{", `{"ca_file":"ca.pem",`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	for name, roots := range map[string]*x509.CertPool{"Roots": c.Roots, "AllRoots": c.AllRoots()} {
		if _, err := cert.Verify(x509.VerifyOptions{Roots: roots}); err != nil {
			t.Errorf("%s: the certificate of the CA file is not trusted: %v", name, err)
		}
	}
}

func certificate(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true}
	template.NotAfter = template.NotAfter.AddDate(8000, 0, 0)
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
