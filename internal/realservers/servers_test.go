//go:build realservers

package realservers

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A server is one that runs, and where it writes down what clients said.
type server struct {
	*site
	log string
	// tally counts the commands of a session in the line of the log that ends
	// it; in any other line it finds none.
	tally func(line string) map[string]int
	// onlyWithoutMail: sessions that come to MAIL are not tallied.
	onlyWithoutMail bool
}

// startPostfix runs Postfix, and Dovecot to check its passwords.
func startPostfix(t *testing.T, certs *authority) *server {
	t.Helper()
	s := newSite(t, certs)
	s.configure(t, "main.cf", "master.cf", "dovecot.conf")
	s.write(t, "users", []byte(mailbox+":{PLAIN}"+password+"\n"))
	s.mkdir(t, "queue", "root")
	s.mkdir(t, "data", "postfix")
	s.mkdir(t, "dovecot", "root")
	start(t, s, "dovecot", "-F", "-c", filepath.Join(s.Dir, "dovecot.conf"))
	await(t, "Dovecot's socket", func() bool {
		_, err := os.Stat(filepath.Join(s.Dir, "sasl"))
		return err == nil
	})
	start(t, s, "postfix", "-c", s.Dir, "start-fg")
	// The master leads a process group of its own.
	t.Cleanup(func() { exec.Command("postfix", "-c", s.Dir, "stop").Run() })
	awaitPort(t, s.Good)
	return &server{s, filepath.Join(s.Dir, "log"), postfixTally, false}
}

// startExim runs Exim, which checks passwords itself.
func startExim(t *testing.T, certs *authority) *server {
	t.Helper()
	s := newSite(t, certs)
	s.configure(t, "exim.conf")
	s.mkdir(t, "spool", "Debian-exim")
	check(t, os.Chmod(s.Dir, 0o777)) // Exim writes its logs as its own user
	start(t, s, "exim4", "-C", filepath.Join(s.Dir, "exim.conf"), "-bdf")
	awaitPort(t, s.Good)
	return &server{s, filepath.Join(s.Dir, "mainlog"), eximTally, true}
}

// postfixTally reads "disconnect from ... ehlo=2 starttls=1 auth=0/1 quit=1
// commands=4/5", where 0/1 is none accepted of one.
func postfixTally(line string) map[string]int {
	heard := map[string]int{}
	if !strings.Contains(line, ": disconnect from ") {
		return heard
	}
	for _, m := range regexp.MustCompile(` ([a-z]+)=(?:\d+/)?(\d+)`).FindAllStringSubmatch(line, -1) {
		if m[1] != "commands" {
			heard[m[1]], _ = strconv.Atoi(m[2])
		}
	}
	return heard
}

// eximTally reads "no MAIL in SMTP connection from ... C=EHLO,STARTTLS".
func eximTally(line string) map[string]int {
	heard := map[string]int{}
	if !strings.Contains(line, " no MAIL in ") {
		return heard
	}
	_, commands, _ := strings.Cut(line, " C=")
	for command := range strings.SplitSeq(commands, ",") {
		heard[strings.ToLower(command)]++
	}
	return heard
}

// size is how long the log is now.
func (s *server) size() int64 {
	info, err := os.Stat(s.log)
	if err != nil {
		return 0
	}
	return info.Size()
}

// tells reports whether the log tallies a session of these commands.
func (s *server) tells(heard string) bool {
	return heard != "" && !(s.onlyWithoutMail && strings.Contains(heard, "mail="))
}

// heard returns the commands of the session that ended after the log had the
// length since, in the server's own count: "auth=1 ehlo=2 quit=1 starttls=1".
func (s *server) heard(t *testing.T, since int64) string {
	t.Helper()
	var words []string
	await(t, "the end of the session in "+s.log, func() bool {
		log, err := os.ReadFile(s.log)
		if err != nil || int64(len(log)) < since {
			return false
		}
		for line := range strings.Lines(string(log[since:])) {
			counts := s.tally(strings.TrimSpace(line))
			for _, command := range slices.Sorted(maps.Keys(counts)) {
				words = append(words, fmt.Sprintf("%s=%d", command, counts[command]))
			}
			if len(words) > 0 {
				return true
			}
		}
		return false
	})
	return strings.Join(words, " ")
}
