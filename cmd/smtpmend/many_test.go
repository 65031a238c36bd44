package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim"
)

// A herd is a world with many mailboxes and a list of them, whose truth is
// known.
type herd struct {
	*world
	list  string
	truth map[string][]string // by cause, or "healthy"
}

// wrongEvery is how often the list holds a wrong password.
const wrongEvery = 20

// populate gives a tenant n mailboxes with one thing wrong in turn, and returns
// the rows of the list for them.
func (h *herd) populate(state *tenantsim.State, n int) (rows []string) {
	user := state.Users[0]
	state.Users = nil
	for i := range n {
		u := user
		u.ID = fmt.Sprintf("%s%04x", user.ID[:32], i)
		u.Mailbox = fmt.Sprintf("m%d@%s", i, state.Domain)
		u.Password = fmt.Sprintf("Secret-%d-%s", i, state.Domain)
		typed, cause := u.Password, "healthy"
		switch {
		case i%wrongEvery == 5:
			typed, cause = typed+"-mistyped", "bad-credentials"
		case i%5 == 1:
			u.SMTPAuth, cause = "off", "smtp-auth-off-mailbox"
		case i%5 == 3:
			u.PerUserMFA, cause = "enforced", "per-user-mfa"
		}
		h.truth[cause] = append(h.truth[cause], u.Mailbox)
		rows = append(rows, u.Mailbox+","+typed)
		state.Users = append(state.Users, u)
	}
	return rows
}

func newHerd(t *testing.T, n int, domains ...string) *herd {
	t.Helper()
	return newHerdOf(t, tenantsim.Default(), n, domains...)
}

