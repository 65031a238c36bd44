//go:build peers

package peers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	megabyte = 1_000_000

	logSize = 100 * megabyte
	logRuns = 5
	// maxRatio is how much longer than grep, which counts lines on one core,
	// smtpmend may take to say who, when and why, with room for a busy machine.
	maxRatio = 15

	// How much slower than such a day's log, in the same run, a log may be read
	// in which every line is a refusal, and one of the worst lines that can be
	// made.
	refusalsSize   = 30 * megabyte
	refusalsSlower = 30
	worstSize      = 4 * megabyte
	worstSlower    = 250
	maxPeak        = 64 // MB
	// maxGrowth is how much more memory, in MB, a log ten times as long may
	// take: the table of sessions is full then, and grows no more.
	maxGrowth = 24
)

// A reading is one run over a log.
type reading struct {
	took time.Duration
	peak float64 // resident memory in MB
}

func (r reading) speed() float64 { return r.of(logSize) }

// of is the speed in MB/s for a log of that size.
func (r reading) of(size int) float64 { return float64(size) / megabyte / r.took.Seconds() }

// TestExplainLog reads a mail log of 100 MB, in which 0.2 % of the lines are
// refusals, with smtpmend and, in turns with it, with the grep that an
// administrator would use.
func TestExplainLog(t *testing.T) {
	b := newBench(t)
	short, long := b.path("short.log"), b.path("mail.log")
	writeMailLog(t, short, logSize/10, 2)
	hits := writeMailLog(t, long, logSize, 2)

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
	took := func(r reading) float64 { return r.took.Seconds() }
	if ratio := middle(ours, took) / middle(grep, took); ratio > maxRatio {
		t.Errorf("%.1f times as long as grep, want at most %d", ratio, maxRatio)
	}
	peak := middle(ours, func(r reading) float64 { return r.peak })
	if peak >= maxPeak || peak > shortPeak+maxGrowth {
		t.Errorf("peak of %.0f MB (%.0f MB for a tenth of the log), want under %d and bounded", peak, shortPeak, maxPeak)
	}
}

// TestExplainRefusals reads a log in which every line is a refusal.
func TestExplainRefusals(t *testing.T) {
	b := newBench(t)
	log := b.path("refusals.log")
	hits := writeMailLog(t, log, refusalsSize, 1000)
	var runs []reading
	for range logRuns {
		runs = append(runs, b.read(t, b.path("smtpmend"), "explain", "--output", "json", "--log", log))
	}
	if got := b.microsoftLines(t); !slices.Equal(got, hits) {
		t.Errorf("%d of %d refusals are told", len(got), len(hits))
	}
	b.fast(t, "every line a refusal", runs, refusalsSize, refusalsSlower)
}

// ordinary is the speed in MB/s at which the log of a day is read.
func (b *bench) ordinary(t *testing.T) float64 {
	t.Helper()
	log := b.path("day.log")
	writeMailLog(t, log, logSize, 2)
	var runs []reading
	for range 3 {
		runs = append(runs, b.read(t, b.path("smtpmend"), "explain", "--log", log))
	}
	return middle(runs, reading.speed)
}

// TestExplainWorst reads logs of the worst lines that can be made.
func TestExplainWorst(t *testing.T) {
	b := newBench(t)
	for name, line := range worst {
		log := b.path("worst.log")
		writeWorst(t, log, worstSize, line)
		var runs []reading
		for range 3 {
			runs = append(runs, b.read(t, b.path("smtpmend"), "explain", "--log", log))
		}
		b.fast(t, name, runs, worstSize, worstSlower)
	}
}

// fast checks the median speed of runs against that of a day's log, and their
// memory.
func (b *bench) fast(t *testing.T, name string, runs []reading, size, slower int) {
	t.Helper()
	speed, peak := middle(runs, func(r reading) float64 { return r.of(size) }), middle(runs, func(r reading) float64 { return r.peak })
	day := b.ordinary(t)
	t.Logf("%s: %.0f MB/s, a day's log %.0f MB/s, peak %.0f MB", name, speed, day, peak)
	if speed*float64(slower) < day || peak >= maxPeak {
		t.Errorf("%s: %.0f times as slow as a day's log, with a peak of %.0f MB, want at most %d times, under %d MB", name, day/speed, peak, slower, maxPeak)
	}
}

// read runs a program on all cores; what it prints goes to a file.
func (b *bench) read(t *testing.T, args ...string) reading {
	t.Helper()
	out, err := os.Create(b.path("output"))
	check(t, err)
	defer out.Close()
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	var notes bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &notes
	began := time.Now()
	err = cmd.Run()
	took := time.Since(began)
	if err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 3 { // nothing that it knows
			t.Fatalf("%v: %v\n%s", args, err, notes.String())
		}
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
// refusals of Microsoft 365, with when and, but where the log tells nothing
// else, whose and from which device.
func (b *bench) microsoftLines(t *testing.T) []int {
	t.Helper()
	f, err := os.Open(b.path("output"))
	check(t, err)
	defer f.Close()
	var lines []int
	for in := bufio.NewScanner(f); in.Scan(); {
		var object struct {
			Line                           int
			Verdict, Time, Mailbox, Device string
		}
		check(t, json.Unmarshal(in.Bytes(), &object))
		if object.Verdict == "named" || object.Verdict == "unsure" {
			lines = append(lines, object.Line)
			if object.Time == "" || (object.Mailbox == "") != (object.Device == "") {
				t.Errorf("line %d: no time, or half of who it was: %+v", object.Line, object)
			}
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
