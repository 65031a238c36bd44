//go:build realservers

package realservers

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"text/template"
	"time"

	"smtpmend/internal/freeport"
)

// patience bounds every wait for a server; none of them is a measurement.
const patience = 30 * time.Second

// A site is where one server keeps its files, and the ports it listens on,
// each set up to be one thing: the templates in testdata say how.
type site struct {
	Dir            string
	User, Password string

	Good       int // a certificate that verifies, AUTH after STARTTLS
	Implicit   int // TLS at once
	SelfSigned int
	Expired    int
	WrongName  int
	NoTLS      int // no STARTTLS
	NoAuth     int // no AUTH
	NewTLS     int // TLS 1.3 and nothing older
}

// newSite makes a folder that a server's own users can look into, with the
// certificates, and finds the ports.
func newSite(t *testing.T, certs *authority) *site {
	t.Helper()
	dir, err := os.MkdirTemp("", "realservers")
	check(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	check(t, os.Chmod(dir, 0o755))
	s := &site{Dir: dir, User: mailbox, Password: password}
	for _, port := range []*int{
		&s.Good, &s.Implicit, &s.SelfSigned, &s.Expired, &s.WrongName, &s.NoTLS, &s.NoAuth, &s.NewTLS,
	} {
		var err error
		*port, err = freeport.Next()
		check(t, err)
	}
	for name, pem := range certs.files {
		s.write(t, name+".pem", pem)
	}
	return s
}

func (s *site) write(t *testing.T, name string, data []byte) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(s.Dir, name), data, 0o644))
}

// configure fills in the templates of testdata.
func (s *site) configure(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		form, err := template.New(name).Delims("[[", "]]").ParseFiles(filepath.Join("testdata", name))
		check(t, err)
		var b bytes.Buffer
		check(t, form.Execute(&b, s))
		s.write(t, name, b.Bytes())
	}
}

// mkdir makes a folder in the site that belongs to the named user.
func (s *site) mkdir(t *testing.T, name, owner string) {
	t.Helper()
	u, err := user.Lookup(owner)
	check(t, err)
	uid, err := strconv.Atoi(u.Uid)
	check(t, err)
	gid, err := strconv.Atoi(u.Gid)
	check(t, err)
	path := filepath.Join(s.Dir, name)
	check(t, os.Mkdir(path, 0o755))
	check(t, os.Chown(path, uid, gid))
}

// start runs a server in the foreground until the test ends. It leaves no
// process behind: the server and its children are a process group.
func start(t *testing.T, s *site, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is not installed: %v", name, err)
	}
	var output bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Dir = s.Dir
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = patience
	check(t, cmd.Start())
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		killer := time.AfterFunc(patience, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		cmd.Wait()
		killer.Stop()
		if t.Failed() && output.Len() > 0 {
			t.Logf("%s said:\n%s", name, output.String())
		}
	})
}

// awaitPort returns once something listens on port.
func awaitPort(t *testing.T, port int) {
	t.Helper()
	await(t, "a server on port "+strconv.Itoa(port), func() bool {
		conn, err := net.Dial("tcp", address(port))
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

func await(t *testing.T, what string, there func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !there(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s", patience, what)
		}
	}
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
