package cloudapi

import (
	"encoding/json"
	"slices"
	"strings"
)

// An stsError is the body of a refusal of the token endpoint.
type stsError struct {
	Error       string
	Description string `json:"error_description"`
	Codes       []int  `json:"error_codes"`
}

func parseSTS(body []byte) stsError {
	var e stsError
	if json.Unmarshal(body, &e) != nil {
		return stsError{}
	}
	return e
}

// sentence is the description without the ids and times behind it.
func (e stsError) sentence() string {
	text, _, _ := strings.Cut(e.Description, "Trace ID:")
	return strings.TrimSpace(text)
}

// signInSteps are the next steps for what the token endpoint answers.
var signInSteps = []struct {
	code string
	next string
}{
	{"AADSTS7000215", "set AZURE_CLIENT_SECRET to a valid secret of the application (its value, not its id)"},
	{"AADSTS7000222", "the secret has expired: make a new one and set AZURE_CLIENT_SECRET"},
	{"AADSTS700016", "check AZURE_CLIENT_ID and AZURE_TENANT_ID"},
	{"AADSTS700027", "check AZURE_CLIENT_CERTIFICATE_PATH: the application does not know this certificate"},
	{"AADSTS700023", "the tenant may belong to another cloud: choose it with --cloud"},
	{"AADSTS90002", "check the tenant, or choose its cloud with --cloud"},
	{"AADSTS50059", "name the tenant with --tenant, or choose its cloud with --cloud"},
	{"AADSTS65001", "an administrator must consent to the application's permissions"},
	{"AADSTS65002", "use an app registration of your own: name it with --client-id"},
	{"AADSTS500011", "the application has no permission for this API: grant it with admin consent"},
	{"AADSTS53003", "Conditional Access stops this way of signing in: choose another with --auth"},
	{"AADSTS70020", "the code has expired: run it again"},
}

func (e stsError) next() string {
	i := slices.IndexFunc(signInSteps, func(s struct{ code, next string }) bool {
		return strings.HasPrefix(e.Description, s.code+":")
	})
	if i < 0 {
		return "check the credentials and the tenant"
	}
	return signInSteps[i].next
}
