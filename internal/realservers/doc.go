// Package realservers holds no code: its tests probe Postfix with Dovecot,
// and Exim, as Debian packages them, on loopback and from their own
// configuration. They are built with the tag realservers and fail where a
// server is not installed.
package realservers
