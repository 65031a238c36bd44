package oauth

import (
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/endpoint"
)

// Scope is what a token for a submission is asked with: a person's permission by
// name, all that an application holds. An endpoint file that names the scope
// decides its host.
//
// For a person of the worldwide cloud Microsoft documents outlook.office.com and
// for an application outlook.office365.com; the scopes of the other clouds are
// derived from their Exchange hosts, and for GCC High and China seen in use.
func Scope(cloud endpoint.Cloud, way catalogue.Way) string {
	host := strings.TrimRight(cloud.Exchange, "/")
	if given, _ := strings.CutSuffix(cloud.SMTPScope, "/.default"); given != "" {
		host = strings.TrimSuffix(given, "/SMTP.Send")
	} else if way.Personal() && personal[host] != "" {
		host = personal[host]
	}
	if way.Personal() {
		return host + "/SMTP.Send"
	}
	return host + "/.default"
}

// personal are the hosts of a person's scope where they are not Exchange's.
var personal = map[string]string{
	"https://outlook.office365.com":    "https://outlook.office.com",
	"https://outlook-dod.office365.us": "https://outlook.office365.us",
}