func newHerdOf(t *testing.T, main *tenantsim.State, n int, domains ...string) *herd {
	t.Helper()
	h := &herd{truth: map[string][]string{}}
	rows := h.populate(main, n)
	var others []*tenantsim.State
	for i, domain := range domains {
		other := tenantsim.Default()
		other.TenantID = fmt.Sprintf("%s%04x", other.TenantID[:32], i)
		other.Name, other.Domain, other.Admin.User = domain, domain, "admin@"+domain
		rows = append(rows, h.populate(other, n)...)
		others = append(others, other)
	}
	if len(domains) > 0 { // else three wrong passwords might meet
		rand.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	h.world = newWorldOf(t, main, others...)
	h.list = filepath.Join(h.dir, "list.csv")
	if err := os.WriteFile(h.list, []byte("mailbox,password\n"+strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	delete(h.env, "SMTPMEND_PASSWORD")
	delete(h.env, "AZURE_TENANT_ID") // the customers are many
	return h
}

// anAnswer is a line of JSON of such a run.
type anAnswer struct {
	Mailbox, Verdict, Cause, Started string
	Exit                             *int
	Summary                          []struct {
		Cause, Verdict string
		Count          int
		Mailboxes      []string
	}
}

// answers decodes lines of JSON: the results, the mailboxes that were begun, and
// the last summary.
func answers(t *testing.T, text []byte) (results map[string]string, begun []string, summary map[string][]string) {
	t.Helper()
	results, summary = map[string]string{}, map[string][]string{}
	for line := range bytes.Lines(text) {
		var a anAnswer
		if !bytes.HasSuffix(line, []byte("\n")) {
			continue // cut off by a kill
		}
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		switch {
		case a.Summary != nil:
			for _, g := range a.Summary {
				if summary[g.Cause+g.Verdict] = slices.Sorted(slices.Values(g.Mailboxes)); g.Count != len(g.Mailboxes) {
					t.Errorf("%s counts %d of %d", g.Cause+g.Verdict, g.Count, len(g.Mailboxes))
				}
			}
		case a.Started != "":
			begun = append(begun, a.Mailbox)
		default:
			if _, twice := results[a.Mailbox]; twice {
				t.Errorf("%s has two results", a.Mailbox)
			}
			if results[a.Mailbox] = a.Cause; a.Cause == "" {
				results[a.Mailbox] = a.Verdict
			}
			if a.Exit == nil {
				t.Errorf("%s has no exit code", a.Mailbox)
			}
		}
	}
	return results, begun, summary
}

// tells checks results and summary against the truth.
func (h *herd) tells(t *testing.T, results map[string]string, summary map[string][]string) {
	t.Helper()
	for cause, mailboxes := range h.truth {
		slices.Sort(mailboxes)
		for _, m := range mailboxes {
			if results[m] != cause {
				t.Errorf("%s: %q, want %s", m, results[m], cause)
			}
		}
	}
	if diff := cmp.Diff(h.truth, summary); diff != "" {
		t.Errorf("the table (-want +got):\n%s", diff)
	}
}

// tried counts the sign-ins of each mailbox.
func (h *herd) tried() map[string]int {
	times := map[string]int{}
	for _, a := range h.Attempts() {
		times[a.Mailbox]++
	}
	return times
}

// The table of a thousand mailboxes is the truth, each was tried once with its
// own password, and no password is anywhere.
func TestAThousandMailboxes(t *testing.T) {
	t.Parallel()
	h := newHerd(t, 1000/slower)
	record := filepath.Join(h.dir, "run.jsonl")
	var out bytes.Buffer
	if code := h.runTo(t.Context(), &out, h.cloud("diagnose", "--from-file", h.list, "--resume", record, "-o", "json")...); code != exitCause {
		t.Errorf("exit %d\n%.3000s", code, h.said.String())
	}
	results, begun, summary := answers(t, out.Bytes())
	h.tells(t, results, summary)
	if len(begun) > 0 {
		t.Error("a pipe was told what was begun")
	}
	kept, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	results, begun, summary = answers(t, kept)
	h.tells(t, results, summary)
	if len(begun) != len(results) {
		t.Errorf("%d begun, %d results in the record", len(begun), len(results))
	}
	for _, text := range []string{h.said.String(), string(kept)} {
		if at := strings.Index(text, "Secret-"); at >= 0 {
			t.Errorf("a password was told: %.200s", text[max(0, at-100):])
		}
	}
	for i, u := range h.State().Users[:20] {
		for _, form := range []string{u.Password, "\x00" + u.Mailbox + "\x00" + u.Password, u.Mailbox + "\x00" + u.Mailbox + "\x00" + u.Password} {
			if encoded := base64.StdEncoding.EncodeToString([]byte(form)); strings.Contains(string(kept), encoded) {
				t.Errorf("the password of mailbox %d is in the record as base64", i)
			}
		}
	}
	for mailbox, times := range h.tried() {
		if times != 1 {
			t.Errorf("%s was tried %d times", mailbox, times)
		}
	}
	counts := map[string]int{}
	for _, r := range h.Requests() {
		counts[r.API+" "+r.Path[strings.LastIndex(r.Path, "/")+1:]+r.Cmdlet]++
	}
	for _, wide := range []string{"token", "policies", "identitySecurityDefaultsEnforcementPolicy", "Get-TransportConfig", "subscribedSkus"} {
		for request, n := range counts {
			if most := map[bool]int{false: 1, true: 2}[wide == "token"]; strings.HasSuffix(request, wide) && n > most {
				t.Errorf("%s was asked %d times", request, n)
			}
		}
	}
}

// A partner's list of forty customers: each mailbox is judged by its own
// tenant, which is signed in to once.
func TestFortyTenants(t *testing.T) {
	t.Parallel()
	var domains []string
	for i := range 39 {
		domains = append(domains, fmt.Sprintf("customer%d.example", i))
	}
	h := newHerd(t, 5, domains...)
	var out bytes.Buffer
	if code := h.runTo(t.Context(), &out, h.cloud("diagnose", "--from-file", h.list, "-o", "json")...); code != exitCause {
		t.Errorf("exit %d\n%.3000s", code, h.said.String())
	}
	results, _, summary := answers(t, out.Bytes())
	h.tells(t, results, summary)
	signIns := map[string]int{}
	for _, r := range h.Requests() {
		if strings.HasSuffix(r.Path, "/token") {
			signIns[r.Path]++
		}
	}
	if len(signIns) != 40 {
		t.Errorf("%d tenants were signed in to", len(signIns))
	}
	for path, n := range signIns {
		if n != 2 { // Graph and Exchange
			t.Errorf("%s: %d times", path, n)
		}
	}
}

// Killed at any moment and gone on with, as often as it takes: nothing is lost,
// and tried again is only what was under way, which is said.
func TestKilledAmongMany(t *testing.T) {
	t.Parallel()
	killed, again := 0, 0
	for range 3 * rounds() {
		h := newHerd(t, 60)
		record := filepath.Join(h.dir, "run.jsonl")
		args := h.cloud("diagnose", "--from-file", h.list, "--resume", record, "--parallel", "5", "-o", "json")
		repeated, kills := map[string]bool{}, 0
		for ; ; kills++ {
			before, _ := os.ReadFile(record)
			had, begun, _ := answers(t, whole(before))
			under := map[string]bool{}
			for _, m := range begun {
				if _, has := had[m]; !has {
					under[m] = true
				}
			}
			p := h.start(t, args...)
			if kills < 4 {
				time.AfterFunc(time.Duration(rand.IntN(250))*time.Millisecond, func() { p.cmd.Process.Kill() })
			}
			code := p.end()
			for m := range under {
				repeated[m] = true
				if (kills >= 4 || code >= 0) && !strings.Contains(p.said.String(), m) {
					t.Errorf("%s was tried again, and that was not said:\n%s", m, &p.said)
				}
			}
			if code >= 0 {
				if code != exitCause {
					t.Fatalf("exit %d\n%s", code, &p.said)
				}
				var lines bytes.Buffer // the notes stand among the lines
				for line := range bytes.Lines(p.said.Bytes()) {
					if line[0] == '{' {
						lines.Write(line)
					}
				}
				results, _, summary := answers(t, lines.Bytes())
				h.tells(t, results, summary)
				break
			}
		}
		kept, err := os.ReadFile(record)
		if err != nil {
			t.Fatal(err)
		}
		results, _, summary := answers(t, whole(kept))
		h.tells(t, results, summary)
		for m, n := range h.tried() {
			if n > 1 && !repeated[m] {
				t.Errorf("%s was tried %d times and not under way at a kill", m, n)
			}
		}
		if len(repeated) > 5*kills {
			t.Errorf("%d were under way at %d kills", len(repeated), kills)
		}
		killed, again = killed+kills, again+len(repeated)
		h.Close()
	}
	t.Logf("killed %d times, %d mailboxes tried again", killed, again)
}

// whole leaves out lines that a kill cut off.
func whole(text []byte) []byte {
	var out []byte
	for line := range bytes.Lines(text) {
		if json.Valid(line) {
			out = append(out, line...)
		}
	}
	return out
}

// Interrupted, the run keeps what is finished, counts it, and goes on later.
func TestInterruptedAmongMany(t *testing.T) {
	h := newHerd(t, 60)
	record := filepath.Join(h.dir, "run.jsonl")
	args := h.cloud("diagnose", "--from-file", h.list, "--resume", record, "--parallel", "3", "-o", "json")
	ctx, cancel := context.WithCancel(t.Context())
	var begun atomic.Int32
	h.OnRequest(func(tenantsim.Request, tenantsim.Moment) {
		if begun.Add(1) == 200 {
			cancel()
		}
	})
	var out bytes.Buffer
	code := h.runTo(ctx, &out, args...)
	h.OnRequest(nil)
	results, _, summary := answers(t, out.Bytes())
	if open := len(summary["interrupted"]) + len(summary["not-tried"]); len(results) == 0 || open == 0 || len(results)+open != 60 || len(summary["interrupted"]) > 3 {
		t.Errorf("%d results, %d interrupted, %d not tried", len(results), len(summary["interrupted"]), len(summary["not-tried"]))
	}
	if code != exitCause && code != exitOK {
		t.Errorf("exit %d, though what is finished counts", code)
	}
	out.Reset()
	if code := h.runTo(t.Context(), &out, args...); code != exitCause {
		t.Errorf("exit %d", code)
	}
	for _, m := range summary["interrupted"] {
		h.says(t, m)
	}
	results, _, summary = answers(t, out.Bytes())
	h.tells(t, results, summary)

	// Nothing is finished: that is no answer.
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if code := h.run(ctx, h.cloud("diagnose", "--from-file", h.list)...); code != exitTrouble {
		t.Errorf("interrupted at once: exit %d", code)
	}
}

// Wrong passwords end the run after three, and those under way; the next run
// does not take up three more.
func TestStopAmongMany(t *testing.T) {
	for _, parallel := range []int{1, 4} {
		h := newHerd(t, 40)
		text, err := os.ReadFile(h.list)
		if err != nil {
			t.Fatal(err)
		}
		wrong := strings.ReplaceAll(string(text), ",Secret", ",Wrong-Secret")
		if err := os.WriteFile(h.list, []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		record := filepath.Join(h.dir, "run.jsonl")
		args := h.cloud("diagnose", "--from-file", h.list, "--resume", record, "--parallel", fmt.Sprint(parallel), "-o", "json")
		var out bytes.Buffer
		if code := h.runTo(t.Context(), &out, args...); code != exitTrouble {
			t.Errorf("exit %d", code)
		}
		refusals := 0
		results, _, summary := answers(t, out.Bytes())
		for _, cause := range results {
			if cause == "bad-credentials" {
				refusals++
			}
		}
		if refusals < 3 || refusals > 2+parallel || len(summary["not-tried"])+len(results) != 40 || len(summary["not-tried"]) == 0 {
			t.Errorf("parallel %d: %d refusals, %d results, %d not tried", parallel, refusals, len(results), len(summary["not-tried"]))
		}
		before := len(h.Attempts())
		if code := h.run(t.Context(), args...); code != exitTrouble || len(h.Attempts()) != before {
			t.Errorf("the next run: exit %d, %d more sign-ins", code, len(h.Attempts())-before)
		}
		h.Close()
	}
}

// Of old the server says nothing more than 535 5.7.3: where a wrong password may
// be the reason, it counts as one, whether or not the tenant is asked, and in
// the record as well.
func TestStopWhereWordsAreBare(t *testing.T) {
	for _, tt := range []struct {
		name  string
		tried int
		flags []string
	}{
		{"alone", 3, []string{"--parallel", "1", "--auth", "none"}},
		{"at once", 3, []string{"--parallel", "32", "--auth", "none"}},
		{"with the tenant", 4, []string{"--parallel", "1"}}, // which shows another cause for one of them
	} {
		state := tenantsim.Default()
		state.SMTP.Flavour = front.Older
		h := newHerdOf(t, state, 40)
		text, err := os.ReadFile(h.list)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(h.list, []byte(strings.ReplaceAll(string(text), ",Secret", ",Wrong-Secret")), 0o600); err != nil {
			t.Fatal(err)
		}
		args := h.cloud(append([]string{"diagnose", "--from-file", h.list, "--resume", filepath.Join(h.dir, "run.jsonl")}, tt.flags...)...)
		for run := range 2 {
			if code := h.run(t.Context(), args...); code != exitTrouble || len(h.Attempts()) != tt.tried {
				t.Errorf("%s, run %d: exit %d after %d sign-ins, want %d\n%s", tt.name, run+1, code, len(h.Attempts()), tt.tried, h.said.String())
			}
		}
		h.Close()
	}
}

// Two runs with one record: the second leaves it alone.
func TestTwoRunsOfOneRecord(t *testing.T) {
	h := newHerd(t, 30)
	record := filepath.Join(h.dir, "run.jsonl")
	args := h.cloud("diagnose", "--from-file", h.list, "--resume", record)
	second := make(chan int, 1)
	beside := sync.OnceFunc(func() { second <- h.run(t.Context(), args...) })
	h.OnRequest(func(tenantsim.Request, tenantsim.Moment) { beside() })
	first := h.start(t, args...)
	if code, other := first.end(), <-second; code != exitCause || other != exitTrouble {
		t.Errorf("exits %d and %d\n%s", code, other, &first.said)
	}
	h.OnRequest(nil)
	for m, n := range h.tried() {
		if n != 1 {
			t.Errorf("%s was tried %d times", m, n)
		}
	}
}

// A file as standard output is a record as well, and cannot be both.
func TestStandardOutputAsRecord(t *testing.T) {
	h := newHerd(t, 10)
	path := filepath.Join(h.dir, "out.jsonl")
	run := func(flags ...string) int {
		out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		cmd := h.command(t, h.cloud(append([]string{"diagnose", "--from-file", h.list, "-o", "json"}, flags...)...)...)
		cmd.Stdout = out
		cmd.Run()
		return cmd.ProcessState.ExitCode()
	}
	if code := run(); code != exitCause {
		t.Errorf("exit %d", code)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	results, begun, summary := answers(t, text)
	h.tells(t, results, summary)
	if len(begun) != 10 {
		t.Errorf("%d are said to have begun", len(begun))
	}
	if code := run("--resume", path); code != exitUsage {
		t.Errorf("the answer in its own record: exit %d", code)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(after, text) {
		t.Error("the file was changed")
	}
	cut := bytes.LastIndex(text[:len(text)*2/3], []byte("\n")) + 1
	if err := os.WriteFile(path, text[:cut+10], 0o600); err != nil {
		t.Fatal(err)
	}
	had, _, _ := answers(t, text[:cut])
	before := len(h.Attempts())
	var out bytes.Buffer
	if code := h.runTo(t.Context(), &out, h.cloud("diagnose", "--from-file", h.list, "-o", "json", "--resume", path)...); code != exitCause {
		t.Errorf("gone on with: exit %d", code)
	}
	results, _, summary = answers(t, out.Bytes())
	h.tells(t, results, summary)
	if n := len(h.Attempts()) - before; n != 10-len(had) {
		t.Errorf("%d tried again, %d had a result", n, len(had))
	}
}
