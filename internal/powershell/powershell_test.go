package powershell

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/endpoint"
)

const guid = "0a1b2c3d-0000-4000-8000-00000000abcd"

// names are mailboxes that would get out of a string if one of them could.
var names = []string{
	"scanner@contoso.com", "o'brien@contoso.com", `"a b"@contoso.com`, "x\u2019y\u2018z\u201a\u201b@contoso.com", "\u201cx\u201d\u201e@contoso.com",
	"$(x)@contoso.com", "`x$y@contoso.com", "a;b|c&d@contoso.com", "MAILBOX@path.PATH", "{x}%@contoso.com", "",
}

// everyBlock writes all that can be written: each cause, and each change to and
// from each value, for each name, in each cloud, with the tenant known or not,
// for its own administrator and for a partner.
func everyBlock(see func(mailbox string, block []string)) {
	var all [][]catalogue.Commands
	for _, c := range catalogue.All() {
		all = append(all, c.Commands())
		if c.Change != nil {
			for _, l := range c.Change.Literals {
				all = append(all, []catalogue.Commands{c.Change.Commands(l.Value)})
			}
		}
	}
	for _, l := range catalogue.Chain() {
		all = append(all, []catalogue.Commands{l.Make})
	}
	for _, mailbox := range names {
		for _, p := range []Place{{}, {Tenant: guid, App: guid, Object: guid}, {Tenant: guid}, {Customer: "o'brien.com"}, {Tenant: guid, Customer: guid}} {
			for _, cloud := range endpoint.Names() {
				p.Mailbox = mailbox
				p.Cloud, _ = endpoint.Builtin(cloud)
				for _, commands := range all {
					if block := p.Block(commands...); len(block) > 0 {
						see(mailbox, block)
					}
				}
			}
		}
	}
}

// Whatever a mailbox is called, it stands in strings that nothing expands, and
// the commands around them are the same: those of a name without quotes.
func TestNamesStayWithinTheirQuotes(t *testing.T) {
	var plain []string
	i := 0
	everyBlock(func(mailbox string, block []string) {
		code, literals, problem := scan(strings.Join(block, "\n"))
		switch {
		case problem != "":
			t.Fatalf("%s: %s\n%s", mailbox, problem, strings.Join(block, "\n"))
		case mailbox == "":
			return
		case mailbox == names[0]:
			plain = append(plain, code)
		case code != plain[i%len(plain)]:
			t.Fatalf("%s: a name changes the commands\n%s", mailbox, strings.Join(block, "\n"))
		}
		i++
		domain := mailbox[strings.LastIndex(mailbox, "@")+1:]
		for _, l := range literals {
			if strings.Contains(l, "@") && !slices.Contains([]string{mailbox, url.PathEscape(mailbox)}, l) {
				t.Fatalf("%s became %s", mailbox, l)
			}
			if strings.Contains(l, domain) && !strings.HasSuffix(l, domain) {
				t.Fatalf("%s: %s", domain, l)
			}
		}
	})
	if i == 0 || i%len(plain) != 0 {
		t.Errorf("%d blocks, %d of them plain", i, len(plain))
	}
}

// variable matches one, with what makes it a value or an assignment.
var variable = regexp.MustCompile(`\$([A-Za-z]+)( = )?`)

