package cloudapi

import (
	"slices"
	"sync"
)

// A step is what to do about refusals of Entra's sign-in service. Its own words
// are shown besides; means is what they leave in the dark.
type step struct {
	numbers []int // AADSTS
	means   string
	next    string // {tenant}, {client}, {secret}, {certificate}, {method} stand for what was set
	about   about
}

// An about is what a refusal is about, and so whether another token may be had.
type about int

const (
	everything about = iota // another token would be refused as this one was
	theApp                  // another application may get one
	theAPI                  // a token for another API may be had
)

const (
	again       = "run it again"
	whileLater  = "try again in a few minutes"
	otherMethod = "choose another way to sign in with {method}: browser, or client-certificate for an application"
	atFault     = "this is a fault of smtpmend or of something between: report it with these words"
)

// steps has one row for what is done alike, and each number in one row
// (learn.microsoft.com, "Microsoft Entra authentication and authorization error
// codes"; the numbers that the page lacks were reported by users).
var steps = []step{
	// Who signs in.
	{[]int{16000, 16003, 50020, 51004, 90072}, "this account is not known in this tenant", "sign in with an account of the tenant; as a partner, have the account put into the security group of the customer's GDAP relationship", everything},
	{[]int{50034, 50128}, "there is no such account in this tenant", "sign in with the user principal name, and check that {tenant} names the account's tenant", everything},
	{[]int{500207, 500208}, "this kind of account cannot be used here", "sign in with a work account of the tenant", everything},
	{[]int{50177, 50178}, "a guest cannot meet what this tenant asks for", "sign in with a member of the tenant; as a partner, have the account put into the security group of the customer's GDAP relationship", everything},
	{[]int{530034}, "the partner's administrator is rated risky at home", "have the risk cleared in the partner's own tenant (Entra ID > Protection > Risky users)", everything},
	{[]int{50014}, "the invitation of this guest was not accepted", "accept it, or sign in with a member of the tenant", everything},
	{[]int{50057}, "the account is switched off", "sign in with another account, or have it enabled", everything},
	{[]int{50053}, "too many wrong passwords, or an address that attacks came from", "wait ten minutes, or sign in from another network", everything},
	{[]int{50055, 50137, 50142, 50144}, "the account needs a new password", "set one in a browser at https://myaccount.microsoft.com, then " + again, everything},
	{[]int{50056, 50064, 50126}, "user name or password did not fit", "check the user principal name and enter the password once more", everything},
	{[]int{50135, 53004, 53011}, "the account is rated risky", "have the risk cleared (Entra ID > Protection > Risky users), then " + again, everything},
	{[]int{54000}, "the rule for the account's age group stops it", "sign in with another account", everything},
	{[]int{80012}, "these are not the account's logon hours", "sign in within them, or have them widened in Active Directory", everything},
	{[]int{50197}, "several identities fit the account", "sign in with the full user principal name", everything},
	{[]int{50072, 50079, 50125, 53010}, "the account has to register its security information first", "do so in a browser at https://aka.ms/mysecurityinfo, from a place that the tenant allows, then " + again, everything},
	{[]int{50074, 50076, 50078, 50158, 500121}, "a second factor was asked for and not given", "sign in once more and answer it; browser is the way that shows it", everything},
	{[]int{50086, 50087, 50088}, "the second factor could not be asked for", "try another method of the account, or wait a few minutes", everything},
	{[]int{50058, 50140, 50199}, "the page waits for an answer", "run it again and answer the page: it asks whether you mean to sign in to this application", everything},
	{[]int{50107, 20001, 20012, 20033, 50008, 50017, 50180, 51006, 40008}, "the account's own identity provider failed", "look at the federation of the domain, or sign in with a cloud account (name@....onmicrosoft.com)", everything},
	{[]int{80001, 80002, 80005, 80007, 80010, 80013, 80014}, "the password could not be checked on premises", "look at the pass-through agent and the domain controller, or sign in with a cloud account", everything},

	// What the tenant allows.
	{[]int{530035}, "security defaults stop this way of signing in, as they do with device codes in tenants made since July 2026", "sign in with --auth browser on a computer with a desktop; security defaults need not be weakened for that", everything},
	{[]int{530036}, "a token that began with a device code is not taken any more", "sign in with {method} browser", everything},
	{[]int{53003, 530032}, "a policy of Conditional Access stops this way of signing in, as one for authentication flows does with device codes", otherMethod, everything},
	{[]int{50005, 50097, 50127, 50129, 50155, 50187, 53000, 53001, 53002}, "a policy of Conditional Access wants a managed device or an approved program", "sign in with {method} browser on such a device, or as an application with {method} client-certificate", everything},
	{[]int{50131}, "Conditional Access refused the device, the place or the risk", "the tenant's sign-in log names the policy; " + otherMethod, everything},
	{[]int{50002, 500021, 500022}, "a proxy of this network allows other tenants only (tenant restrictions)", "have the tenant added to the restriction, or use another network", everything},
	{[]int{500212, 500213}, "cross-tenant access settings stop this account here", "have inbound (here) or outbound (at home) access allowed, or sign in with an account of the tenant", everything},
	{[]int{5000224, 5000225}, "Microsoft has blocked the tenant", "only Microsoft's support can lift that", everything},
	{[]int{51000}, "a feature that this needs is switched off", "ask Microsoft's support, with these words", everything},

	// The application.
	{[]int{50011, 70004, 900971}, "", "register http://localhost under Mobile and desktop applications of the app registration (Authentication)", theApp},
	{[]int{7000218}, "the application takes nobody without a secret", "set Allow public client flows to Yes in the app registration (Authentication), or give {secret}", theApp},
	{[]int{700025}, "a public client sent a secret", "unset {secret}, or sign in with {method} browser", theApp},
	{[]int{50105, 501051}, "the application is for assigned accounts only", "assign the account to it (Entra ID > Enterprise apps > Users and groups), or set Assignment required to No", theApp},
	{[]int{7000112, 1000031}, "the application is switched off in this tenant", "set Enabled for users to sign in to Yes (Entra ID > Enterprise apps > Properties)", theApp},
	{[]int{700016, 700011, 70001, 7000229, 650051}, "the application is not known in this tenant", "check {client} and {tenant}; an application of another tenant has to be consented to here first", theApp},
	{[]int{90099}, "the partner's application was not authorised in the customer's tenant", "consent to it there, or leave --client-id out: Microsoft's own clients are known in every tenant", theApp},
	{[]int{50194, 650059}, "the application is for its own tenant alone", "use one that is registered in {tenant}, or make it multitenant", theApp},
	{[]int{50003, 50012, 700027, 700030}, "the application does not know this certificate", "check {certificate} and upload it to the app registration; one that was uploaded just now needs some minutes", theApp},
	{[]int{50013, 50027, 500133, 700024, 900384}, "the signed request was out of its time or damaged", "set the clock of this machine, then " + again, theApp},
	{[]int{7000215, 70002}, "", "set {secret} to a valid secret of the application (its value, not its id)", theApp},
	{[]int{7000222}, "", "the secret has expired: make a new one and set {secret}", theApp},
	{[]int{7000114, 700229}, "the application may not act for others", "sign in with {method} client-secret or client-certificate", theApp},
	{[]int{900382, 900432}, "a secret or certificate does not hold across clouds", "register the application in the cloud of the tenant", theApp},

	// The permissions.
	{[]int{65001, 90008, 90093, 650056}, "nobody has consented to these permissions", "an administrator must consent to the application's permissions (Entra ID > Enterprise apps > Permissions), then " + again, theAPI},
	{[]int{90094}, "only an administrator may consent to these permissions", "sign in as one who may, or have consent granted (Entra ID > Enterprise apps > Permissions)", theAPI},
	{[]int{90095}, "the request for consent went to an administrator", "wait until it is approved, or sign in as one who may consent", theAPI},
	{[]int{65004}, "consent was declined on the page", "run it again and accept, or have consent granted by an administrator", theAPI},
	{[]int{65002}, "this application of Microsoft's may not ask for this API", "use an app registration of your own: name it with --client-id", theAPI},
	{[]int{500011, 50001, 650052, 650054, 500014}, "the tenant lacks this API, or the application has no part in it", "check that the tenant is the right one and has Exchange Online; else give the application a permission of the API and grant it with admin consent", theAPI},
	{[]int{65005, 650057}, "the app registration does not list this API", "add its permissions there (API permissions) with admin consent", theAPI},
	{[]int{28002, 28003, 650053, 70011, 90009, 700022}, "the permission that was asked for does not exist", "check the endpoints of the cloud; elsewhere " + atFault, theAPI},

	// The tenant and its cloud.
	{[]int{90002, 900023, 90019}, "there is no such tenant in this cloud", "check {tenant}, or choose the tenant's cloud with --cloud", everything},
	{[]int{50059}, "no tenant was named, or Microsoft's client does not exist in this cloud", "name the tenant with --tenant, or its cloud with --cloud, or an app registration of your own with --client-id", everything},
	{[]int{700023, 90038, 90051, 50049}, "the tenant may belong to another cloud", "choose it with --cloud", everything},
	{[]int{90124, 90130, 9001023, 9002332}, "this needs a tenant of its own", "name the tenant with --tenant", everything},

	// What passes, and what runs out.
	{[]int{70018, 70019, 70020, 90119, 90120, 50134, 50089}, "the code was declined, mistyped, or has run out", again + " and enter the new code within 15 minutes", everything},
	{[]int{70016}, "nobody has finished the sign-in yet", again, everything},
	{[]int{50085, 50132, 50133, 50173, 54005, 70000, 70008, 70043, 700005, 700082, 700084, 9002313, 9002327}, "the sign-in has run out or was ended", "run it again and sign in anew", everything},
	{[]int{40010, 50000, 50033, 90006, 90012, 90024, 90033, 90036, 90090, 90091, 230109}, "the sign-in service is in trouble", whileLater, everything},
	{[]int{50196, 90055}, "too many requests were made", whileLater, everything},
	{[]int{50147, 50148, 50149, 501481, 501491, 70003, 90014, 900144, 901002}, "", atFault, everything},
}

var stepsByNumber = sync.OnceValue(func() map[int]*step {
	all := map[int]*step{}
	for i := range steps {
		for _, n := range steps[i].numbers {
			all[n] = &steps[i]
		}
	}
	return all
})

func stepFor(number int) step {
	if s := stepsByNumber()[number]; s != nil {
		return *s
	}
	return step{next: "check the credentials and the tenant; smtpmend explain may know the number"}
}

// Refusals are the numbers that have words of their own, in order.
func Refusals() []int {
	var all []int
	for _, s := range steps {
		all = append(all, s.numbers...)
	}
	slices.Sort(all)
	return all
}
