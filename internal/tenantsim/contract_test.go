package tenantsim

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// contractFile describes the part of Graph that the project uses. It lies
// beside the module, not in it.
const contractFile = "../../../shared/facts/graph-subset.openapi.yaml"

func loadContract(t *testing.T) routers.Router {
	t.Helper()
	data, err := os.ReadFile(contractFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("Graph's contract %s is not here; answers are not checked against it", contractFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return router
}

// check holds a request and its answer against the contract.
func check(t *testing.T, router routers.Router, method, path, body string, resp *http.Response, data []byte) {
	t.Helper()
	req := httptest.NewRequest(method, "https://graph.microsoft.com"+path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	route, parameters, err := router.FindRoute(req)
	if err != nil {
		t.Errorf("%s %s: %v", method, path, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{IncludeResponseStatus: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if err := openapi3filter.ValidateRequest(t.Context(), in); err != nil {
		t.Errorf("request %s %s: %v", method, path, err)
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: resp.StatusCode, Header: resp.Header,
		Body: io.NopCloser(bytes.NewReader(data)), Options: in.Options}
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Errorf("answer to %s %s: %v\n%s", method, path, err, data)
	}
}

func TestGraphKeepsTheContract(t *testing.T) {
	router := loadContract(t)
	state := Default()
	block(t, state, "Block legacy authentication")
	p := &state.Org.ConditionalAccess[0]
	p.IncludeRoles, p.IncludeLocations = []string{"29232cdf-9323-42fd-ade2-1d097af3e4de"}, []string{"All"}
	state.User(Mailbox).AdminRoles, state.Org.Premium = []string{"Exchange Administrator"}, "p2"
	tenant := start(t, state)
	connect(t, tenant).login(Mailbox, Password)
	c := newCaller(t, tenant, tenant.Cloud().Graph)
	for _, tc := range []struct{ method, path, body string }{
		{"GET", securityDefaultsPath, ""},
		{"PATCH", securityDefaultsPath, `{"isEnabled":false}`},
		{"GET", "/v1.0/identity/conditionalAccess/policies", ""},
		{"GET", "/v1.0/auditLogs/signIns?$filter=userPrincipalName%20eq%20'" + Mailbox + "'&$top=1", ""},
		{"GET", "/v1.0/auditLogs/signIns?$filter=createdDateTime%20ge%202026-01-01T00:00:00Z%20and%20(clientAppUsed%20eq%20'Authenticated%20SMTP'%20or%20clientAppUsed%20eq%20'SMTP')&$top=500", ""},
		{"GET", "/v1.0/users/" + Mailbox + "?$select=id,userPrincipalName,mail,accountEnabled,assignedPlans,provisionedPlans,proxyAddresses,onPremisesSyncEnabled,usageLocation", ""},
		{"GET", "/v1.0/users/" + Mailbox + "/licenseDetails", ""},
		{"GET", "/v1.0/users/" + Mailbox + "/transitiveMemberOf/graph.directoryRole", ""},
		{"GET", "/v1.0/organization", ""},
		{"GET", "/v1.0/subscribedSkus", ""},
		{"GET", perUserMFAPath, ""},
		{"PATCH", perUserMFAPath, `{"perUserMfaState":"disabled"}`},
		{"GET", "/v1.0/users/nobody@contoso.com", ""},         // errors of Graph
		{"PATCH", securityDefaultsPath, `{"isEnabled":true}`}, // beside a policy
	} {
		resp, data := c.must(tc.method, tenant.Cloud().Graph+tc.path, tc.body)
		if refused := strings.Contains(tc.path, "nobody") || strings.Contains(tc.body, "true"); resp.StatusCode >= 300 != refused {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, resp.StatusCode, data)
		}
		check(t, router, tc.method, tc.path, tc.body, resp, data)
	}
}

// The check itself must be able to fail.
func TestContractIsNotBlind(t *testing.T) {
	router := loadContract(t)
	req := httptest.NewRequest("GET", "https://graph.microsoft.com"+perUserMFAPath, nil)
	route, parameters, err := router.FindRoute(req)
	if err != nil {
		t.Fatal(err)
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: parameters, Route: route}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: 200,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(`{"perUserMfaState":"off"}`))}
	if err := openapi3filter.ValidateResponse(t.Context(), out); err == nil {
		t.Error("a state that does not exist is taken")
	}
}
