//go:build devices

package devices

var swaks = client{
	Name:    "swaks",
	Command: "swaks --server $HOST --port $PORT --from $USER --to office@example.com --ehlo printer --timeout 10 --data - $SETTINGS",
	Setups: []setup{
		{right, `--tls --tls-verify --tls-ca-path $CA --auth LOGIN --auth-user $USER --auth-password $PASSWORD`},
		{rightOnTLSPort, `--tls-on-connect --auth LOGIN --auth-user $USER --auth-password $PASSWORD`},
		{noTLS, `--auth LOGIN --auth-user $USER --auth-password $PASSWORD`},
		{tlsAtOnce, `--tls-on-connect --auth LOGIN --auth-user $USER --auth-password $PASSWORD`},
		{plainOnTLSPort, `--tls --auth LOGIN --auth-user $USER --auth-password $PASSWORD`},
		{oldTLS, `--tls --tls-protocol tlsv1_1 --tls-cipher DEFAULT@SECLEVEL=0 --auth LOGIN --auth-user $USER --auth-password $PASSWORD`},
		{distrust, `--tls --tls-verify --auth LOGIN --auth-user $USER --auth-password $PASSWORD`},
		{noSignIn, `--tls`},
		{neither, ``},
		{missesPLAIN, `--tls --auth PLAIN --auth-user $USER --auth-password $PASSWORD`},
		{loginWithoutDomain, `--tls --auth LOGIN --auth-user scanner --auth-password $PASSWORD`},
		{dotBehindName, `--tls --auth LOGIN --auth-user $USER --auth-password $PASSWORD --ehlo printer.`},
		{otherSender, `--tls --auth LOGIN --auth-user $USER --auth-password $PASSWORD --from $OTHER`},
		{otherFrom, `--tls --auth LOGIN --auth-user $USER --auth-password $PASSWORD --h-From $OTHER`},
		{connectionTest, `--quit-after CONNECT`},
	},
}

var curl = client{
	Name:    "curl",
	Command: "curl --verbose --max-time 20 --upload-file - --mail-rcpt office@example.com --mail-from $USER $SETTINGS",
	Setups: []setup{
		{right, `smtp://$HOST:$PORT --ssl-reqd --cacert $CA --user $USER:$PASSWORD`},
		{rightWithToken, `smtp://$HOST:$PORT --ssl-reqd --cacert $CA --user $USER --oauth2-bearer $TOKEN`},
		{rightOnTLSPort, `smtps://$HOST:$PORT --cacert $CA --user $USER:$PASSWORD`},
		{noTLS, `smtp://$HOST:$PORT --user $USER:$PASSWORD`},
		{tlsAtOnce, `smtps://$HOST:$PORT --cacert $CA --user $USER:$PASSWORD`},
		{plainOnTLSPort, `smtp://$HOST:$PORT --ssl-reqd --cacert $CA --user $USER:$PASSWORD`},
		{oldTLS, `smtp://$HOST:$PORT --ssl-reqd --insecure --tlsv1.0 --tls-max 1.0 --ciphers DEFAULT@SECLEVEL=0 --user $USER:$PASSWORD`},
		{distrust, `smtp://$HOST:$PORT --ssl-reqd --user $USER:$PASSWORD`},
		{noSignIn, `smtp://$HOST:$PORT --ssl-reqd --cacert $CA`},
		{missesPLAIN, `smtp://$HOST:$PORT --ssl-reqd --cacert $CA --user $USER:$PASSWORD --login-options AUTH=PLAIN`},
		{dotBehindName, `smtp://$HOST:$PORT/printer. --ssl-reqd --cacert $CA --user $USER:$PASSWORD`},
		{otherSender, `smtp://$HOST:$PORT --ssl-reqd --cacert $CA --user $USER:$PASSWORD --mail-from $OTHER`},
		{webClient, `http://$HOST:$PORT/`},
	},
}

var msmtp = client{
	Name:    "msmtp",
	Command: "msmtp --file=$HOME/msmtprc office@example.com",
	Files:   []string{"msmtprc"},
	Setups: []setup{
		{right, `
			tls on
			tls_trust_file $CA
			auth login`},
		{rightOnTLSPort, `
			tls on
			tls_starttls off
			tls_trust_file $CA
			auth login`},
		{noTLS, `
			auth login`},
		{tlsAtOnce, `
			tls on
			tls_starttls off
			tls_trust_file $CA
			auth login`},
		{plainOnTLSPort, `
			tls on
			tls_trust_file $CA
			auth login`},
		{oldTLS, `
			tls on
			tls_certcheck off
			tls_priorities NORMAL:-VERS-ALL:+VERS-TLS1.1
			auth login`},
		{distrust, `
			tls on
			auth login`},
		{noSignIn, `
			tls on
			tls_trust_file $CA`},
		{missesPLAIN, `
			tls on
			tls_trust_file $CA
			auth plain`},
		{dotBehindName, `
			domain printer.
			tls on
			tls_trust_file $CA
			auth login`},
		{otherSender, `
			from $OTHER
			tls on
			tls_trust_file $CA
			auth login`},
	},
}

// sendemail tells the server's words only to those who ask for everything.
var sendEmail = client{
	Name:    "sendemail",
	Command: "SSL_CERT_FILE=$CA sendemail -vvv -f $USER -t office@example.com -u scan -m hello -s $HOST:$PORT -o timeout=10 $SETTINGS",
	Setups: []setup{
		{right, `-o tls=yes -xu $USER -xp $PASSWORD`},
		{noTLS, `-o tls=no -xu $USER -xp $PASSWORD`},
		{plainOnTLSPort, `-o tls=yes -xu $USER -xp $PASSWORD`},
		{distrust, `-o tls=yes -xu $USER -xp $PASSWORD SSL_CERT_FILE=/dev/null`},
		{noSignIn, `-o tls=yes`},
		{dotBehindName, `-o tls=yes -xu $USER -xp $PASSWORD -o fqdn=printer.`},
		{otherSender, `-o tls=yes -xu $USER -xp $PASSWORD -f $OTHER`},
	},
}
