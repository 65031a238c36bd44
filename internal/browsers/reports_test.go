//go:build browsers

package browsers

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpmend/internal/tenantsim"
)

// reports are what a technician leaves behind, by scenario.
var reports = []struct {
	name, scenario string
	args           []string
}{
	{"fixed", "smtp-auth-off-mailbox", []string{"fix", "--yes", "--poll", "50ms"}},
	{"fixed-twice", tenantsim.DefaultScenario, []string{"fix", "--yes-tenant-wide", "--poll", "50ms"}},
	{"planned", "security-defaults", []string{"fix"}},
	{"by-hand", "conditional-access", []string{"diagnose"}},
	{"unsure", "older-words", []string{"diagnose", "--auth", "none"}},
	{"wrong-password", "bad-credentials", []string{"diagnose"}},
	{"healthy", "healthy", []string{"verify"}},
	{"old-tls", "old-tls", []string{"diagnose"}},
}

// widths are a phone's and a desk's, in pixels.
var widths = []int{390, 1280}

// Each report is opened without an error, asks nobody for anything, and nothing
// of it is out of sight.
func TestReports(t *testing.T) {
	program := build(t)
	shots := os.Getenv("SCREENSHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	for _, r := range reports {
		page := report(t, program, r.scenario, r.args)
		asked := &nobody{}
		proxy := asked.listen(t)
		for _, width := range widths {
			picture := filepath.Join(shots, fmt.Sprintf("%s-%d.png", r.name, width))
			said := chromium(t, proxy, page, fmt.Sprintf("--window-size=%d,2400", width), "--screenshot="+picture)
			if strings.Contains(said, "CONSOLE") {
				t.Errorf("%s: %s", r.name, said)
			}
			check(t, r.name, picture, width)
		}
		printed := filepath.Join(shots, r.name+".pdf")
		chromium(t, proxy, page, "--no-pdf-header-footer", "--print-to-pdf="+printed)
		if pdf, err := os.ReadFile(printed); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Errorf("%s: no PDF: %v", r.name, err)
		}
		if hosts := asked.hosts(); len(hosts) > 0 {
			t.Errorf("%s asked %q", r.name, hosts)
		}
	}
}

// That nobody was asked is no news unless a page that asks is found out.
func TestRequestsAreNoticed(t *testing.T) {
	page := filepath.Join(t.TempDir(), "asks.html")
	if err := os.WriteFile(page, []byte(`<img src="http://elsewhere.example/x.png">`), 0o600); err != nil {
		t.Fatal(err)
	}
	asked := &nobody{}
	chromium(t, asked.listen(t), page, "--screenshot="+page+".png")
	if len(asked.hosts()) == 0 {
		t.Error("the request was not seen")
	}
}

// report writes a report of a tenant in the state of a scenario.
func report(t *testing.T, program, scenario string, args []string) string {
	t.Helper()
	s, ok := tenantsim.LookupScenario(scenario)
	if !ok {
		t.Fatalf("no scenario %s", scenario)
	}
	state, dir := s.State(), t.TempDir()
	ten, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer ten.Close()
	page := filepath.Join(dir, "report.html")
	args = append(args, state.Users[0].Mailbox, "--cloud-file", ten.EndpointFile(), "--report", page)
	if args[0] == "fix" {
		args = append(args, "--journal-dir", filepath.Join(dir, "journal"))
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	password := state.Users[0].Password
	if s.Device.WrongPassword {
		password += "x"
	}
	cmd.Env = []string{"HOME=" + dir, "SMTPMEND_PASSWORD=" + password, "AZURE_TENANT_ID=" + state.TenantID,
		"AZURE_CLIENT_ID=" + state.Apps[0].ClientID, "AZURE_CLIENT_SECRET=" + state.Apps[0].Secret}
	out, _ := cmd.CombinedOutput() // the exit code is the verdict's
	if text, err := os.ReadFile(page); err != nil || len(text) == 0 {
		t.Fatalf("%v: %v\n%s", args, err, out)
	} else if bytes.Contains(text, []byte(password)) || bytes.Contains(text, []byte(state.Apps[0].Secret)) {
		t.Errorf("%v: a secret is in the report", args)
	}
	return page
}

// chromium opens page with everything else going to proxy, and returns what it
// printed.
func chromium(t *testing.T, proxy, page string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "chromium", append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir(),
		"--proxy-server=http://" + proxy,
	}, append(args, "file://"+page)...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, out)
	}
	return string(out)
}

// check looks at a picture: there is something on it, and nothing in its margin.
func check(t *testing.T, name, file string, width int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	size := picture.Bounds()
	if size.Dx() != width {
		t.Errorf("%s is %d pixels wide, not %d", name, size.Dx(), width)
	}
	if dark(picture, size) == 0 {
		t.Errorf("%s at %d: the page is empty", name, width)
	}
	margin := image.Rect(size.Max.X-6, size.Min.Y, size.Max.X, size.Max.Y)
	if n := dark(picture, margin); n > 0 {
		t.Errorf("%s at %d: %d pixels in the margin", name, width, n)
	}
}

func dark(picture image.Image, part image.Rectangle) (n int) {
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if r, g, b, _ := picture.At(x, y).RGBA(); r+g+b < 3*0x8000 {
				n++
			}
		}
	}
	return n
}

// nobody is a proxy that leads nowhere and remembers what was wanted of it.
type nobody struct {
	mu  sync.Mutex
	all []string
}

func (n *nobody) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			line := make([]byte, 200)
			k, _ := conn.Read(line)
			conn.Close()
			n.mu.Lock()
			n.all = append(n.all, strings.SplitN(string(line[:k]), "\r\n", 2)[0])
			n.mu.Unlock()
		}
	}()
	return l.Addr().String()
}

// hosts leaves out what the browser asks its maker for by itself.
func (n *nobody) hosts() (all []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, line := range n.all {
		if !strings.Contains(line, "google") && !strings.Contains(line, "gvt1.com") {
			all = append(all, line)
		}
	}
	return all
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "smtpmend")
	if out, err := exec.Command("go", "build", "-o", program, "smtpmend/cmd/smtpmend").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}
