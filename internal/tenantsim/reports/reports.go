// Package reports is the host from which the usage reports of the simulated
// tenants are downloaded, to which their Graph redirects.
//
// It knows one report, and whoever has the address gets it: a token is not
// asked for, and one that is sent all the same is refused, for it would tell
// another host who asks.
package reports

import (
	"bytes"
	"crypto/md5"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// API is the host below root.
func API(root string) web.API {
	return web.API{
		Name: "reports", Root: root, Serves: web.Below(root), Tenant: tenant,
		Asks:  func(*web.Call) (string, bool) { return "", false },
		Serve: serve, Refuse: refuse,
	}
}

// parts of the path: the tenant, and the period of the report.
func parts(c *web.Call) (tenant, period string) {
	rest, _ := strings.CutPrefix(c.Path, "/data/download/")
	tenant, period, _ = strings.Cut(rest, "/")
	return tenant, period
}

func tenant(c *web.Call) string {
	name, _ := parts(c)
	return name
}

func serve(c *web.Call) web.Answer {
	_, period := parts(c)
	switch {
	case c.Bearer != "":
		return web.Empty(http.StatusBadRequest)
	case c.Tenant == nil || !slices.Contains(state.ReportPeriods, period) || c.Method != http.MethodGet:
		return web.Empty(http.StatusNotFound)
	}
	return web.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/octet-stream"}}, Body: emailApps(c, period)}
}

func refuse(_ *web.Call, status string) web.Answer {
	var code int
	fmt.Sscan(status, &code)
	return web.Empty(code)
}

// columns are those of Microsoft's reference of getEmailAppUsageUserDetail.
var columns = []string{
	"Report Refresh Date", "User Principal Name", "Display Name", "Is Deleted", "Deleted Date", "Last Activity Date",
	"Mail For Mac", "Outlook For Mac", "Outlook For Windows", "Outlook For Mobile", "Other For Mobile", "Outlook For Web",
	"POP3 App", "IMAP4 App", "SMTP App", "Report Period",
}

// emailApps is the report of the users with a licence. A program that was used
// and whose version is not known is "Undetermined", as in the examples of the
// reference; what is counted as SMTP App is not said there, and is taken for
// passwords and OAuth alike.
func emailApps(c *web.Call, period string) []byte {
	days := strings.TrimPrefix(period, "D")
	var n int
	fmt.Sscan(days, &n)
	since := time.Now().AddDate(0, 0, -n)
	holders, used := c.State.Holders(), map[*state.User]bool{}
	for _, r := range c.Tenant.SignIns() {
		if r.Code == 0 && r.Time.After(since) {
			used[holders[strings.ToLower(r.Mailbox)]] = true
		}
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Write(columns)
	for i := range c.State.Users {
		u := &c.State.Users[i]
		if u.Licence != "yes" {
			continue
		}
		name, label, app := u.Principal(), u.Label(), ""
		if c.State.Reports.Concealed {
			name, label = concealed(name), concealed(label)
		}
		if used[u] || u.OAuthMessages > 0 {
			app = "Undetermined"
		}
		w.Write([]string{time.Now().UTC().AddDate(0, 0, -2).Format(time.DateOnly), name, label, "False", "", "", "", "", "", "", "", "", "", "", app, days})
	}
	w.Flush()
	return b.Bytes()
}

// concealed is a name that tells nothing, 32 hexadecimal digits in capitals.
func concealed(name string) string { return fmt.Sprintf("%X", md5.Sum([]byte(name))) }
