//go:build realservers

package cloudapi_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/freeport"
)

// The same through Debian's tinyproxy, which lets through, refuses, and wants a
// password; it knows the simulated tenant's name by a proxy behind it.
func TestTinyproxy(t *testing.T) {
	for _, tt := range []struct {
		name, config, user string
		want               []string
	}{
		{"works", "", "", nil},
		{"with a password", "BasicAuth user Pr0xy-Pass\n", "user:Pr0xy-Pass@", nil},
		{"wants a password", "BasicAuth user Pr0xy-Pass\n", "", []string{"wants a user name and password"}},
		{"refuses", "ConnectPort 443\n", "", []string{"gives no way to " + proxiedName, "status 403"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tenant, m := behind(t)
			at := tinyproxy(t, tt.config+"Upstream http "+strings.TrimPrefix(m.URL, "http://")+"\n")
			_, err := session(t, tenant.Cloud(), map[string]string{"HTTPS_PROXY": "http://" + tt.user + at})
			if (err == nil) != (len(tt.want) == 0) {
				t.Fatal(err)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
			if err == nil && len(tokenRequests(tenant)) != 2 {
				t.Errorf("%d requests arrived", len(tenant.Requests()))
			}
		})
	}
}

// tinyproxy starts one and returns its address.
func tinyproxy(t *testing.T, config string) string {
	t.Helper()
	port, err := freeport.Next()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tinyproxy.conf")
	text := fmt.Sprintf("Port %d\nListen 127.0.0.1\nTimeout 30\nMaxClients 20\n%s", port, config)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command("tinyproxy", "-d", "-c", file)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill(); server.Wait() })
	at := fmt.Sprintf("127.0.0.1:%d", port)
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); pause() {
		if conn, err := net.Dial("tcp", at); err == nil {
			conn.Close()
			return at
		}
	}
	t.Fatal("tinyproxy did not start")
	return ""
}
