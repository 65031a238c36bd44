// Package peers holds no code: its tests run smtpmend and the programs that
// people use in its place, whole processes in turns, side by side. They are
// built with the tag peers and fail where a program is not installed. What
// they demand are ratios within one run, never absolute times.
package peers
