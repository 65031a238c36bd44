package cloudapi

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// The bodies are those that Microsoft's services were seen to send, shortened;
// where they come from stands in the name of the case.
func TestRefusals(t *testing.T) {
	graph, exchange := graphRefusal, exchangeRefusal
	tests := []struct {
		name      string
		refusal   func(answer) *Fault
		status    int
		body      string
		kind      error
		what      string
		next      string
		uncertain bool
	}{
		{"terraform-provider-msgraph issue 65", graph, 403, `{"error":{"code":"AccessDenied","message":"You cannot perform the requested operation, required scopes are missing in the token."}}`,
			ErrPermission, "AccessDenied", "", false},
		{"microsoft-graph-docs-contrib issue 3033", graph, 403, `{"error":{"code":"Authentication_RequestFromNonPremiumTenantOrB2CTenant","message":"Neither tenant is B2C or tenant doesn't have premium license"}}`,
			ErrPermission, "doesn't have premium license", "", false},
		{"graph2otel, scope of the audit log", graph, 403, `{"error":{"code":"Authentication_MSGraphPermissionMissing","message":"The principal does not have required Microsoft Graph permission(s)"}}`,
			ErrPermission, "Authentication_MSGraphPermissionMissing", "", false},
		{"service-fabric-aad-helpers", graph, 403, `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation.","innerError":{"request-id":"x"}}}`,
			ErrPermission, "Insufficient privileges", "", false},
		{"token of another cloud", graph, 401, `{"error":{"code":"InvalidAuthenticationToken","message":"InvalidCloudInstance"}}`,
			ErrSignIn, "status 401", "choose it with --cloud", false},
		{"expired token", graph, 401, `{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired."}}`,
			ErrSignIn, "the token is expired", "", false},
		{"user not found", graph, 404, `{"error":{"code":"Request_ResourceNotFound","message":"Resource 'a@b' does not exist."}}`,
			ErrRefused, "does not exist", "check the mailbox's name", false},

		{"graph2otel errors_test, bad value", exchange, 400, `{"error":{"code":"BadRequest","message":"Invalid Operation","innererror":{"message":"Invalid Operation","internalexception":{"message":"Cannot process argument transformation on parameter 'QuarantineTypes'.","type":"Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException"}}}}`,
			ErrRefused, "Cannot process argument transformation", "report it", false},
		{"graph2otel errors_test, unknown parameter", exchange, 400, `{"error":{"code":"BadRequest","message":"Invalid Operation","details":[{"message":"|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|Parameter set cannot be resolved."}]}}`,
			ErrRefused, "Parameter set cannot be resolved", "", false},
		{"no such object, the inner exception says nothing", exchange, 404, `{"error":{"code":"NotFound","message":"Error executing cmdlet","details":[{"message":"Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'a@b' couldn't be found on 'X'."}],"innererror":{"internalexception":{"message":"Exception of type 'Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException' was thrown.","type":"Microsoft.Exchange.Management.PSDirectInvoke.DirectInvokeCmdletExecutionException"}}}}`,
			ErrRefused, "object 'a@b' couldn't be found", "check the mailbox's name", false},
		{"the same with status 500", exchange, 500, `{"error":{"code":"InternalServerError","message":"Error executing cmdlet","details":[{"message":"Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed."}]}}`,
			ErrRefused, "it knows no such object", "check the mailbox's name", false},
		{"exception as JSON", exchange, 400, `{"error":{"details":[{"message":"{\"ClassName\":\"X.ManagementObjectNotFoundException\",\"Message\":\"no such thing\"}"}]}}`,
			ErrRefused, "no such thing", "check the mailbox's name", false},
		{"office-docs-powershell issue 7970", exchange, 401, `{"error":{"code":"Unauthorized","message":"User is not allowed to call Get-Mailbox"}}`,
			ErrPermission, "User is not allowed to call Get-Mailbox", "", false},
		{"Microsoft365DSC issue 6253", exchange, 400, `{"error":{"message":"The role assigned to application 00000000-0000-0000-0000-000000000000 isn't supported in this scenario."}}`,
			ErrPermission, "isn't supported in this scenario", "", false},
		{"app without role", exchange, 401, ``, ErrPermission, "status 401 and no reason", "", false},
		{"cmdlet outside the roles", exchange, 403, strings.Repeat("\x00", 4096), ErrPermission, "status 403 and no reason", "", false},
		{"office-docs-powershell issue 10972", exchange, 500, `{"error":{"code":"InternalServerError","message":"LDAP server is unavailable..","innererror":{"type":"Microsoft.Exchange.Data.Directory.ADTransientException"}}}`,
			ErrUnreachable, "LDAP server is unavailable", "", true},
		{"busy", exchange, 400, `{"error":{"details":[{"message":"|Microsoft.Exchange.X.ServerBusyException|later"}]}}`, ErrUnreachable, "later", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.refusal(answer{status: tt.status, header: http.Header{}, body: []byte(tt.body)})
			if !errors.Is(f, tt.kind) || f.Uncertain != tt.uncertain || !strings.Contains(f.What, tt.what) || !strings.Contains(f.Next, tt.next) {
				t.Errorf("got %v, %q, next %q, uncertain %v", f.Kind, f.What, f.Next, f.Uncertain)
			}
		})
	}
}

