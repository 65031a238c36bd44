package graph

import (
	"net/http"
	"strings"

	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/web"
)

// getReport redirects to a download, as Graph does for all usage reports
// (microsoft-graph-docs-contrib, reportroot-getemailappusageuserdetail.md).
func getReport(c *web.Call, stars []string) web.Answer {
	for _, period := range state.ReportPeriods {
		if stars[0] == "getEmailAppUsageUserDetail(period='"+period+"')" {
			return web.Answer{Status: http.StatusFound, Header: http.Header{
				"Location": {c.Cloud.Reports + "/data/download/" + c.State.TenantID + "/" + period},
			}}
		}
	}
	name, _, _ := strings.Cut(stars[0], "(")
	return errNoSegment.answer(name)
}
