// Package release holds no code: its tests make a release of the commit that is
// checked out, for one target, twice, and look at what it holds: the archive,
// the packages for Debian and RPM, which are installed into roots of their own,
// the checksums, their signature, and the list of modules. They are built with
// the tag release, want root, and fail where a program is not installed.
//
// GoReleaser stands in a module file of its own, since it would move the
// versions that smtpmend is built of.
package release
