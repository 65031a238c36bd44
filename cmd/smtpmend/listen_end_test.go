package main

import (
	"bufio"
	"encoding/json"
	"net"
	"strings"
	"testing"

	"smtpmend/internal/listen"
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

func readLine(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	line, err := r.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return line
}
