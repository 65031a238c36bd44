package cloudapi

import (
	"errors"
	"strings"
	"testing"
)

// Where a browser opens by itself, where it is tried when it is asked for, and
// why not.
func TestDesktop(t *testing.T) {
	type env = map[string]string
	ssh := env{"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
	for _, tt := range []struct {
		name, system string
		env          env
		opener       bool
		certain      bool
		lacks, why   string // parts, "" for nothing
	}{
		{"a desktop", "linux", env{"DISPLAY": ":0"}, true, true, "", ""},
		{"Wayland", "linux", env{"WAYLAND_DISPLAY": "wayland-0"}, true, true, "", ""},
		{"no program", "linux", env{"DISPLAY": ":0"}, false, false, "no program", "no program"},
		{"a server's console", "linux", nil, true, false, "", "no desktop"},
		{"SSH", "linux", ssh, true, false, "SSH session", "SSH session"},
		{"SSH by its terminal", "freebsd", env{"SSH_TTY": "/dev/pts/1"}, true, false, "SSH session", "SSH session"},
		{"SSH with a display", "linux", env{"SSH_CONNECTION": "x", "DISPLAY": "localhost:10.0"}, true, false, "", "--auth browser tries its display"},
		{"a Mac", "darwin", nil, true, true, "", ""},
		{"a Mac over SSH", "darwin", ssh, true, false, "SSH session", "SSH session"},
		{"Windows", "windows", nil, true, true, "", ""},
		{"Windows over SSH", "windows", ssh, true, false, "SSH session", "SSH session"},
		{"nothing is known of the environment", "linux", nil, false, false, "no program", "no program"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := desktop{tt.system, lookup(tt.env), func(string) (string, error) {
				if tt.opener {
					return "/usr/bin/opener", nil
				}
				return "", errors.New("not found")
			}}
			if d.certain() != tt.certain || !holds(d.lacks(), tt.lacks) || !tt.certain && !holds(d.why(), tt.why) {
				t.Errorf("certain %v, lacks %q, why %q", d.certain(), d.lacks(), d.why())
			}
		})
	}
	if got := (desktop{system: "windows", find: func(string) (string, error) { return "", nil }}).opener(); got[0] != "rundll32" {
		t.Errorf("on Windows: %q", got)
	}
}

// holds reports whether text has the part, and is empty where the part is.
func holds(text, part string) bool {
	return strings.Contains(text, part) && (text == "") == (part == "")
}
