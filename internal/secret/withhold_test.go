package secret

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// What is withheld is found by the lookup alone, not by a child.
func TestWithhold(t *testing.T) {
	t.Setenv("WITHHELD", "hidden-from-children")
	t.Setenv("WITHHELD_EMPTY", "")
	t.Setenv("KEPT", "seen")
	lookup := Withhold("WITHHELD", "WITHHELD_EMPTY", "WITHHELD_UNSET")
	for name, want := range map[string]string{"WITHHELD": "hidden-from-children", "WITHHELD_EMPTY": "", "KEPT": "seen"} {
		if got, ok := lookup(name); got != want || !ok {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	if _, ok := lookup("WITHHELD_UNSET"); ok {
		t.Error("an unset variable was found")
	}
	if _, ok := os.LookupEnv("WITHHELD"); ok {
		t.Error("it is in the environment still")
	}
	out, err := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.v").CombinedOutput()
	if err != nil || strings.Contains(string(out), "hidden-from-children") || !strings.Contains(string(out), "KEPT=seen") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestChild prints its environment.
func TestChild(t *testing.T) { t.Log(strings.Join(os.Environ(), "\n")) }
