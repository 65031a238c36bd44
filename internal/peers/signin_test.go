//go:build peers

package peers

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noise is by how much the median of the ratios may come out too high on a
// machine that others use as well. The programs wait for as many replies, or
// for one or two more, so that far away they differ by little else.
const noise = 1.10

// TestRefusedSignIn has the same sign-in refused to smtpmend and its peers.
// smtpmend's whole process must not be slower than any of them, of which some
// have no language runtime to start and one verifies no certificate, however
// far away the server is. Rounds is how often each program runs, in turns,
// after one run that is not counted.
func TestRefusedSignIn(t *testing.T) {
	b := newBench(t)
	for _, far := range []struct {
		delay  time.Duration
		rounds int
	}{{0, 61}, {time.Millisecond, 61}, {10 * time.Millisecond, 21}, {50 * time.Millisecond, 11}, {100 * time.Millisecond, 7}} {
		delay, rounds := far.delay, far.rounds
		t.Run(fmt.Sprintf("replies after %s", delay), func(t *testing.T) {
			f := newFront(t, b.cert, delay)
			programs := b.programs(t, f.Addr().String())
			took := make([][]time.Duration, len(programs))
			said := make([][]string, len(programs))
			for round := range rounds + 1 {
				for i, p := range programs {
					d := p.run(t, b)
					said[i] = <-f.dialogues
					if round > 0 {
						took[i] = append(took[i], d)
					}
				}
			}
			t.Log(table(programs, took, said))
			checkLines(t, said[0])
			for i, peer := range programs[1:] {
				if r := ratio(took[0], took[i+1]); r > noise {
					t.Errorf("smtpmend took %.2f times as long as %s", r, peer.name)
				}
			}
		})
	}
}

// table lays out the medians, and the medians of smtpmend's ratio to each, run
// by run.
func table(programs []program, took [][]time.Duration, said [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\n\tprogram\tmedian\tfastest\tslowest\tsmtpmend\tlines\t\n")
	for i, p := range programs {
		fmt.Fprintf(w, "\t%s\t%.1f ms\t%.1f ms\t%.1f ms\t%.2f\t%d\t\n", p.name,
			ms(median(took[i])), ms(slices.Min(took[i])), ms(slices.Max(took[i])), ratio(took[0], took[i]), len(said[i]))
	}
	w.Flush()
	return b.String()
}

// checkLines wants from the client the fewest lines that AUTH LOGIN allows,
// and a farewell.
func checkLines(t *testing.T, said []string) {
	t.Helper()
	hello := ""
	if len(said) > 0 {
		hello = said[0]
	}
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	want := []string{hello, "STARTTLS", hello, "AUTH LOGIN " + encode(mailbox), encode(password), "QUIT"}
	if diff := cmp.Diff(want, said); diff != "" || !strings.HasPrefix(hello, "EHLO ") {
		t.Errorf("smtpmend's lines (-want +got):\n%s", diff)
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median[T time.Duration | float64](values []T) T {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// ratio is the median of a over b, run by run.
func ratio(a, b []time.Duration) float64 {
	var ratios []float64
	for i := range a {
		ratios = append(ratios, float64(a[i])/float64(b[i]))
	}
	return median(ratios)
}
