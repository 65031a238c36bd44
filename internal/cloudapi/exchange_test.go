package cloudapi

import (
	"net/url"
	"testing"
)

func TestRegion(t *testing.T) {
	root, err := url.Parse("https://outlook.office365.com/adminapi/beta/x/InvokeCommand")
	if err != nil {
		t.Fatal(err)
	}
	lab, err := url.Parse("https://127.0.0.1:8443/adminapi/beta/x/InvokeCommand")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		at       *url.URL
		location string
		want     string // "" for refused
	}{
		{root, "https://eurprd01.outlook.office365.com/adminapi/other", "https://eurprd01.outlook.office365.com/adminapi/beta/x/InvokeCommand"},
		{root, "https://nam10.ps.office365.com/", "https://nam10.outlook.office365.com/adminapi/beta/x/InvokeCommand"},
		{root, "https://outlook.office365.com/adminapi/beta2/x", "https://outlook.office365.com/adminapi/beta2/x"},
		{root, "https://outlook.office365.com/adminapi/beta/x/InvokeCommand", ""},
		{root, "https://eur.evil.example/", ""},
		{root, "https://office365.com.evil.example/", ""},
		{root, "http://eur.outlook.office365.com/", ""},
		{lab, "https://127.0.0.2:8443/", ""},
		{lab, "https://eur.0.0.1/", ""},
		{lab, "https://127.0.0.1:9999/", ""},
	}
	for _, tt := range tests {
		location, err := url.Parse(tt.location)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := (&Cmdlets{url: tt.at}).region(location)
		if ok != (tt.want != "") || ok && got.String() != tt.want {
			t.Errorf("%s: %v, %v, want %q", tt.location, got, ok, tt.want)
		}
	}
}
