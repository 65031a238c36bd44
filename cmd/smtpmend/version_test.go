package main

import (
	"runtime/debug"
	"testing"
)

// The version names the commit, once.
func TestVersion(t *testing.T) {
	const commit = "72b463184782ac0f3c1e5d6b7a8990123456789f"
	for _, tt := range []struct{ module, commit, want string }{
		{"v1.2.3", commit, "v1.2.3, commit 72b463184782"},
		{"v1.2.3+dirty", commit, "v1.2.3+dirty, commit 72b463184782"},
		{"v0.0.0-20261126105118-72b463184782", commit, "v0.0.0-20261126105118-72b463184782"},
		{"v1.2.3", "", "v1.2.3"}, // fetched as a module
		{"(devel)", "", "(devel)"},
		{"(devel)", commit, "(devel), commit 72b463184782"},
		{"", commit, "(devel)"},
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: tt.module}, Settings: []debug.BuildSetting{{Key: "vcs", Value: "git"}}}
		if tt.commit != "" {
			info.Settings = append(info.Settings, debug.BuildSetting{Key: "vcs.revision", Value: tt.commit})
		}
		if got := recorded(info, true); got != tt.want {
			t.Errorf("%+v: %q", tt, got)
		}
	}
	if got := recorded(nil, false); got != "(devel)" {
		t.Errorf("nothing recorded: %q", got)
	}
}
