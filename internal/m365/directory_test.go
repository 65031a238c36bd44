package m365

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/inventory"
)

// directory opens the tenant of the fake as a whole.
func (f *fake) directory(t *testing.T, o Options) (*Directory, error) {
	t.Helper()
	d, err := openDirectory(t.Context(), o, nil, func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
	if err == nil {
		t.Cleanup(d.Close)
	}
	return d, err
}

func TestOpenDirectory(t *testing.T) {
	person := func(o *Options) {
		o.Env, o.Auth, o.Prompt = nil, cloudapi.DeviceCode, func(DevicePrompt) {}
	}
	const other = "0a1b2c3d-0000-4000-8000-00000000ffff"
	tests := []struct {
		name   string
		change func(*Options)
		fake   func(*fake)
		want   string // of the error; "" for a tenant that opens
	}{
		{"AZURE_TENANT_ID", func(*Options) {}, nil, ""},
		{"--tenant, a domain", func(o *Options) { o.TenantID = "Contoso.com" }, nil, ""},
		{"the sign-in tells", person, nil, ""},
		{"both, and they differ", func(o *Options) { o.TenantID = other }, nil, "AZURE_TENANT_ID"},
		{"an application without a tenant", func(o *Options) {
			o.Env = lookup(map[string]string{"AZURE_CLIENT_ID": testApp, "AZURE_CLIENT_SECRET": testSecret})
		}, nil, "name it with --tenant or AZURE_TENANT_ID"},
		{"no tenant at all", func(o *Options) {
			o.Env, o.TenantID = lookup(map[string]string{"AZURE_CLIENT_ID": testApp, "AZURE_CLIENT_SECRET": testSecret}), "common"
		}, nil, `--tenant is "common", which is no tenant`},
		{"a token that cannot be read, and no name", person, func(f *fake) { f.opaque = true }, "name it with --tenant"},
		{"a token of another tenant", func(*Options) {}, func(f *fake) { f.claims["tid"] = other }, "a token of tenant " + other},
		{"another tenant answers", func(*Options) {}, func(f *fake) {
			f.set("GET /v1.0/organization", `{"value":[{"id":"`+other+`","displayName":"Other"}]}`)
		}, "answers for tenant " + other},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			if tt.fake != nil {
				tt.fake(f)
			}
			o := f.options()
			o.Mailbox = ""
			tt.change(&o)
			d, err := f.directory(t, o)
			switch {
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("error %v, want %s", err, tt.want)
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want == "" && (d.ID() != testTenant || d.Name() == "" || d.Organisation() != "Contoso Ltd"):
				t.Errorf("opened %s %s %s", d.ID(), d.Name(), d.Organisation())
			}
		})
	}
}

