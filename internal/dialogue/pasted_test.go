package dialogue

import "testing"

func TestMaskPasted(t *testing.T) {
	const plain = "AHNjYW5uZXJAY29udG9zby5jb20AUGFwZXItSmFtLTQy"
	for text, want := range map[string]string{
		"535 5.7.139 Authentication unsuccessful AUTH PLAIN " + plain:                                                              "535 5.7.139 Authentication unsuccessful AUTH PLAIN ****",
		"AUTH PLAIN " + plain + " 535 5.7.3 Authentication unsuccessful":                                                           "AUTH PLAIN **** 535 5.7.3 Authentication unsuccessful",
		"auth login c2Nhbm5lcg== UGFwZXItSmFtLTQy failed":                                                                          "auth login **** **** failed",
		"AUTH LOGIN\n334 VXNlcm5hbWU6\nc2Nhbm5lcg==\n334 UGFzc3dvcmQ6\nC: UGFwZXItSmFtLTQy\n535 5.7.3 Authentication unsuccessful": "AUTH LOGIN\n334 VXNlcm5hbWU6\n****\n334 UGFzc3dvcmQ6\nC: ****\n535 5.7.3 Authentication unsuccessful",
		"AUTH XOAUTH2 dXNlcj1zY2FubmVyAWF1dGg9QmVhcmVyIGV5SjABAQ==":                                                                "AUTH XOAUTH2 ****",
		`sent "AUTH=PLAIN "` + plain + `", got 535`:                                                                                `sent "AUTH=PLAIN "****", got 535`,
		"AUTH PLAIN " + plain[:20] + "\n" + plain[20:] + "\n535 5.7.3 No":                                                          "AUTH PLAIN ****\n****\n535 5.7.3 No",
		"(AUTH PLAIN, (" + plain + "))":                                                                                            "(AUTH PLAIN, (****))",
		"AUTH PLAIN " + plain + " then AUTH PLAIN " + plain:                                                                        "AUTH PLAIN **** then AUTH PLAIN ****",
	} {
		if got := MaskPasted(text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
	for _, text := range []string{
		"250-AUTH LOGIN PLAIN XOAUTH2 SCRAM-SHA-256", "250-AUTH=LOGIN XOAUTH2", "504 5.7.4 AUTH PLAIN is not supported; authenticate first",
		"535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [AM0PR01CA0001.eurprd01.prod.exchangelabs.com 2026-11-26T10:00:00.000Z 08DE2B5C5F7A1C9D]",
		"AUTH LOGIN failed: Authentication unsuccessful", "334 VXNlcm5hbWU6", "", "AUTH LOGIN", "author plainly AHNjYW5uZXJAY29u",
	} {
		if got := MaskPasted(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}
