package inventory_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smtpmend/internal/inventory"
	"smtpmend/internal/m365"
	"smtpmend/internal/tenantsim"
)

const many = 20_000

// begin serves the state and opens it as the application of the default tenant.
func begin(t *testing.T, s *tenantsim.State) (*tenantsim.Tenant, *m365.Directory) {
	t.Helper()
	tenant, err := tenantsim.Start(t.Context(), s, tenantsim.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tenant.Close() })
	return tenant, openAs(t, tenant, s)
}

func openAs(t *testing.T, tenant *tenantsim.Tenant, s *tenantsim.State) *m365.Directory {
	t.Helper()
	d, err := m365.OpenDirectory(t.Context(), directoryOptions(tenant, s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func directoryOptions(tenant *tenantsim.Tenant, s *tenantsim.State) m365.Options {
	env := map[string]string{"AZURE_TENANT_ID": s.TenantID, "AZURE_CLIENT_ID": tenantsim.ClientID, "AZURE_CLIENT_SECRET": tenantsim.ClientSecret}
	return m365.Options{Cloud: tenant.Cloud(), Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
}

func take(t *testing.T, src inventory.Source, now time.Time, clients *inventory.Clients) (map[string]inventory.Row, inventory.Summary) {
	t.Helper()
	rows := map[string]inventory.Row{}
	sum, err := inventory.Take(t.Context(), src, inventory.Options{Since: now.AddDate(0, 0, -30), Now: now, Clients: clients},
		func(r inventory.Row) error {
			if _, twice := rows[r.Mailbox]; twice {
				t.Errorf("%s came twice", r.Mailbox)
			}
			rows[r.Mailbox] = r
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return rows, sum
}

// known says what of the truth an inventory can have read.
type known struct {
	log, report, clients   bool
	switches, kinds, users bool
}

var everything = known{log: true, clients: true, switches: true, kinds: true, users: true}

// check holds every row against the truth.
func check(t *testing.T, rows map[string]inventory.Row, truths []tenantsim.Truth, k known) {
	t.Helper()
	mailboxes := 0
	for _, want := range truths {
		if want.Kind == "none" {
			continue
		}
		mailboxes++
		got, there := rows[want.Mailbox]
		if !there {
			t.Errorf("%s is missing", want.Mailbox)
			continue
		}
		if diff := wrong(got, want, k); diff != "" {
			t.Errorf("%s: %s\n got %+v\nwant %+v", want.Mailbox, diff, got, want)
		}
		if t.Failed() {
			return
		}
	}
	if len(rows) != mailboxes {
		t.Errorf("%d rows, want %d", len(rows), mailboxes)
	}
}

// wrong names the first cell that is not as it has to be.
func wrong(got inventory.Row, want tenantsim.Truth, k known) string {
	effective := want.Switch
	if effective == "inherit" {
		effective = "off" // the organisation's
	}
	for _, c := range []struct {
		cell      string
		got, want string
		read      bool
	}{
		{"switch", got.Switch, want.Switch, k.switches},
		{"effective", got.Effective, effective, k.switches},
		{"policy", got.Policy, want.Policy, k.users},
		{"kind", got.Kind, want.Kind, k.kinds},
		{"licence", got.Licence, want.Licence, k.kinds},
		{"account", got.Account, want.Account, k.kinds},
		{"principal", got.Principal, want.Principal, k.kinds},
		{"failed", number(got.Used.Failed), fmt.Sprint(want.Failed), k.log},
		{"basic", number(got.Used.Basic), fmt.Sprint(want.Basic), k.log},
		{"oauth", number(got.Used.OAuth), fmt.Sprint(want.OAuth), k.clients},
		{"affected", truth(got.Affected), truth(affected(want, effective, k)), true},
	} {
		expected := c.want
		if !c.read {
			expected = map[string]string{"basic": "open", "oauth": "open", "failed": "open"}[c.cell]
			if c.cell == "principal" {
				continue
			}
		}
		if c.cell == "basic" && !k.log && k.clients {
			expected = fmt.Sprint(want.Basic)
		}
		if c.got != expected {
			return fmt.Sprintf("%s is %q, want %q", c.cell, c.got, expected)
		}
	}
	if k.log {
		return wrongUse(got.Used, want)
	}
	return ""
}

// wrongUse looks at where the sign-ins came from and why they were refused.
func wrongUse(got inventory.Used, want tenantsim.Truth) string {
	if !got.Last.Equal(want.Last) {
		return fmt.Sprintf("last is %v", got.Last)
	}
	accepted := map[string]int{}
	for _, d := range got.Devices {
		if d.Basic > 0 {
			accepted[d.Address] = d.Basic
		}
	}
	if !maps.Equal(accepted, want.Devices) {
		return fmt.Sprintf("devices are %v", accepted)
	}
	codes := map[int]int{}
	for _, f := range got.Failures {
		codes[f.Code] = f.Count
	}
	if !maps.Equal(codes, want.Codes) {
		return fmt.Sprintf("failures are %v", codes)
	}
	return ""
}

func number(n *int) string {
	if n == nil {
		return "open"
	}
	return fmt.Sprint(*n)
}

func truth(b *bool) string {
	if b == nil {
		return "open"
	}
	return fmt.Sprint(*b)
}

// affected is what can be told of the mailbox from what was read.
func affected(want tenantsim.Truth, effective string, k known) *bool {
	yes, no := true, false
	refused := k.switches && effective == "off" || k.users && want.Policy == "block" ||
		k.kinds && (want.Account == "disabled" || want.Kind == "user" && want.Licence == "no")
	switch {
	case k.log || k.clients:
		if want.Basic > 0 {
			return &yes
		}
		return &no
	case k.report && want.Licence == "yes":
		if want.Basic > 0 || want.OAuth > 0 {
			return nil
		}
		return &no
	case refused:
		return &no
	}
	return nil
}

// export is what the Exchange admin centre would export of these mailboxes.
func export(t *testing.T, truths []tenantsim.Truth) *inventory.Clients {
	t.Helper()
	var b strings.Builder
	b.WriteString("Sender address,Domain,Authentication Protocol,TLS 1.0,TLS 1.1,TLS 1.2,Messages sent\n")
	for _, w := range truths {
		if w.Basic > 0 {
			fmt.Fprintf(&b, "%s,contoso.com,Basic,0%%,0%%,100%%,%d\n", w.Mailbox, w.Basic)
		}
		if w.OAuth > 0 {
			fmt.Fprintf(&b, "%s,contoso.com,OAuth,0%%,0%%,100%%,%d\n", strings.ToUpper(w.Mailbox), w.OAuth)
		}
	}
	c, err := inventory.ReadClients(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func unread(sum inventory.Summary) []string {
	var names []string
	for _, u := range sum.Unread {
		names = append(names, string(u.Fact))
	}
	return names
}

// A tenant of twenty thousand accounts, with every source there is: each row is
// right, and nothing is unread.
func TestTenant(t *testing.T) {
	now := time.Now()
	s, truths := tenantsim.Many(many, now)
	tenant, d := begin(t, s)
	rows, sum := take(t, d, now, export(t, truths))
	check(t, rows, truths, everything)
	if got := unread(sum); len(got) != 0 || sum.Trouble() != nil {
		t.Errorf("unread: %+v", sum.Unread)
	}
	want := counted(truths)
	if sum.Mailboxes != want.mailboxes || sum.Affected != want.basic || sum.Basic != want.basic || sum.OAuth != want.oauth ||
		sum.On+sum.Off != want.mailboxes || sum.Affected+sum.Unaffected != want.mailboxes || sum.Open() != 0 || sum.Strangers != want.strangers {
		t.Errorf("summary %+v\nwant %+v", sum, want)
	}
	if len(sum.Unmatched)+sum.MoreUnmatched != want.unmatched {
		t.Errorf("%d senders unmatched, want %d", len(sum.Unmatched)+sum.MoreUnmatched, want.unmatched)
	}
	if n := len(tenant.Writes()); n != 0 {
		t.Errorf("%d requests asked for a change", n)
	}
	for _, r := range tenant.Requests() {
		if r.API == "reports" {
			t.Error("the usage report was read beside the log")
		}
	}
}

type counts struct{ mailboxes, basic, oauth, strangers, unmatched int }

func counted(truths []tenantsim.Truth) (c counts) {
	for _, w := range truths {
		switch {
		case w.Kind == "none":
			c.strangers += w.Basic + w.Failed
			c.unmatched += min(1, w.Basic+w.OAuth)
			continue
		case w.Basic > 0:
			c.basic++
		}
		c.oauth += min(1, w.OAuth)
		c.mailboxes++
	}
	return c
}

// Whatever of it cannot be read leaves its cells open and no other, is said,
// and is trouble only where asking again may help.
func TestTenantLacks(t *testing.T) {
	const n = 1500
	noLog := known{report: true, switches: true, kinds: true, users: true}
	blind := known{log: true}
	tests := []struct {
		name    string
		change  func(*tenantsim.State)
		clients bool
		k       known
		unread  []string
	}{
		{"all but the clients report", func(*tenantsim.State) {}, false,
			known{log: true, switches: true, kinds: true, users: true}, []string{"report.smtp-auth-clients"}},
		{"no P1", func(s *tenantsim.State) { s.SignInLog.Licensed, s.Org.Premium = false, "none" }, false,
			noLog, []string{"log.sign-ins", "report.smtp-auth-clients"}},
		{"no P1, with the clients report", func(s *tenantsim.State) { s.SignInLog.Licensed, s.Org.Premium = false, "none" }, true,
			known{report: true, clients: true, switches: true, kinds: true, users: true}, []string{"log.sign-ins"}},
		{"no P1, names concealed", func(s *tenantsim.State) {
			s.SignInLog.Licensed, s.Org.Premium, s.Reports.Concealed = false, "none", true
		}, false, known{switches: true, kinds: true, users: true}, []string{"log.sign-ins", "report.email-apps", "report.smtp-auth-clients"}},
		{"without AuditLog.Read.All", without("AuditLog.Read.All"), false, noLog, []string{"log.sign-ins", "report.smtp-auth-clients"}},
		{"without AuditLog.Read.All and Reports.Read.All", without("AuditLog.Read.All", "Reports.Read.All"), false,
			known{switches: true, kinds: true, users: true}, []string{"log.sign-ins", "report.email-apps", "report.smtp-auth-clients"}},
		{"without Policy.Read.All", without("Policy.Read.All"), true, everything, []string{"org.conditional-access", "org.security-defaults"}},
		{"without LicenseAssignment.Read.All", without("LicenseAssignment.Read.All"), true, everything, nil},
		{"without User.Read.All", without("User.Read.All"), true, everything, nil},
		{"without Exchange.ManageAsApp", without("Exchange.ManageAsApp"), false, blind, exchangeUnread},
		{"without a role", func(s *tenantsim.State) { s.Apps[0].Roles = nil }, false, blind, exchangeUnread},
		{"View-Only Recipients alone", func(s *tenantsim.State) { s.Apps[0].Roles = []string{"View-Only Recipients"} }, true,
			known{log: true, clients: true, switches: true, kinds: true}, []string{"org.direct-send", "org.smtp-auth", "user.auth-policy-smtp"}},
		{"View-Only Configuration alone", func(s *tenantsim.State) { s.Apps[0].Roles = []string{"View-Only Configuration"} }, false,
			blind, []string{"mailbox.kind", "mailbox.smtp-auth", "report.smtp-auth-clients", "user.auth-policy-smtp"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Now()
			s, truths := tenantsim.Many(n, now)
			tt.change(s)
			_, d := begin(t, s)
			var clients *inventory.Clients
			if tt.clients {
				clients = export(t, truths)
			}
			rows, sum := take(t, d, now, clients)
			if got := unread(sum); !slices.Equal(got, tt.unread) {
				t.Errorf("unread %v, want %v", sum.Unread, tt.unread)
			}
			if err := sum.Trouble(); err != nil {
				t.Errorf("trouble: %v", err)
			}
			if !tt.k.switches {
				seen(t, rows, truths)
				return
			}
			if slices.Contains(tt.unread, "org.smtp-auth") {
				openInherited(t, rows)
				return
			}
			check(t, rows, truths, tt.k)
		})
	}
}

var exchangeUnread = []string{"mailbox.kind", "mailbox.smtp-auth", "org.direct-send", "org.smtp-auth", "report.smtp-auth-clients", "user.auth-policy-smtp"}

func without(permissions ...string) func(*tenantsim.State) {
	return func(s *tenantsim.State) {
		s.Apps[0].Permissions = slices.DeleteFunc(s.Apps[0].Permissions, func(p string) bool { return slices.Contains(permissions, p) })
	}
}

// seen: without a list of mailboxes the accounts in the log are the rows.
func seen(t *testing.T, rows map[string]inventory.Row, truths []tenantsim.Truth) {
	t.Helper()
	n := 0
	for _, w := range truths {
		if w.Basic+w.Failed == 0 {
			continue
		}
		n++
		r, ok := rows[strings.ToLower(w.Principal)]
		if !ok || r.Switch != "" || r.Effective != "" || r.Kind != "" || number(r.Used.Basic) != fmt.Sprint(w.Basic) || truth(r.Affected) != fmt.Sprint(w.Basic > 0) {
			t.Errorf("%s: %+v", w.Principal, r)
		}
	}
	if n == 0 || len(rows) != n {
		t.Errorf("%d rows, want %d", len(rows), n)
	}
}

// openInherited: what a mailbox takes from an organisation that was not read is
// open, its own setting is not.
func openInherited(t *testing.T, rows map[string]inventory.Row) {
	t.Helper()
	for _, r := range rows {
		want := r.Switch
		if want == "inherit" {
			want = ""
		}
		if r.Effective != want || r.Policy != "" {
			t.Fatalf("%+v", r)
		}
	}
}

// What goes wrong on the way and passes is waited out; what stays is trouble.
func TestTenantTrouble(t *testing.T) {
	throttled := func(api, part string) []tenantsim.Fault {
		var all []tenantsim.Fault
		for nth := range 3 {
			all = append(all, tenantsim.Fault{API: api, Path: part, Nth: 1 + 2*nth, Kind: "429-retry-after", Delay: tenantsim.Duration{Duration: 30 * time.Second}})
		}
		return all
	}
	tests := []struct {
		name   string
		faults []tenantsim.Fault
		stays  bool
	}{
		{"Exchange throttles", throttled("exchange", ""), false},
		{"the log throttles", throttled("graph", "auditLogs"), false},
		{"Conditional Access throttles and names no time", []tenantsim.Fault{{API: "graph", Path: "conditionalAccess", Nth: 1, Kind: "429"}, {API: "graph", Path: "conditionalAccess", Nth: 2, Kind: "429"}}, false},
		{"a page is cut short", []tenantsim.Fault{{API: "exchange", Cmdlet: "Get-CASMailbox", Nth: 2, Kind: "truncated"}}, false},
		{"the pages of a list go stale", []tenantsim.Fault{{API: "exchange", Cmdlet: "Get-CASMailbox", Nth: 2, Kind: "expired-page"}, {API: "exchange", Cmdlet: "Get-Mailbox", Nth: 3, Kind: "expired-page"}}, false},
		{"the token expires", []tenantsim.Fault{{API: "exchange", Cmdlet: "Get-Mailbox", Nth: 2, Kind: "expired-token"}}, false},
		{"Exchange is down", []tenantsim.Fault{{API: "exchange", Cmdlet: "Get-CASMailbox", Kind: "503"}}, true},
		{"the pages always go stale", []tenantsim.Fault{{API: "exchange", Cmdlet: "Get-CASMailbox", Kind: "expired-page"}}, true},
		{"a page leads elsewhere", []tenantsim.Fault{{API: "exchange", Cmdlet: "Get-CASMailbox", Kind: "foreign-next"}}, true},
		{"the log breaks off", []tenantsim.Fault{{API: "graph", Path: "/v1.0/auditLogs", Nth: 3, Kind: "403"}}, false},
		{"records without their code", []tenantsim.Fault{{API: "graph", Path: "/v1.0/auditLogs", Kind: "without", Key: "errorCode"}}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now, n := time.Now(), 2500
			if strings.Contains(tt.name, "breaks off") {
				n = 7000 // more than one page of records
			}
			s, truths := tenantsim.Many(n, now)
			tenant, _ := begin(t, s)
			o := directoryOptions(tenant, s)
			var waited atomic.Int64
			o.Pause = func(ctx context.Context, d time.Duration) error { waited.Add(int64(d)); return ctx.Err() }
			d, err := m365.OpenDirectory(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(d.Close)
			if err := tenant.SetFaults(tt.faults...); err != nil {
				t.Fatal(err)
			}
			clients := export(t, truths)
			if strings.Contains(tt.name, "breaks off") {
				clients = nil // nothing else tells
			}
			rows, sum := take(t, d, now, clients)
			switch {
			case (sum.Trouble() != nil) != tt.stays:
				t.Errorf("trouble %v", sum.Trouble())
			case !tt.stays && len(sum.Unread) == 0:
				check(t, rows, truths, everything)
			case len(sum.Unread) == 0:
				t.Error("nothing is said to be unread")
			}
			honest(t, rows, truths)
			if strings.Contains(tt.faults[0].Kind, "retry-after") && waited.Load() < int64(3*30*time.Second) {
				t.Errorf("waited %v, not as long as it was asked", time.Duration(waited.Load()))
			}
		})
	}
}

// honest: whatever failed, no row says what is not so.
func honest(t *testing.T, rows map[string]inventory.Row, truths []tenantsim.Truth) {
	t.Helper()
	for _, w := range truths {
		r, ok := rows[w.Mailbox]
		if !ok {
			continue
		}
		refusedToday := r.Used.Basic == nil && len(r.Blockers) > 0
		if r.Switch != "" && r.Switch != w.Switch || r.Kind != "" && r.Kind != w.Kind || r.Policy != "" && r.Policy != w.Policy ||
			r.Affected != nil && *r.Affected != (w.Basic > 0) && !refusedToday || r.Used.Basic != nil && *r.Used.Basic > w.Basic {
			t.Errorf("%+v, but it is %+v", r, w)
			return
		}
	}
}

// A policy for everybody is a blocker of everybody; one that depends on groups
// leaves the matter open, which is said once and is no trouble.
func TestTenantPolicies(t *testing.T) {
	const group = "7c1f2a90-0000-4000-8000-000000000001"
	policy := tenantsim.CAPolicy{
		ID: "10ef4fe6-5e51-4f5c-8a52-000000000001", Name: "Block legacy authentication", State: "enabled",
		ClientApps: []string{"other"}, Applications: []string{"All"}, IncludeUsers: []string{"All"}, Controls: []string{"block"},
	}
	for _, tt := range []struct {
		name    string
		change  func(*tenantsim.CAPolicy)
		blocked bool
		open    bool
	}{
		{"for everybody", func(*tenantsim.CAPolicy) {}, true, false},
		{"but a group", func(p *tenantsim.CAPolicy) { p.ExcludeGroups = []string{group} }, false, true},
		{"from some places", func(p *tenantsim.CAPolicy) {
			p.IncludeLocations, p.ExcludeLocations = []string{"All"}, []string{"AllTrusted"}
		}, false, true},
		{"off", func(p *tenantsim.CAPolicy) { p.State = "disabled" }, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Now()
			s, truths := tenantsim.Many(300, now)
			s.Org.ConditionalAccess = []tenantsim.CAPolicy{policy}
			tt.change(&s.Org.ConditionalAccess[0])
			_, d := begin(t, s)
			rows, sum := take(t, d, now, export(t, truths))
			check(t, rows, truths, everything)
			for _, r := range rows {
				if slices.Contains(r.Blockers, "conditional-access") != tt.blocked {
					t.Fatalf("%s: %v", r.Mailbox, r.Blockers)
				}
			}
			if said := unread(sum); slices.Contains(said, "org.conditional-access") != tt.open || len(said) > 1 || sum.Trouble() != nil {
				t.Errorf("unread %v", sum.Unread)
			}
		})
	}
}
