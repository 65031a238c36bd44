package cloudapi

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

func jwtOf(payload string) string {
	return "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2ln"
}

func TestMailClaims(t *testing.T) {
	for _, tc := range []struct {
		name, token string
		want        MailClaims
	}{
		{"a person's", jwtOf(`{"upn":"ann@contoso.com","scp":"openid SMTP.Send","oid":"ABC"}`), MailClaims{"ann@contoso.com", "abc", []string{"openid", "SMTP.Send"}, true}},
		{"an application's", jwtOf(`{"idtyp":"app","roles":["SMTP.SendAsApp"],"oid":"d"}`), MailClaims{"", "d", []string{"SMTP.SendAsApp"}, true}},
		{"an application's without a role", jwtOf(`{"idtyp":"app","oid":"d"}`), MailClaims{"", "d", nil, true}},
		{"of another type", jwtOf(`{"oid":7,"scp":"SMTP.Send"}`), MailClaims{"", "", []string{"SMTP.Send"}, true}},
		{"a name that is no address", jwtOf(`{"upn":"x@y\u0001auth=Bearer z","scp":"SMTP.Send"}`), MailClaims{"", "", []string{"SMTP.Send"}, true}},
		{"opaque", "EwB-abc", MailClaims{}},
		{"empty", "", MailClaims{}},
	} {
		got := ParseMailClaims(tc.token)
		if got.User != tc.want.User || got.ObjectID != tc.want.ObjectID || !slices.Equal(got.Permissions, tc.want.Permissions) || got.Readable != tc.want.Readable {
			t.Errorf("%s: %+v", tc.name, got)
		}
	}
}

// No token makes the sign-in say anything but a name.
func FuzzMailClaims(f *testing.F) {
	for _, payload := range []string{`{"upn":"a@b","oid":"x","scp":"y"}`, `{"roles":[1]}`, `[]`, `{`, ``} {
		f.Add(jwtOf(payload))
	}
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		if c := ParseMailClaims(token); strings.ContainsAny(c.User, "\x00\x01\r\n ") {
			t.Errorf("%q", c.User)
		}
	})
}