// scan reads PowerShell as strictly as these blocks can be: strings without
// expansion that begin and end a word, brackets in pairs, variables set before
// they are used, nothing that redirects, chains or escapes. It returns the code
// with its strings emptied, and the strings.
func scan(script string) (code string, literals []string, problem string) {
	var b, literal strings.Builder
	var open []rune
	runes := []rune(script)
	single := func(r rune) bool { return strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) }
	double := func(r rune) bool { return strings.ContainsRune("\"\u201c\u201d\u201e", r) }
	edge := func(i int, allowed string) bool {
		return i < 0 || i >= len(runes) || strings.ContainsRune(allowed, runes[i])
	}
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if single(r) || double(r) {
			same, start := single, i
			if double(r) {
				same = double
			}
			literal.Reset()
			for i++; ; i++ {
				if i >= len(runes) {
					return "", nil, "a string does not end"
				}
				if same(runes[i]) {
					if i+1 < len(runes) && same(runes[i+1]) {
						i++
					} else {
						break
					}
				}
				if double(r) && strings.ContainsRune("$`", runes[i]) {
					return "", nil, "a string expands"
				}
				literal.WriteRune(runes[i])
			}
			if !edge(start-1, " \n(=,{") || !edge(i+1, " \n),}.") {
				return "", nil, "a string stands within a word: " + string(runes[start:i+1])
			}
			literals = append(literals, literal.String())
			b.WriteString("''")
			continue
		}
		switch {
		case strings.ContainsRune("({[", r):
			open = append(open, r)
		case strings.ContainsRune(")}]", r):
			if len(open) == 0 || !strings.Contains("() {} []", string(open[len(open)-1])+string(r)) {
				return "", nil, "a bracket closes nothing"
			}
			open = open[:len(open)-1]
		case strings.ContainsRune("<>;`#\r%", r), r == '&' && !(runes[min(i+1, len(runes)-1)] == ' ' && edge(i-1, "\n")):
			return "", nil, fmt.Sprintf("%q stands outside a string", r)
		}
		b.WriteRune(r)
	}
	code = strings.ReplaceAll(b.String(), "$_.", "it.") // the object of a pipe
	set := []string{"true", "false", "null"}
	for _, v := range variable.FindAllStringSubmatch(code, -1) {
		if v[2] == "" && !slices.Contains(set, v[1]) {
			return "", nil, "$" + v[1] + " is used and not set"
		}
		set = append(set, v[1])
	}
	switch {
	case len(open) > 0:
		return "", nil, "a bracket is left open"
	case strings.Contains(code, "MAILBOX"), strings.Contains(code, "PATH"), strings.Contains(code, "APPID"), strings.Contains(code, "OBJECTID"):
		return "", nil, "a placeholder is left"
	case strings.Count(code, "$") != len(variable.FindAllString(code, -1)):
		return "", nil, "a $ that is no variable"
	}
	return code, literals, ""
}

// The strict reader refuses what it is there to refuse.
func TestScan(t *testing.T) {
	for _, script := range []string{
		"-Uri '/beta/users/'scanner@contoso.com'/x'", `-Filter "u eq ''a@b''`, "'a", `"$(x)"`, "Get-X <client id>", "(", "a)", "({)}", "$mailbox", "MAILBOX", "a; b", "a & b", "\"x`n\"", "$(x)",
	} {
		if _, _, problem := scan(script); problem == "" {
			t.Errorf("takes %s", script)
		}
	}
}

// No placeholder stands inside quotes, and what needs permissions names them.
func TestPlaceholders(t *testing.T) {
	for _, c := range catalogue.All() {
		for _, commands := range c.Commands() {
			if (commands.At == catalogue.Graph) != (len(commands.Scopes) > 0) {
				t.Errorf("%s: %s with the permissions %v", c.Code, commands.At, commands.Scopes)
			}
			for _, line := range commands.Lines {
				marked := strings.NewReplacer("MAILBOX", "{mailbox}", "PATH", "{path}").Replace(line)
				code, literals, _ := scan("$mailbox = $app = $principal = $filter = $object = $user = $from = $connector = $address = " + marked)
				if within := strings.Join(literals, " "); code == "" || strings.Contains(within, "{mailbox}") || strings.Contains(within, "{path}") {
					t.Errorf("%s: a placeholder inside quotes: %s", c.Code, line)
				}
			}
		}
	}
}

