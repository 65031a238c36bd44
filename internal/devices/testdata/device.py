import smtplib, ssl, sys

host, port = '$HOST', $PORT
user, password, other = '$USER', '$PASSWORD', '$OTHER'
sender = user
trusting = ssl.create_default_context(cafile='$CA')

$SETTINGS

s.sendmail(sender, ['office@example.com'], sys.stdin.read())
s.quit()
