const ca = require('fs').readFileSync('$CA');
const user = '$USER', pass = '$PASSWORD', accessToken = '$TOKEN', other = '$OTHER';
const settings = {$SETTINGS};
const device = require('nodemailer').createTransport({
  host: '$HOST', port: $PORT, name: 'printer', connectionTimeout: 10000, socketTimeout: 10000, ...settings,
});
device.sendMail({from: settings.from || user, to: 'office@example.com', subject: 'scan', text: 'hello'})
  .then(console.log, console.log);
