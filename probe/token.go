package probe

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Audiences are the values of a token's aud claim that Exchange Online takes
// for SMTP: its application id, and its hosts in the four clouds (the last
// two are derived from the hosts, no page of Microsoft's names them).
var audiences = []string{
	"00000002-0000-0ff1-ce00-000000000000",
	"https://outlook.office.com",
	"https://outlook.office365.com",
	"https://ps.outlook.com",
	"https://outlook.office365.us",
	"https://outlook-dod.office365.us",
	"https://partner.outlook.cn",
}

// Claims are what a token says of itself. Nothing is verified: only the
// server can do that.
type claims struct {
	Audience  string   `json:"aud"`
	Scope     string   `json:"scp"`
	Roles     []string `json:"roles"`
	Expires   float64  `json:"exp"`
	NotBefore float64  `json:"nbf"`
	UPN       string   `json:"upn"`
	Username  string   `json:"preferred_username"`
	Unique    string   `json:"unique_name"`
}

// readClaims decodes the payload of a JWT. ok is false for an opaque token,
// as personal accounts have them.
func readClaims(token string) (c claims, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || json.Unmarshal(payload, &c) != nil {
		return c, false
	}
	return c, true
}

// checkToken names what makes a token impossible to sign in with. An empty
// fault means that it may work; notes say what to keep in mind.
func checkToken(c claims, mailbox string, extra []string, now time.Time) (f Fault, problem string, notes []string) {
	switch {
	case c.Expires != 0 && now.After(unix(c.Expires)):
		return FaultToken, fmt.Sprintf("The token expired on %s; get a new one.", unix(c.Expires).UTC().Format(time.RFC1123)), nil
	case c.NotBefore != 0 && unix(c.NotBefore).After(now.Add(5*time.Minute)):
		return FaultToken, "The token is not valid yet; check the clock of the machine that asked for it.", nil
	case c.Audience != "" && !knownAudience(c.Audience, extra):
		return FaultToken, fmt.Sprintf("The token is for %q, not for Exchange Online; ask for the scope https://outlook.office.com/SMTP.Send (a user) or https://outlook.office365.com/.default (an application).", c.Audience), nil
	case c.Scope != "" && !slices.Contains(strings.Fields(c.Scope), "SMTP.Send"):
		return FaultTokenScope, "The token does not hold the scope SMTP.Send; have it consented to and get a new token.", nil
	case c.Scope == "" && len(c.Roles) > 0 && !slices.Contains(c.Roles, "SMTP.SendAsApp"):
		notes = append(notes, "The token does not hold the role SMTP.SendAsApp: it works only where Exchange gave the application its own role of that name.")
	}
	if user := cmp.Or(c.UPN, c.Username, c.Unique); user != "" && !strings.EqualFold(user, mailbox) {
		notes = append(notes, fmt.Sprintf("The token belongs to %s, not to %s: it works only where %s has full access to the mailbox.", user, mailbox, user))
	}
	return "", "", notes
}

func knownAudience(aud string, extra []string) bool {
	same := func(a string) bool {
		return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(aud, "/"))
	}
	return slices.ContainsFunc(audiences, same) || slices.ContainsFunc(extra, same)
}

func unix(seconds float64) time.Time { return time.Unix(int64(seconds), 0) }

// Untried is the report of an attempt that was not made, for want of a token:
// said is why Entra issued none, in words without secrets.
func Untried(c Config, said string) *Report {
	s := newSession(c)
	s.report.Mechanism, s.report.Outcome = MechXOAUTH2, Failed
	s.begin(StageToken)
	s.stage.Fault, s.stage.Error = FaultNoToken, said
	s.end()
	return s.report
}
