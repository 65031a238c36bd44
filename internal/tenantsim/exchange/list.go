package exchange

import (
	"maps"
	"net/http"
	"strconv"
	"strings"

	"smtpmend/internal/tenantsim/web"
)

// defaultPage is how many rows a page holds where the caller asks for no other
// number (CIPP-API and others ask for 1000).
const defaultPage = 1000

// listed answers a Get cmdlet without Identity: all rows, page by page. The same
// body is posted to the link of each page. That ResultSize is needed for more
// than a thousand rows is unconfirmed for this API.
func listed(c *web.Call, cmd cmdlet) web.Answer {
	skip, _ := strconv.Atoi(c.Query.Get("$skiptoken"))
	if skip > 0 && c.Struck("expired-page") {
		return exchangeError(http.StatusBadRequest, "BadRequest", "Expired or Invalid pagination request. Default Expiry time is 00:30:00", "",
			"Expired or Invalid pagination request. Default Expiry time is 00:30:00")
	}
	size, rows := pageSize(c), []map[string]any{}
	next, n := "", 0
	for i := range c.State.Users {
		u := &c.State.Users[i]
		if u.Kind == "none" && !cmd.users {
			continue
		}
		if n++; n <= skip {
			continue
		}
		if len(rows) == size {
			query := maps.Clone(c.Query)
			query.Set("$skiptoken", strconv.Itoa(skip+size))
			next = c.Cloud.Exchange + c.Path + "?" + query.Encode()
			break
		}
		rows = append(rows, selected(c, cmd.row(c, u)))
	}
	return linked(c, rows, next)
}

func pageSize(c *web.Call) int {
	for preference := range strings.SplitSeq(c.Header.Get("Prefer"), ",") {
		if text, ok := strings.CutPrefix(strings.TrimSpace(preference), "odata.maxpagesize="); ok {
			if n, err := strconv.Atoi(text); err == nil && n > 0 {
				return min(n, defaultPage)
			}
		}
	}
	return defaultPage
}

// selected keeps the properties of $select, and what is said about them.
func selected(c *web.Call, row map[string]any) map[string]any {
	chosen := c.Query.Get("$select")
	if chosen == "" {
		return row
	}
	out := map[string]any{}
	for name := range strings.SplitSeq(chosen, ",") {
		if value, ok := row[name]; ok {
			out[name] = value
		}
	}
	return out
}
