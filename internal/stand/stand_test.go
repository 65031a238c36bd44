package stand

import (
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Who may not have a port is told how to get it.
func TestListenWithoutTheRight(t *testing.T) {
	text := forbidden("587").Error()
	want := []string{"port 587", "above 1023 with --addr and set the device to it"}
	if runtime.GOOS == "linux" {
		want = append(want, "with sudo", "setcap cap_net_bind_service=+ep ", "authbind")
	}
	if slices.ContainsFunc(want, func(part string) bool { return !strings.Contains(text, part) }) {
		t.Error(text)
	}
}

// What was typed and what the machine lacks are told apart.
func TestFlagErrors(t *testing.T) {
	for _, addr := range []string{"2525", "contoso.com:25", ":none", "127.0.0.1:70000"} {
		if _, err := Listen(addr); !isFlagError(err) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	taken, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, err := Listen(taken.Addr().String()); err == nil || isFlagError(err) {
		t.Errorf("a port in use: %v", err)
	}
	for _, i := range []Identity{{Cert: "a.pem"}, {Names: []string{"a b"}}, {Cert: "a", Key: "b", Names: []string{"c"}}} {
		if _, _, err := i.Certificate(); !isFlagError(err) {
			t.Errorf("%+v: %v", i, err)
		}
	}
}

func isFlagError(err error) bool {
	_, ok := errors.AsType[*FlagError](err)
	return ok
}

func TestShort(t *testing.T) {
	if got := short(8*time.Hour) + short(90*time.Minute) + short(90*time.Second); got != "8h1h30m1m30s" {
		t.Error(got)
	}
}