// A block signs in to the tenant that is meant, and stops in any other.
func TestBlock(t *testing.T) {
	global, _ := endpoint.Builtin("global")
	dod, _ := endpoint.Builtin("dod")
	china, _ := endpoint.Builtin("china")
	defaults, _ := catalogue.Lookup(catalogue.SecurityDefaults)
	mailbox, _ := catalogue.Lookup(catalogue.SMTPAuthOffMailbox)
	network, _ := catalogue.Lookup(catalogue.NetworkBlocked)
	show := "    Get-MgPolicyIdentitySecurityDefaultEnforcementPolicy | Format-List IsEnabled"
	tests := []struct {
		name  string
		place Place
		cause catalogue.Cause
		want  []string
	}{
		{"Graph, the tenant is known", Place{Mailbox: names[1], Tenant: guid, Cloud: global}, defaults, []string{
			"& {",
			"    $ErrorActionPreference = 'Stop'",
			"    Connect-MgGraph -TenantId '" + guid + "' -Scopes 'Policy.Read.All','Policy.ReadWrite.SecurityDefaults'",
			"    if ((Get-MgContext).TenantId -ne '" + guid + "') { " + stop + " }",
			show,
			"    Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy -IsEnabled:$false",
			show,
			"}",
		}},
		{"Graph, the domain is known, another cloud", Place{Mailbox: names[1], Cloud: china}, defaults, []string{
			"& {",
			"    $ErrorActionPreference = 'Stop'",
			"    $client = Read-Host 'Client id of your own app registration'",
			"    Connect-MgGraph -TenantId 'contoso.com' -Scopes 'Policy.Read.All','Policy.ReadWrite.SecurityDefaults','User.Read' -Environment China -ClientId $client",
			"    if ((Get-MgOrganization).VerifiedDomains.Name -notcontains 'contoso.com') { " + stop + " }",
			show,
			"    Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy -IsEnabled:$false",
			show,
			"}",
		}},
		{"Exchange, nothing is known", Place{}, mailbox, []string{
			"& {",
			"    $mailbox = Read-Host 'Mailbox, such as scanner@contoso.com'",
			"    $ErrorActionPreference = 'Stop'",
			"    Connect-ExchangeOnline",
			"    if ((Get-AcceptedDomain).DomainName -notcontains ($mailbox.Split('@')[-1])) { " + stop + " }",
			"    Get-CASMailbox -Identity $mailbox | Format-List SmtpClientAuthenticationDisabled",
			"    Set-CASMailbox -Identity $mailbox -SmtpClientAuthenticationDisabled $false",
			"    Get-CASMailbox -Identity $mailbox | Format-List SmtpClientAuthenticationDisabled",
			"}",
		}},
		{"Exchange, a customer, another cloud", Place{Mailbox: names[1], Tenant: guid, Customer: guid, Cloud: dod}, mailbox, []string{
			"& {",
			"    $ErrorActionPreference = 'Stop'",
			"    Connect-ExchangeOnline -DelegatedOrganization '" + guid + "' -ExchangeEnvironmentName O365USGovDoD",
			"    if ((Get-AcceptedDomain).DomainName -notcontains 'contoso.com') { " + stop + " }",
			"    Get-CASMailbox -Identity 'o''brien@contoso.com' | Format-List SmtpClientAuthenticationDisabled",
			"    Set-CASMailbox -Identity 'o''brien@contoso.com' -SmtpClientAuthenticationDisabled $false",
			"    Get-CASMailbox -Identity 'o''brien@contoso.com' | Format-List SmtpClientAuthenticationDisabled",
			"}",
		}},
		{"no service", Place{Mailbox: names[1]}, network, []string{"Test-NetConnection smtp.office365.com -Port 587"}},
		{"no commands", Place{}, catalogue.Cause{}, nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, tt.place.Block(tt.cause.Commands()...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	own := Place{Mailbox: names[0], Tenant: guid, Cloud: global}.Block(mailbox.Commands()...)
	if want := "    if ((Get-ConnectionInformation).TenantID -ne '" + guid + "') { " + stop + " }"; !slices.Contains(own, want) {
		t.Errorf("Exchange in the own tenant lacks %s:\n%s", want, strings.Join(own, "\n"))
	}
}
