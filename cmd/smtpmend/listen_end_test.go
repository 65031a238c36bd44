package main

import (
	"bufio"
	"encoding/json"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"smtpmend/diagnose"
	"smtpmend/internal/listen"
	"smtpmend/internal/tenantsim"
)

func TestListenEndsAtCtrlC(t *testing.T) {
	s := startStand(t)
	s.stop()
	if code := s.wait(); code != exitUnsettled || !strings.Contains(s.said(), "no device connected") {
		t.Errorf("before any session: exit %d: %s", code, s.said())
	}

	s = startStand(t, "-o", "json")
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	readLine(t, r)
	conn.Write([]byte("EHLO printer\r\n"))
	for line := ""; !strings.HasPrefix(line, "250 "); {
		line = readLine(t, r)
	}
	conn.Write([]byte("MAIL FROM:<a@contoso.com>\r\n"))
	readLine(t, r)
	s.stop()
	if code := s.wait(); code != exitCause || !strings.Contains(s.said(), "1 session: 1 starttls-not-used") {
		t.Errorf("in a session: exit %d: %s", code, s.said())
	}
	var rep listen.Report
	if err := json.Unmarshal(s.out.Bytes(), &rep); err != nil || rep.End != "closed" {
		t.Errorf("report: %v: %s", err, s.out.String())
	}
}

// Of two devices with one password the second waits for the service's answer
// to the first. When the end comes before it, neither was told anything.
func TestListenEndsWhileTheServiceIsAsked(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("healthy")
	ten, err := tenantsim.Start(t.Context(), scenario.State(), tenantsim.Options{Dir: t.TempDir(), RefusalDelay: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer ten.Close()
	s := startStand(t, "--forward", "--cloud-file", ten.EndpointFile(), "-o", "json")
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { submit(s.addr, tenantsim.Mailbox, "Wr0ng+password") }) // gets what the end leaves
	}
	for len(ten.Attempts()) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	time.Sleep(200 * time.Millisecond) // the other one has most likely come as far
	s.stop()
	if code := s.wait(); code != exitUnsettled {
		t.Errorf("exit %d", code)
	}
	both.Wait()
	for line := range strings.Lines(s.out.String()) {
		var r listen.Report
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		if r.Verdict != diagnose.Unknown || strings.Contains(line, "refused before") {
			t.Errorf("report: %s", line)
		}
	}
}

func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}