// Whatever a server makes of a refusal, there is a sentence and no panic.
func FuzzRefusal(f *testing.F) {
	for _, body := range []string{``, `{}`, `null`, `[]`, `{"error":null}`, `{"error":"x"}`, `{"error":{"details":[null]}}`, `{"error":{"details":[{"message":"||"}]}}`} {
		f.Add(403, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 400 || status > 599 {
			return
		}
		for _, refusal := range []func(answer) *Fault{graphRefusal, exchangeRefusal} {
			got := refusal(answer{status: status, header: http.Header{}, body: []byte(body)})
			if got.What == "" || got.Kind == nil || strings.ContainsAny(got.What, "\r\n") {
				t.Errorf("%d %q: %+v", status, body, got)
			}
		}
	})
}

func TestMissing(t *testing.T) {
	both := []string{"Policy.ReadWrite.SecurityDefaults", "Policy.Read.All"}
	row := Need{Graph, both, both, "Security Administrator"}
	mailbox := Need{Exchange, []string{"Exchange.Manage"}, []string{"Exchange.ManageAsApp"}, "Exchange Administrator"}
	jwt := func(claims map[string]any) string {
		payload, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		return "e30." + base64.RawURLEncoding.EncodeToString(payload) + ".c2ln"
	}
	token := func(c map[string]any) Claims { return ParseClaims(jwt(c)) }
	tests := []struct {
		name string
		row  Need
		c    Claims
		want string
	}{
		{"application without it", row, token(map[string]any{"appid": "a", "roles": []string{"User.Read.All", "Policy.Read.All"}}), "the token lacks the application permission Policy.ReadWrite.SecurityDefaults: grant it"},
		{"application with nothing", row, token(map[string]any{"appid": "a"}), "lacks the application permissions Policy.ReadWrite.SecurityDefaults and Policy.Read.All"},
		{"person without it", row, token(map[string]any{"upn": "ann@contoso.com", "scp": "User.Read Policy.Read.All"}), "lacks the delegated permission Policy.ReadWrite.SecurityDefaults"},
		{"person without the role", row, token(map[string]any{"upn": "ann@contoso.com", "scp": "Policy.ReadWrite.SecurityDefaults Policy.Read.All"}), "ann@contoso.com needs the role Security Administrator"},
		{"person at Exchange", mailbox, token(map[string]any{"unique_name": "ann@contoso.com", "scp": "AdminApi.AccessAsUser.All"}), "ann@contoso.com needs the role Exchange Administrator"},
		{"application at Exchange without it", mailbox, token(map[string]any{"appid": "a"}), "lacks the application permission Exchange.ManageAsApp"},
		{"opaque token", row, ParseClaims("opaque"), "it needs the permissions Policy.ReadWrite.SecurityDefaults and Policy.Read.All (for an application: Policy.ReadWrite.SecurityDefaults and Policy.Read.All) and the role Security Administrator"},
		{"broken token", row, ParseClaims("a.!!.b"), "and the role Security Administrator"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.row.missing(tt.c); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q in it", got, tt.want)
			}
		})
	}
}
