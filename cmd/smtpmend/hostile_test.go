package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"smtpmend/internal/tenantsim"
)

// hostile holds one of each kind that must not reach a terminal: sequences of
// ESC and of C1, DEL, the bidirectional controls, what cannot be seen, and
// what is no UTF-8.
const hostile = "\x1b[31m\x1b]0;owned\a\u009b2J\u009d0;x\u009c\x7f\u202e\u2066\u200b\u00ad\ufeff\u2028\U000e0041\xff"

// rawIn returns the first character of what was printed that must not be.
func rawIn(said []byte) string {
	for len(said) > 0 {
		r, n := utf8.DecodeRune(said)
		switch {
		case r == utf8.RuneError && n == 1, r < 0x20 && r != '\n' && r != '\t', r >= 0x7f && r < 0xa0, r == 0xad, r == 0xfeff,
			r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xe0000 && r <= 0xe0fff:
			return fmt.Sprintf("%q before %q", said[:n], said[n:min(len(said), n+40)])
		}
		said = said[n:]
	}
	return ""
}

// A hostile server says the same in its greeting and in all its replies.
func hostileServer(t *testing.T) string {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				fmt.Fprintf(conn, "220 smtp.office365.com %s\r\n", hostile)
				lines := bufio.NewScanner(conn)
				for lines.Scan() {
					if verb, _, _ := strings.Cut(lines.Text(), " "); strings.EqualFold(verb, "EHLO") {
						fmt.Fprintf(conn, "250-%s\r\n250 STARTTLS\r\n", hostile)
					} else {
						fmt.Fprintf(conn, "454 4.7.0 %s\r\n", hostile)
					}
				}
			}()
		}
	}()
	return socket.Addr().String()
}

// Whatever a server, a tenant, a journal, a log, a file or the command line
// says: nothing raw is printed, in no format, by no verb.
func TestNothingRawIsPrinted(t *testing.T) {
	state := tenantsim.Default()
	state.Name = "Contoso" + hostile
	state.Users[0].DisplayName = hostile
	if err := state.Set(tenantsim.Mailbox, "org.conditional-access", "Block "+strings.ToValidUTF8(hostile, "")); err != nil {
		t.Fatal(err)
	}
	state.Users[0].SMTPAuth = "off"
	w := newWorld(t, state)
	dir, server := t.TempDir(), hostileServer(t)
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	journals := filepath.Join(dir, "journals")
	w.run(t.Context(), w.cloud("fix", tenantsim.Mailbox, "--poll", "1ms", "--wait", "20ms", "--journal-dir", journals, "--yes")...)
	good := journalsIn(t, journals)
	if len(good) != 1 {
		t.Fatalf("%d journals\n%s", len(good), w.said.String())
	}
	text, err := os.ReadFile(good[0])
	if err != nil {
		t.Fatal(err)
	}
	escaped := strings.ReplaceAll(strings.Trim(fmt.Sprintf("%+q", strings.ToValidUTF8(hostile, "")), `"`), `\x`, `\u00`)
	escaped = strings.NewReplacer(`\a`, `\u0007`, `\U000e0041`, `\udb40\udc41`).Replace(escaped)
	forged := file("forged.jsonl", strings.NewReplacer(`"tenant":"contoso.com"`, `"tenant":"`+escaped+`"`,
		`"mailbox":"scanner@contoso.com"`, `"mailbox":"`+escaped+`@contoso.com"`, `"target":"scanner@contoso.com"`, `"target":"`+escaped+`@contoso.com"`).Replace(string(text)))
	reply := "535 5.7.139 Authentication unsuccessful, " + hostile
	log := file("mail.log", "Nov 26 10:00:00 mx postfix/smtp[1]: "+reply+"\n")
	lines := [][]string{
		{"probe", tenantsim.Mailbox, "--server", server},
		{"diagnose", tenantsim.Mailbox, "--server", server},
		{"fix", tenantsim.Mailbox, "--server", server, "--journal-dir", journals},
		{"verify", tenantsim.Mailbox, "--server", server, "--wait", "0"},
		{"diagnose", tenantsim.Mailbox},
		{"fix", tenantsim.Mailbox, "--journal-dir", journals},
		{"fix", tenantsim.Mailbox, "--journal-dir", filepath.Join(dir, hostile, "x")},
		{"fix", tenantsim.Mailbox, "--powershell"},
		{"probe", "scanner" + hostile + "@contoso.com"},
		{"diagnose", tenantsim.Mailbox, "--from", hostile},
		{"diagnose", tenantsim.Mailbox, "--tenant", hostile},
		{"diagnose", tenantsim.Mailbox, "--client-id", hostile},
		{"diagnose", tenantsim.Mailbox, "--auth", hostile},
		{"diagnose", tenantsim.Mailbox, "--password-file", filepath.Join(dir, hostile)},
		{"fix", tenantsim.Mailbox, "--yes=" + hostile},
		{"undo", forged, "--yes"},
		{"undo", filepath.Join(dir, hostile+".jsonl")},
		{"undo", "--list", "--journal-dir", dir},
		{"undo", "--last", "--journal-dir", dir, "--yes"},
		{"explain", reply},
		{"explain", "--log", log},
		{"explain", "--log", filepath.Join(dir, hostile)},
		{"explain", hostile},
		{"demo", hostile},
		{"simulate", "--scenario", hostile},
		{"simulate", "--state", file("state.json", `{"domain":"`+escaped+`"}`), "--smtp-addr", hostile},
		{hostile},
		{"--" + hostile},
	}
	for _, line := range lines {
		for _, format := range []string{"text", "json"} {
			args := append(line, "--output", format)
			if takesCloud(line[0]) {
				args = w.cloud(args...)
			}
			w.said.Reset()
			w.run(t.Context(), args...)
			if found := rawIn(w.said.Bytes()); found != "" {
				t.Errorf("%q: %s", args, found)
			}
			if w.said.Len() == 0 {
				t.Errorf("%q says nothing", args)
			}
		}
	}
}

func takesCloud(verb string) bool {
	return strings.Contains("probe diagnose fix verify undo", verb)
}

// What a device says of itself does not reach the screen raw either.
func TestNothingRawOfADevice(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		s := startStand(t, "--count", "1", "--output", format)
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "EHLO %s\r\nMAIL FROM:<%s@contoso.com>\r\nAUTH %s\r\n%s\r\nQUIT\r\n", hostile, hostile, hostile, hostile)
		io.Copy(io.Discard, conn)
		conn.Close()
		s.wait()
		said := []byte(s.said())
		if found := rawIn(said); found != "" {
			t.Errorf("%s: %s", format, found)
		}
		if !bytes.Contains(said, []byte("owned")) {
			t.Errorf("%s: nothing of the device is shown:\n%s", format, said)
		}
	}
}
