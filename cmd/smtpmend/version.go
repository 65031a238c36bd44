package main

import (
	"runtime/debug"
	"strings"
)

// version is the program's version, as far as the build knows one.
func version() string { return recorded(debug.ReadBuildInfo()) }

// recorded is the module's version, with the commit where the version does not
// tell it.
func recorded(info *debug.BuildInfo, ok bool) string {
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	for _, s := range info.Settings {
		if s.Key != "vcs.revision" || len(s.Value) < 12 {
			continue
		}
		if commit := s.Value[:12]; !strings.Contains(info.Main.Version, commit) {
			return info.Main.Version + ", commit " + commit
		}
	}
	return info.Main.Version
}
