// Package clock writes times: as a runbook does, and as JSON has them.
package clock

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
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

// About writes how long something takes in the mean, as people would, in some three digits: "202ms", "1.21s", "42m10s", "8h46m", "12h",
// and from a hundred hours on "101 days".
func About(d time.Duration) string {
	if d < 100*time.Hour {
		return Span(d.Round(step(d)))
	}
	days, _ := strconv.ParseFloat(strconv.FormatFloat(d.Hours()/24, 'g', 3, 64), 64)
	return topology.Quantity(days, "days")
}

// step returns what hardly matters beside a time.
func step(d time.Duration) time.Duration {
	switch {
	case d >= 24*time.Hour:
		return time.Hour
	case d >= 10*time.Hour:
		return 10 * time.Minute
	case d >= time.Hour:
		return time.Minute
	case d >= 10*time.Minute:
		return 10 * time.Second
	}
	unit := time.Second
	for d < 100*unit && d < time.Minute && unit > 1 {
		unit /= 10
	}
	return unit
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
