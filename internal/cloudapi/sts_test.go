package cloudapi

import (
	"strings"
	"testing"
)

// Whatever the token endpoint or a browser's answer says becomes one bounded
// line without our secret.
func FuzzSignInRefusal(f *testing.F) {
	const own = "s3cret-of-ours"
	for _, body := range []string{
		`{"error":"invalid_grant","error_description":"AADSTS53003: Access has been blocked. Trace ID: 1","error_codes":[53003]}`,
		`AADSTS65004: User declined &#34;it&#34; Trace ID: 0`, `AADSTS99999999: `, `AADSTS1`, `{"error_description":7}`, `{`, ``,
		`{"error":"x","error_description":"AADSTS7000215: ` + own + `"}`, "AADSTS50011:\n\x1b[2J" + strings.Repeat("x", 5000),
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		refusal := parseSTS([]byte(body))
		if !refusal.said() {
			return
		}
		fault := refusal.fault(Grant{Called: Names{}.filled()}, []string{own})
		if text := fault.What + fault.Next; strings.ContainsAny(text, "\n\r\x1b\x00") || strings.Contains(text, own) || len(text) > 4000 || fault.Next == "" {
			t.Errorf("%q", text)
		}
	})
}
