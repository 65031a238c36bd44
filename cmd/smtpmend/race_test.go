//go:build race

package main

// The race detector makes each state several times dearer. Five shares no
// factor with the axes, so that every pair of values still occurs.
func init() { stride = 5 }
