package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A span is a time with days in it: 7d, 36h.
type span time.Duration

const day = 24 * time.Hour

// mostSpan is the longest report that there is.
const mostSpan = 180 * day

func (s *span) Type() string { return "SPAN" }

func (s *span) String() string {
	if d := time.Duration(*s); d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	return time.Duration(*s).String()
}

func (s *span) Set(text string) error {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 16)
		d = time.Duration(n) * day
	}
	if err != nil || d < time.Hour || d > mostSpan {
		return fmt.Errorf("give it as 7d or 12h, from 1h to 180d")
	}
	*s = span(d)
	return nil
}
