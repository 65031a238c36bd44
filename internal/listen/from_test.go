package listen

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What stands in the From fields of devices is often no valid field.
func TestFromField(t *testing.T) {
	for _, tt := range []struct {
		header string
		want   []string
	}{
		{"From: a@contoso.com\r\n", []string{"a@contoso.com"}},
		{"Subject: x\r\nFROM: Scan <a@contoso.com>\r\n", []string{"a@contoso.com"}},
		{"From: Scan\r\n <a@contoso.com>\r\nTo: b@contoso.com\r\n", []string{"a@contoso.com"}},
		{"From: a@contoso.com, b@contoso.com\r\n", []string{"a@contoso.com", "b@contoso.com"}},
		{"From: \"b@contoso.com\" <a@contoso.com>\r\n", []string{"a@contoso.com"}},
		{"From: =?GB2312?B?yajD6A==?= <a@contoso.com>\r\n", []string{"a@contoso.com"}},
		{"From: =?ISO-2022-JP?B?GyRCJTklLSVjJUobKEI=?= <a@contoso.com>\r\n", []string{"a@contoso.com"}},
		{"From: M\xfcller <a@contoso.com>\r\n", []string{"a@contoso.com"}},
		{"From: Miller, Bob <a@contoso.com>\r\n", []string{"a@contoso.com"}},
		{"no field at all\r\nFrom: a@contoso.com\r\n", []string{"a@contoso.com"}},
		{"From: scanner (a@contoso.com\r\n", []string{"a@contoso.com"}},
		{"From: scanner\r\n", nil},
		{"Subject: x\r\n\r\nFrom: a@contoso.com\r\n", nil},
		{"", nil},
	} {
		if diff := cmp.Diff(tt.want, fromField(tt.header)); diff != "" {
			t.Errorf("%q: %s", tt.header, diff)
		}
	}
}