// Each page is asked for by the same body, with what a list is asked for with,
// and a page that was given before is passed over.
func TestListing(t *testing.T) {
	f := newFake(t)
	d, err := f.directory(t, f.options())
	if err != nil {
		t.Fatal(err)
	}
	f.requests()
	box := func(n int) string {
		return fmt.Sprintf(`{"Guid":"99999999-0000-4000-8000-%012d","ExternalDirectoryObjectId":"AAAAAAAA-0000-4000-8000-%012d","PrimarySmtpAddress":"box%d@contoso.com","SmtpClientAuthenticationDisabled":%s}`,
			n, n, n, []string{"null", "true", "false", `"perhaps"`}[n%4])
	}
	stale := true
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if route != "Get-CASMailbox" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Query().Get("$skiptoken") == "":
			fmt.Fprintf(w, `{"value":[%s,%s],"@odata.nextLink":"%s%s?$skiptoken=2"}`, box(0), box(1), f.URL, r.URL.Path)
		case stale:
			stale = false
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"error":{"code":"BadRequest","message":"Expired or Invalid pagination request. Default Expiry time is 00:30:00"}}`)
		default:
			fmt.Fprintf(w, `{"value":[%s,%s]}`, box(2), box(3))
		}
		return true
	}
	var got []string
	for s, err := range d.Switches(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s.Addresses[0]+" "+s.SMTPAuth+" "+s.Directory[len(s.Directory)-1:])
	}
	if want := []string{"box0@contoso.com inherit 0", "box1@contoso.com off 1", "box2@contoso.com on 2", "box3@contoso.com  3"}; !slices.Equal(got, want) {
		t.Errorf("listed %q", got)
	}
	sent := f.requests()
	if len(sent) != 4 {
		t.Fatalf("sent %+v", sent)
	}
	const body = `{"CmdletInput":{"CmdletName":"Get-CASMailbox","Parameters":{"ResultSize":"Unlimited"}}}`
	for _, r := range sent {
		if r.Body != body || r.Header.Get("Prefer") != "odata.maxpagesize=1000" || r.Header.Get("X-Anchormailbox") == "" {
			t.Errorf("sent %+v", r)
		}
	}
	if !strings.Contains(sent[0].Query, "$select=Guid,ExternalDirectoryObjectId,PrimarySmtpAddress,EmailAddresses,SmtpClientAuthenticationDisabled") {
		t.Errorf("selected %q", sent[0].Query)
	}
}

// A property that is missing or of another type is open, never a value.
func TestListingMistyped(t *testing.T) {
	f := newFake(t)
	d, err := f.directory(t, f.options())
	if err != nil {
		t.Fatal(err)
	}
	f.set("Get-Mailbox", exchangeValue(`{"Guid":7,"PrimarySmtpAddress":"a@contoso.com","RecipientTypeDetails":3,"SkuAssigned":"often","AccountDisabled":null},{"RecipientTypeDetails":"DiscoveryMailbox","SkuAssigned":"False","AccountDisabled":true}`))
	f.set("Get-User", exchangeValue(`{"AuthenticationPolicy":[]},{"AuthenticationPolicy":"CN=Block\\, all,CN=Auth Policies"},{"AuthenticationPolicy":null}`))
	var boxes []inventory.Mailbox
	for m, err := range d.Mailboxes(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		boxes = append(boxes, m)
	}
	if a, b := boxes[0], boxes[1]; a.Kind != "" || a.Licence != "" || a.Account != "" || a.Exchange != "" || b.Kind != "other" || b.Licence != "no" || b.Account != "disabled" {
		t.Errorf("%+v", boxes)
	}
	var users []inventory.User
	for u, err := range d.Users(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		users = append(users, u)
	}
	if users[0].Unread == nil || users[1].Policy != "Block, all" || users[1].Unread != nil || users[2].Policy != "" || users[2].Unread != nil {
		t.Errorf("%+v", users)
	}
}

// What Graph is asked for in the log.
func TestLogRequests(t *testing.T) {
	f := newFake(t)
	d, err := f.directory(t, f.options())
	if err != nil {
		t.Fatal(err)
	}
	f.requests()
	f.set("GET /v1.0/auditLogs/signIns", `{"value":[{"createdDateTime":"2026-11-20T08:11:12Z","userId":"u","userPrincipalName":"a@contoso.com","ipAddress":"203.0.113.5","clientAppUsed":"Authenticated SMTP","status":{"errorCode":50126}},{"clientAppUsed":"Browser"},{"status":{}}]}`)
	var got []inventory.SignIn
	for s, err := range d.SignIns(t.Context(), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s)
	}
	if len(got) != 2 || got[0].Code != 50126 || got[0].Address != "203.0.113.5" || got[1].Code != -1 {
		t.Errorf("%+v", got)
	}
	sent := f.requests()
	if len(sent) != 3 {
		t.Fatalf("sent %+v", sent)
	}
	for i, want := range []string{"signIns", "$top=500", "nonInteractiveUser"} {
		if q := sent[i].Route + "?" + strings.ReplaceAll(sent[i].Query, "%24", "$"); !strings.Contains(q, want) || !strings.Contains(q, "createdDateTime%20ge%202026-11-01T00%3A00%3A00Z") {
			t.Errorf("request %d: %s", i, q)
		}
	}
}

// A log whose links to the next page are ever new ones ends, with why it is not
// whole, and what came before counts.
func TestEndlessLog(t *testing.T) {
	for _, tt := range []struct {
		name, records string
		pages         int
	}{
		{"empty pages", "", maxEmptyPages},
		{"full pages", `{"createdDateTime":"2026-11-20T08:11:12Z","userId":"u","clientAppUsed":"Authenticated SMTP","status":{"errorCode":0}}`, maxLogPages},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(t)
			n := 0
			f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasSuffix(r.URL.Path, "/auditLogs/signIns") {
					return false
				}
				n++
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"value":[%s],"@odata.nextLink":"%s%s?$skiptoken=%d"}`, tt.records, f.URL, r.URL.Path, n)
				return n <= tt.pages+100
			}
			d, err := f.directory(t, f.options())
			if err != nil {
				t.Fatal(err)
			}
			got, why := 0, error(nil)
			for _, err := range d.SignIns(t.Context(), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)) {
				if why = err; err == nil {
					got++
				}
			}
			if want := fmt.Sprintf("an end of the list after %d pages", tt.pages); why == nil || !strings.Contains(why.Error(), want) {
				t.Errorf("%v, want %s", why, want)
			}
			if tt.records != "" && got != tt.pages {
				t.Errorf("%d records of %d pages", got, tt.pages)
			}
		})
	}
}

// The report is fetched from the host of the table, without the token, and from
// no other.
func TestReport(t *testing.T) {
	f := newFake(t)
	f.claims["roles"] = append(f.claims["roles"].([]string), "Reports.Read.All")
	location := ""
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		switch {
		case strings.HasPrefix(r.URL.Path, "/graph/v1.0/reports/"):
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/download/"):
			if r.Header.Get("Authorization") != "" {
				t.Error("the token went to the host of reports")
			}
			if strings.HasSuffix(r.URL.Path, "/gone") {
				w.WriteHeader(http.StatusGone)
				return true
			}
			io.WriteString(w, "User Principal Name,SMTP App\n")
		default:
			return false
		}
		return true
	}
	for _, tt := range []struct{ name, reports, location, want string }{
		{"as it should be", f.URL + "/download", f.URL + "/download/s3cret-address", ""},
		{"another host", f.URL + "/download", "https://elsewhere.example/download/s3cret-address", "elsewhere.example, which is not a host of the cloud"},
		{"not encrypted", f.URL + "/download", strings.Replace(f.URL, "https", "http", 1) + "/download/s3cret-address", "not a host of the cloud"},
		{"no host is known", "", f.URL + "/download/s3cret-address", `name it with the key reports of an endpoint file`},
		{"too late", f.URL + "/download", f.URL + "/download/s3cret-address/gone", "status 410"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			location = tt.location
			o := f.options()
			o.Cloud.Reports = tt.reports
			d, err := f.directory(t, o)
			if err != nil {
				t.Fatal(err)
			}
			report, err := d.AppUsage(t.Context(), 30)
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "s3cret") {
					t.Errorf("error %v, want %s", err, tt.want)
				}
				lack, ok := errors.AsType[missing](err)
				if !ok || lack.Lacking() != (tt.name != "too late") {
					t.Errorf("lacking: %v", lack)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(report)
			if err != nil || string(text) != "User Principal Name,SMTP App\n" || report.Close() != nil {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
}
