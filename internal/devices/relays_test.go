//go:build devices

package devices

// Exim hands a message to its smart host at once, in the foreground.
var exim = client{
	Name:    "exim",
	Command: "exim4 -C $HOME/exim.conf -odi -f $USER office@example.com",
	Files:   []string{"exim.conf"},
	Folders: []folder{{"spool", "Debian-exim"}},
	Log:     "spool/mainlog",
	Setups: []setup{
		{right, `
			hosts_require_tls = *
			tls_verify_certificates = $CA
			hosts_require_auth = *`},
		{rightOnTLSPort, `
			protocol = smtps
			tls_verify_certificates = $CA
			hosts_require_auth = *`},
		{noTLS, `
			hosts_avoid_tls = *
			hosts_require_auth = *`},
		{tlsAtOnce, `
			protocol = smtps
			tls_verify_certificates = $CA
			hosts_require_auth = *`},
		{plainOnTLSPort, `
			hosts_require_tls = *
			tls_verify_certificates = $CA
			hosts_require_auth = *`},
		{oldTLS, `
			hosts_require_tls = *
			tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.1
			tls_verify_certificates = $CA
			hosts_require_auth = *`},
		{distrust, `
			hosts_require_tls = *
			tls_verify_hosts = *
			tls_verify_certificates = system
			hosts_require_auth = *`},
		{noSignIn, `
			hosts_require_tls = *
			tls_verify_certificates = $CA`},
		{dotBehindName, `
			helo_data = printer.
			hosts_require_tls = *
			tls_verify_certificates = $CA
			hosts_require_auth = *`},
		{otherSender, `
			return_path = $OTHER
			hosts_require_tls = *
			tls_verify_certificates = $CA
			hosts_require_auth = *`},
	},
}

// Postfix takes a message from curl and hands it to its relay host.
var postfix = client{
	Name:    "postfix",
	Daemon:  "postfix -c $HOME start-fg",
	Stop:    "postfix -c $HOME stop",
	Command: "curl --silent smtp://127.0.0.1:$RELAY --mail-from $USER --mail-rcpt office@example.com --upload-file -",
	Files:   []string{"main.cf", "master.cf"},
	Folders: []folder{{"queue", "root"}, {"data", "postfix"}},
	Log:     "log",
	Setups: []setup{
		{right, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = secure
			smtp_tls_secure_cert_match = localhost
			smtp_tls_CAfile = $CA`},
		{rightOnTLSPort, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = encrypt
			smtp_tls_wrappermode = yes`},
		{noTLS, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = none`},
		{tlsAtOnce, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = encrypt
			smtp_tls_wrappermode = yes`},
		{plainOnTLSPort, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = encrypt`},
		{oldTLS, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = encrypt
			smtp_tls_mandatory_protocols = <=TLSv1.1
			tls_medium_cipherlist = DEFAULT@SECLEVEL=0`},
		{distrust, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = verify`},
		{noSignIn, `
			smtp_sasl_auth_enable = no
			smtp_tls_security_level = encrypt`},
		{missesPLAIN, `
			smtp_sasl_auth_enable = yes
			smtp_sasl_mechanism_filter = plain
			smtp_tls_security_level = encrypt`},
		{dotBehindName, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = encrypt
			smtp_helo_name = printer.`},
		{otherSender, `
			smtp_sasl_auth_enable = yes
			smtp_tls_security_level = encrypt
			sender_canonical_maps = static:$OTHER`},
	},
}
