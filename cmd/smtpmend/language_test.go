package main

import (
	"bytes"
	"strings"
	"testing"

	"smtpmend/internal/tenantsim"
	"smtpmend/internal/view"
)

func TestClosest(t *testing.T) {
	for locale, want := range map[string]view.Language{
		"cs_CZ.UTF-8": view.Czech, "cs": view.Czech, "cs-CZ": view.Czech, "cs_CZ": view.Czech,
		"en_US.UTF-8": view.English, "de_DE@euro": view.English, "sk_SK.UTF-8": view.English, "C": view.English, "C.UTF-8": view.English, "POSIX": view.English,
		"": view.English, "x": view.English, strings.Repeat("a", 1000): view.English,
	} {
		if got := closest([]string{locale}); got != want {
			t.Errorf("%q: %s, want %s", locale, got, want)
		}
	}
	if got := closest([]string{"de-DE", "cs-CZ"}); got != view.Czech {
		t.Errorf("the second best: %s", got)
	}
	if got := closest(nil); got != view.English {
		t.Errorf("nobody: %s", got)
	}
}

// The flag wins over the locale, and neither touches JSON, codes and commands.
func TestLanguages(t *testing.T) {
	w := newWorld(t, tenantsim.Scenarios[0].State())
	said := func(locale string, args ...string) string {
		var out bytes.Buffer
		w.locale = locale
		w.runTo(t.Context(), &out, append([]string{"explain", "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy."}, args...)...)
		return out.String()
	}
	english, czech := said(""), said("cs_CZ.UTF-8")
	if !strings.Contains(english, "Next") || english != said("cs_CZ.UTF-8", "--lang", "en") || english != said("en_GB") {
		t.Errorf("English:\n%s", english)
	}
	if !strings.Contains(czech, "Další krok") || czech != said("", "--lang", "CS") || strings.Contains(czech, "Next") {
		t.Errorf("Czech:\n%s", czech)
	}
	for _, same := range []string{"[security-defaults]", "user is locked by your organization's security defaults", "smtpmend verify MAILBOX", "smtpmend diagnose MAILBOX"} {
		if strings.Contains(english, same) != strings.Contains(czech, same) {
			t.Errorf("%q is not in both:\n%s\n%s", same, english, czech)
		}
	}
	if said("", "-o", "json") != said("cs", "-o", "json", "--lang", "cs") {
		t.Error("JSON depends on the language")
	}
}
