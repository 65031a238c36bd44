package state_test

import (
	"fmt"

	"smtpmend/internal/fact"
	"smtpmend/internal/tenantsim/state"
)

// A state file says what is not as in the default tenant: here a tenant whose
// changes are slow to arrive and to be read back, with an administrator's
// account that signs in by another name than its address, under a policy for
// administrators away from the office.
func ExampleParse() {
	s, err := state.Parse([]byte(`{
		"domain": "fabrikam.com",
		"domains": ["fabrikam.onmicrosoft.com"],
		"read_lag": "45s",
		"smtp": {"propagation": "2m", "front_ends": 3, "client": "198.51.100.7"},
		"organisation": {
			"org.legacy-tls": "unset",
			"org.premium": "p1",
			"basic_auth": "on",
			"named_locations": [
				{"id": "b2c3d4e5-0000-4000-8000-000000000001", "name": "office", "trusted": true, "ranges": ["203.0.113.0/24"]}
			],
			"conditional_access": [{
				"id": "10ef4fe6-5e51-4f5c-8a52-000000000009", "name": "Administrators outside", "state": "enabled",
				"client_apps": ["all"], "applications": ["All"], "controls": ["mfa"],
				"include_roles": ["29232cdf-9323-42fd-ade2-1d097af3e4de"],
				"include_locations": ["All"], "exclude_locations": ["AllTrusted"]
			}]
		},
		"users": [{
			"mailbox": "scanner@fabrikam.com", "upn": "device7@fabrikam.onmicrosoft.com", "password": "Paper-Jam-42",
			"aliases": ["scan@fabrikam.com"], "loose_names": ["copier@fabrikam.com"], "alias_sign_in": false,
			"display_name": "Scanner, 2nd floor", "mailbox.smtp-auth": "inherit",
			"user.per-user-mfa": "enabled", "mfa_registered": false, "user.admin-role": ["Exchange Administrator"]
		}],
		"faults": [{"api": "graph", "path": "/users/", "nth": 2, "kind": "without", "key": "accountEnabled"}]
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []fact.Name{fact.OrgConditionalAccess, fact.OrgLegacyTLS, fact.OrgPremium, fact.UserAdminRole, fact.UserPerUserMFA} {
		fmt.Println(name, s.Fact("scanner@fabrikam.com", name))
	}
	// Output:
	// org.conditional-access Administrators outside
	// org.legacy-tls off
	// org.premium p1
	// user.admin-role Exchange Administrator
	// user.per-user-mfa enabled
}
