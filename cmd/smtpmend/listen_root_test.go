//go:build linux

package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"smtpmend/internal/tenantsim"
)

// Opened as root, it is somebody else in all its threads when a device is
// heard, and that somebody can write and remove what it makes.
func TestListenGivesUpRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give root up")
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		sudo     []string
		uid, gid string
	}{
		{"with sudo", []string{"SUDO_UID=54321", "SUDO_GID=54322"}, "54321", "54322"},
		{"as root itself", nil, nobody.Uid, nobody.Gid},
		{"with sudo of root", []string{"SUDO_UID=0", "SUDO_GID=0"}, nobody.Uid, nobody.Gid},
		{"with half of sudo", []string{"SUDO_UID=54321"}, nobody.Uid, nobody.Gid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			top := openDir(t)
			save := filepath.Join(top, "new", "scans")
			s := startListenWith(t, append(withoutSudo(), tt.sudo...), "--addr", "127.0.0.1:0", "--save", save, "--count", "1")
			for field, want := range map[string]string{"Uid": tt.uid, "Gid": tt.gid, "Groups": tt.gid} {
				for _, got := range statuses(t, s.cmd.Process.Pid, field) {
					if slices.ContainsFunc(strings.Fields(got), func(id string) bool { return id != want }) || strings.TrimSpace(got) == "" {
						t.Errorf("%s: %s, want %s alone", field, got, want)
					}
				}
			}
			if err := submit(s.addr, tenantsim.Mailbox, "Paper-Jam-41"); err != nil {
				t.Error(err)
			}
			notes := s.wait(t)
			files, err := filepath.Glob(filepath.Join(save, "*.eml"))
			if err != nil || len(files) != 1 {
				t.Fatalf("saved %q, %v\n%s", files, err, notes)
			}
			for _, path := range []string{files[0], save, filepath.Dir(save)} {
				info, err := os.Stat(path)
				if err != nil {
					t.Fatal(err)
				}
				if uid := strconv.Itoa(int(info.Sys().(*syscall.Stat_t).Uid)); uid != tt.uid {
					t.Errorf("%s belongs to %s", path, uid)
				}
			}
			m := certificateIn.FindStringSubmatch(notes)
			if m == nil {
				t.Fatalf("names no certificate: %s", notes)
			}
			if _, err := os.Stat(filepath.Dir(m[1])); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("left behind: %s, %v", m[1], err)
			}
		})
	}
}

var certificateIn = regexp.MustCompile(`certificate for .*: (\S+\.pem)`)

// A directory that is root's stays so: the person is told before a device is
// heard that nothing could be kept there.
func TestListenNeedsADirectoryOfItsOwn(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give root up")
	}
	dir := openDir(t)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("smtpmend", "listen", "--addr", "127.0.0.1:0", "--save", dir)
	cmd.Env = withoutSudo()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), "--save directory cannot be written to") {
		t.Errorf("%v: %s", err, out)
	}
	if info, err := os.Stat(dir); err != nil || info.Sys().(*syscall.Stat_t).Uid != 0 {
		t.Errorf("the directory was given away: %v", err)
	}
}

// statuses is a field of proc(5)'s status, of each thread.
func statuses(t *testing.T, pid int, field string) (all []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/status")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // the thread has ended
		}
		_, rest, _ := strings.Cut(string(text), "\n"+field+":")
		line, _, _ := strings.Cut(rest, "\n")
		all = append(all, line)
	}
	return all
}

// withoutSudo is the environment but for what sudo adds to it.
func withoutSudo() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SUDO_") })
}

// openDir is a temporary directory of root's that others can pass through.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "listen")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}
