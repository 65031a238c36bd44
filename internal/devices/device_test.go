//go:build devices

package devices

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"smtpmend/internal/freeport"
	"smtpmend/internal/listen"
)

// A device is a client with its settings, and what its texts stand for.
type device struct {
	*workshop
	client
	values   map[string]string
	settings string
	printed  []byte
}

func (w *workshop) newDevice(t *testing.T, c client, settings string) *device {
	t.Helper()
	if strings.Contains(c.Command, "$NODE_MODULES") && w.nodeModules == "" {
		t.Skip("Node.js with npm is not installed")
	}
	return &device{workshop: w, client: c, settings: settings, values: map[string]string{
		"USER": userAddress, "PASSWORD": password, "TOKEN": token, "OTHER": other,
		"CA": w.ca, "HOME": openDir(t), "NODE_MODULES": w.nodeModules,
	}}
}

// submit has the client submit the message.
func (d *device) submit(t *testing.T) {
	t.Helper()
	d.values["RELAY"] = freePort(t)
	d.values["SETTINGS"] = d.fill(t, unindent(d.settings))
	cmd := d.command(t, d.Command)
	d.values["PROGRAM"] = cmd.Path
	for _, f := range d.Folders {
		d.mkdir(t, f)
	}
	for _, name := range d.Files {
		form, err := os.ReadFile(filepath.Join("testdata", name))
		check(t, err)
		check(t, os.WriteFile(filepath.Join(d.values["HOME"], name), []byte(d.fill(t, string(form))), 0o644))
	}
	if d.Daemon != "" {
		d.startDaemon(t)
	}
	cmd.Stdin = strings.NewReader(message)
	d.printed = run(t, cmd)
}

// run returns what a command printed. That it fails is no failure: most of
// the setups are wrong.
func run(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) || failed != nil && !failed.Exited() {
		t.Fatalf("%s: %v\n%s", cmd.Path, err, out.Bytes())
	}
	return out.Bytes()
}

// assignment fits a variable of the environment, with at least one underscore:
// arguments such as AUTH=PLAIN are none.
var assignment = regexp.MustCompile(`^[A-Z]+_[A-Z_]+=`)

// command reads a command as a shell would that knows no quotes. It is killed
// when it takes too long, and when the test ends.
func (d *device) command(t *testing.T, text string) *exec.Cmd {
	t.Helper()
	env := append(os.Environ(), "HOME="+d.values["HOME"], "no_proxy=*")
	var args []string
	for _, word := range strings.Fields(d.fill(t, text)) {
		if assignment.MatchString(word) {
			env = append(env, word)
		} else {
			args = append(args, word)
		}
	}
	path, err := exec.LookPath(args[0])
	if err != nil {
		t.Fatalf("%s is not installed: %v", args[0], err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, path, args[1:]...)
	cmd.Dir, cmd.Env = d.values["HOME"], env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd
}

// startDaemon runs the daemon in the foreground until the test ends. What it
// prints goes nowhere: it has a log.
func (d *device) startDaemon(t *testing.T) {
	t.Helper()
	daemon := d.command(t, d.Daemon)
	check(t, daemon.Start())
	t.Cleanup(func() {
		d.command(t, d.Stop).Run() // it may lead a process group of its own
		syscall.Kill(-daemon.Process.Pid, syscall.SIGTERM)
		daemon.Wait()
	})
	d.wait(t, "the daemon", func() bool {
		conn, err := net.Dial("tcp", "127.0.0.1:"+d.values["RELAY"])
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

// await returns the report of the client's first session.
func (d *device) await(t *testing.T, reports <-chan *listen.Report) *listen.Report {
	t.Helper()
	select {
	case r := <-reports:
		return r
	case <-time.After(patience):
		t.Fatalf("nothing was heard; the client said:\n%s", d.said(t))
		return nil
	}
}

// said is what the client has printed and logged so far.
func (d *device) said(t *testing.T) string {
	t.Helper()
	if d.Log == "" {
		return string(d.printed)
	}
	log, err := os.ReadFile(filepath.Join(d.values["HOME"], d.Log))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(d.printed) + string(log)
}

// awaitSaid returns once the client has said text.
func (d *device) awaitSaid(t *testing.T, text string) {
	t.Helper()
	d.wait(t, strconv.Quote(text), func() bool { return strings.Contains(d.said(t), text) })
}

func (d *device) wait(t *testing.T, what string, there func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !there(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s; the client said:\n%s", patience, what, d.said(t))
		}
	}
}

// fill replaces words such as $PORT in a text.
func (d *device) fill(t *testing.T, text string) string {
	t.Helper()
	return os.Expand(text, func(name string) string {
		value, ok := d.values[name]
		if !ok {
			t.Errorf("nothing stands for $%s", name)
		}
		return value
	})
}

// unindent removes the indentation that lines have in the manual.
func unindent(text string) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n\t\t\t", "\n")
}

func (d *device) mkdir(t *testing.T, f folder) {
	t.Helper()
	owner, err := user.Lookup(f.Owner)
	check(t, err)
	uid, err := strconv.Atoi(owner.Uid)
	check(t, err)
	gid, err := strconv.Atoi(owner.Gid)
	check(t, err)
	path := filepath.Join(d.values["HOME"], f.Name)
	check(t, os.Mkdir(path, 0o755))
	check(t, os.Chown(path, uid, gid))
}

func freePort(t *testing.T) string {
	t.Helper()
	port, err := freeport.Next()
	check(t, err)
	return strconv.Itoa(port)
}
