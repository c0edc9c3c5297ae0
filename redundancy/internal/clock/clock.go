// Package clock writes times: as a runbook does, and as JSON has them.
package clock

import (
	"fmt"
	"strings"
	"time"
)

// Span writes how long something takes, as Go does, but for zeros at the end: "5m", "2h", "1m30s".
func Span(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Time writes a time after the beginning: "26:00", "1:05:00", "0:01.5".
func Time(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	hours, minutes, rest := d/time.Hour, d/time.Minute%60, d%time.Minute
	seconds := fmt.Sprintf("%02d", rest/time.Second)
	if fraction := rest % time.Second; fraction != 0 {
		seconds += strings.TrimRight(fmt.Sprintf(".%09d", fraction), "0")
	}
	if hours > 0 {
		return fmt.Sprintf("%s%d:%02d:%s", sign, hours, minutes, seconds)
	}
	return fmt.Sprintf("%s%d:%s", sign, minutes, seconds)
}
