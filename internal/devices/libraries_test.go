//go:build devices

package devices

// Debian's own Python, whatever else is in the path.
var smtplib = client{
	Name:    "smtplib",
	Command: "/usr/bin/python3 $HOME/device.py",
	Files:   []string{"device.py"},
	Setups: []setup{
		{right, `
			s = smtplib.SMTP(host, port)
			s.starttls(context=trusting)
			s.login(user, password)`},
		{rightOnTLSPort, `
			s = smtplib.SMTP_SSL(host, port, context=trusting)
			s.login(user, password)`},
		{noTLS, `
			s = smtplib.SMTP(host, port)
			s.login(user, password)`},
		{asksWithoutTLS, `
			s = smtplib.SMTP(host, port)
			s.ehlo()
			s.user, s.password = user, password
			s.auth('LOGIN', s.auth_login)`},
		{signInWithoutTLS, `
			s = smtplib.SMTP(host, port)
			s.ehlo()
			s.user, s.password = user, password
			s.auth('PLAIN', s.auth_plain)`},
		{tlsAtOnce, `
			s = smtplib.SMTP_SSL(host, port, context=trusting)
			s.login(user, password)`},
		{plainOnTLSPort, `
			s = smtplib.SMTP(host, port)
			s.starttls(context=trusting)
			s.login(user, password)`},
		{oldTLS, `
			trusting.minimum_version = trusting.maximum_version = ssl.TLSVersion.TLSv1
			trusting.set_ciphers('DEFAULT@SECLEVEL=0')
			s = smtplib.SMTP(host, port)
			s.starttls(context=trusting)
			s.login(user, password)`},
		{distrust, `
			s = smtplib.SMTP(host, port)
			s.starttls(context=ssl.create_default_context())
			s.login(user, password)`},
		{noSignIn, `
			s = smtplib.SMTP(host, port)
			s.starttls(context=trusting)`},
		{onlyPLAIN, `
			s = smtplib.SMTP(host, port)
			s.starttls(context=trusting)
			s.ehlo()
			s.user, s.password = user, password
			s.auth('PLAIN', s.auth_plain)`},
		{emptyPassword, `
			s = smtplib.SMTP(host, port)
			s.starttls(context=trusting)
			s.login(user, '')`},
		{loginWithoutDomain, `
			s = smtplib.SMTP(host, port)
			s.starttls(context=trusting)
			s.login('scanner', password)`},
		{dotBehindName, `
			s = smtplib.SMTP(host, port, local_hostname='printer.')
			s.starttls(context=trusting)
			s.login(user, password)`},
		{otherSender, `
			sender = other
			s = smtplib.SMTP(host, port)
			s.starttls(context=trusting)
			s.login(user, password)`},
		{connectionTest, `
			s = smtplib.SMTP(host, port)
			s.quit()
			sys.exit()`},
	},
}

var nodemailer = client{
	Name:    "nodemailer",
	Command: "NODE_PATH=$NODE_MODULES node $HOME/device.cjs",
	Files:   []string{"device.cjs"},
	Setups: []setup{
		{right, `requireTLS: true, tls: {ca}, auth: {user, pass}`},
		{rightWithToken, `requireTLS: true, tls: {ca}, auth: {type: 'OAuth2', user, accessToken}`},
		{rightOnTLSPort, `secure: true, tls: {ca}, auth: {user, pass}`},
		{noTLS, `ignoreTLS: true, auth: {user, pass}`},
		{asksWithoutTLS, `ignoreTLS: true, forceAuth: true, authMethod: 'LOGIN', auth: {user, pass}`},
		{signInWithoutTLS, `ignoreTLS: true, forceAuth: true, authMethod: 'PLAIN', auth: {user, pass}`},
		{tlsAtOnce, `secure: true, tls: {ca}, auth: {user, pass}`},
		{plainOnTLSPort, `requireTLS: true, tls: {ca}, auth: {user, pass}`},
		{oldTLS, `requireTLS: true, tls: {ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0'}, auth: {user, pass}`},
		{distrust, `requireTLS: true, auth: {user, pass}`},
		{noSignIn, `requireTLS: true, tls: {ca}`},
		{onlyPLAIN, `requireTLS: true, tls: {ca}, authMethod: 'PLAIN', auth: {user, pass}`},
		{onlyCRAM, `requireTLS: true, tls: {ca}, authMethod: 'CRAM-MD5', auth: {user, pass}`},
		{loginWithoutDomain, `requireTLS: true, tls: {ca}, auth: {user: 'scanner', pass}`},
		{dotBehindName, `requireTLS: true, tls: {ca}, auth: {user, pass}, name: 'printer.'`},
		{otherSender, `requireTLS: true, tls: {ca}, auth: {user, pass}, from: other`},
	},
}
