// Package browsers holds no code: its tests have smtpmend write reports of
// simulated tenants and open them in Chromium. They are built with the tag
// browsers and fail where it is not installed. SCREENSHOTS names a directory
// that the pictures and the printed pages stay in.
package browsers
