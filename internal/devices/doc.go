// Package devices holds no code: its tests point programs that people submit
// mail with, each set up rightly and wrongly, at the stand-in server of
// package listen, and look at what it makes of them; and, with their sign-ins
// handed on to a simulated tenant, at what they are told. They are built with
// the tag devices and fail where a program is not installed, but for
// nodemailer, which is left out where there is no Node.js.
package devices
