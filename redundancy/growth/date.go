package growth

import (
	"math"
	"time"
)

// lastMonth is how many months ahead dates are told.
const lastMonth = 1200

// day returns the day on which a number of months is over: whole months by the calendar, from a day to the same day of
// another month, or to its last if it has no such day; then the part of the days to the next. From 31 January half a month
// is 14 days, to 14 February, and a month is to 28 February, or 29; two are to 31 March.
func day(from time.Time, months float64) time.Time {
	whole := math.Floor(months)
	at, next := sameDay(from, int(whole)), sameDay(from, int(whole)+1)
	days := next.Sub(at).Hours() / 24
	return at.AddDate(0, 0, int(float64((months-whole)*days)+rounding))
}

// rounding is so few days, or months, that only floating point makes them.
const rounding = 1e-6

// sameDay returns the same day of a month so many later, or its last.
func sameDay(from time.Time, months int) time.Time {
	year, month, day := from.Date()
	first := time.Date(year, month+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1)
	return first.AddDate(0, 0, min(day, last.Day())-1)
}

// isoDate is how days are written.
const isoDate = "2006-01-02"

func dateText(d time.Time) string {
	if d.IsZero() {
		return ""
	}
	return d.Format(isoDate)
}

func readDate(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(isoDate, text)
}
