//go:build peers

package peers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	megabyte = 1_000_000

	logSize  = 100 * megabyte
	logRuns  = 5
	minSpeed = 50 // MB/s on one core
	maxPeak  = 64 // MB
	// maxGrowth is how much more memory, in MB, a log ten times as long may
	// take before memory is not constant.
	maxGrowth = 8
)

// A reading is one run over a log.
type reading struct {
	took time.Duration
	peak float64 // resident memory in MB
}

func (r reading) speed() float64 { return logSize / megabyte / r.took.Seconds() }

// TestExplainLog reads a mail log of 100 MB with smtpmend on one core and, in
// turns with it, with the grep that an administrator would use.
func TestExplainLog(t *testing.T) {
	b := newBench(t)
	short, long := b.path("short.log"), b.path("mail.log")
	writeMailLog(t, short, logSize/10)
	hits := writeMailLog(t, long, logSize)

	explain := func(log string) reading {
		return b.read(t, b.path("smtpmend"), "explain", "--output", "json", "--log", log)
	}
	var ours, grep []reading
	for range logRuns {
		ours = append(ours, explain(long))
		if diff := cmp.Diff(hits, b.microsoftLines(t)); diff != "" {
			t.Fatalf("lines with a refusal of Microsoft's (-written +explained):\n%s", diff)
		}
		grep = append(grep, b.read(t, "grep", "-cE", `5\.7\.(139|57|3)`, long))
		if out := b.output(t); out != fmt.Sprintln(len(hits)) {
			t.Fatalf("grep counts %q lines, %d were written", out, len(hits))
		}
	}
	shortPeak := explain(short).peak
	t.Log(logTable(ours, grep, shortPeak))
	if speed := middle(ours, reading.speed); speed < minSpeed {
		t.Errorf("%.0f MB/s, want at least %d", speed, minSpeed)
	}
	peak := middle(ours, func(r reading) float64 { return r.peak })
	if peak >= maxPeak || peak > shortPeak+maxGrowth {
		t.Errorf("peak of %.0f MB (%.0f MB for a tenth of the log), want under %d and constant", peak, shortPeak, maxPeak)
	}
}

// read runs a program on one core; what it prints goes to a file.
func (b *bench) read(t *testing.T, args ...string) reading {
	t.Helper()
	out, err := os.Create(b.path("output"))
	check(t, err)
	defer out.Close()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	var notes bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &notes
	began := time.Now()
	err = cmd.Run()
	took := time.Since(began)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, notes.String())
	}
	// The kernel counts this process's own memory in before the program is
	// loaded; it is small, and can only make the peak larger. Linux has KiB.
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return reading{took, float64(usage.Maxrss) * 1024 / megabyte}
}

func (b *bench) output(t *testing.T) string {
	t.Helper()
	out, err := os.ReadFile(b.path("output"))
	check(t, err)
	return string(out)
}

// microsoftLines returns the numbers of the lines that smtpmend explained as
// refusals of Microsoft 365.
func (b *bench) microsoftLines(t *testing.T) []int {
	t.Helper()
	f, err := os.Open(b.path("output"))
	check(t, err)
	defer f.Close()
	var lines []int
	for in := bufio.NewScanner(f); in.Scan(); {
		var object struct {
			Line    int
			Verdict string
		}
		check(t, json.Unmarshal(in.Bytes(), &object))
		if object.Verdict == "named" || object.Verdict == "unsure" {
			lines = append(lines, object.Line)
		}
	}
	return lines
}

func logTable(ours, grep []reading, shortPeak float64) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\n\tprogram\tmedian\tspeed\tpeak\tpeak at 10 MB\t\n")
	for _, row := range []struct {
		name  string
		runs  []reading
		short string
	}{
		{"smtpmend explain --log", ours, fmt.Sprintf("%.0f MB", shortPeak)},
		{"grep -cE", grep, ""},
	} {
		fmt.Fprintf(w, "\t%s\t%.2f s\t%.0f MB/s\t%.0f MB\t%s\t\n", row.name,
			middle(row.runs, func(r reading) float64 { return r.took.Seconds() }), middle(row.runs, reading.speed),
			middle(row.runs, func(r reading) float64 { return r.peak }), row.short)
	}
	w.Flush()
	return b.String()
}

// middle is the median of one figure of several runs.
func middle(runs []reading, figure func(reading) float64) float64 {
	var figures []float64
	for _, r := range runs {
		figures = append(figures, figure(r))
	}
	return median(figures)
}
