//go:build peers

package peers

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"smtpmend/internal/tenantsim"
)

// A crowd is many mailboxes of a simulated tenant far away, which refuses the
// sign-in of each.
const (
	crowd    = 1000
	atOnce   = 8
	far      = 50 * time.Millisecond
	replies  = 7 // greeting, EHLO, STARTTLS, EHLO, AUTH, the password, QUIT
	mostSlow = 1.3
	mostRSS  = 128 << 10 // KB
)

// TestManyMailboxes has a thousand sign-ins refused to one smtpmend, and to
// curl by xargs -P. What the replies' waits alone allow is the measure, curl
// stands beside; every mailbox is tried once by each.
func TestManyMailboxes(t *testing.T) {
	b := newBench(t)
	state := tenantsim.Default()
	user := state.Users[0]
	user.SMTPAuth, state.Users = "off", nil
	var list, commands strings.Builder
	list.WriteString("mailbox,password\n")
	for i := range crowd {
		u := user
		u.ID, u.Mailbox, u.Password = fmt.Sprintf("%s%04x", user.ID[:32], i), fmt.Sprintf("m%d@contoso.com", i), rand.Text()
		state.Users = append(state.Users, u)
		fmt.Fprintf(&list, "%s,%s\n", u.Mailbox, u.Password)
		fmt.Fprintf(&commands, "%s:%s\n", u.Mailbox, u.Password)
	}
	ten, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: b.dir, ReplyDelay: far})
	check(t, err)
	defer ten.Close()
	b.write(t, "list.csv", list.String())
	b.write(t, "commands", commands.String())

	allowed := time.Duration(crowd/atOnce*replies) * far
	runs := []struct {
		name string
		cmd  *exec.Cmd
		in   string
	}{
		{name: "smtpmend", cmd: exec.Command(b.path("smtpmend"), "diagnose", "--from-file", b.path("list.csv"), "--parallel", fmt.Sprint(atOnce),
			"--cloud-file", ten.EndpointFile(), "--auth", "none", "--resume", b.path("run.jsonl"))},
		{name: "xargs -P curl", in: commands.String(), cmd: exec.Command("xargs", "-P", fmt.Sprint(atOnce), "-I", "{}",
			"curl", "--silent", "--ssl-reqd", "--cacert", b.path(tenantsim.CAFile), "--url", "smtp://"+ten.Cloud().SMTP,
			"--login-options", "AUTH=LOGIN", "--user", "{}", "--mail-from", mailbox, "--mail-rcpt", mailbox, "--upload-file", b.path("message"))},
	}
	for _, run := range runs {
		var said bytes.Buffer
		run.cmd.Stdin, run.cmd.Stdout, run.cmd.Stderr = strings.NewReader(run.in), &said, &said
		run.cmd.Env = []string{"HOME=" + b.dir, "PATH=" + os.Getenv("PATH")}
		before, began := len(ten.Attempts()), time.Now()
		run.cmd.Run() // a refusal is an error to both
		took := time.Since(began)
		rss := run.cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
		slow := float64(took) / float64(allowed)
		t.Logf("%-14s %6.1f s, %.2f times what the replies allow, peak %d MB", run.name, took.Seconds(), slow, rss>>10)
		if n := len(ten.Attempts()) - before; n != crowd {
			t.Errorf("%s made %d sign-ins:\n%.500s", run.name, n, said.String())
		}
		if run.name != "smtpmend" {
			continue
		}
		if slow > mostSlow || rss > mostRSS {
			t.Errorf("it took %.2f times as long as the replies, and %d MB", slow, rss>>10)
		}
		if !strings.Contains(said.String(), fmt.Sprintf("%6d  smtp-auth-off-mailbox", crowd)) {
			t.Errorf("the table is not right:\n%s", said.String()[max(0, said.Len()-500):])
		}
	}
}
