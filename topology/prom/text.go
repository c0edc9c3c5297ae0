package prom

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/topology"
)

// maxFaults is how many bad lines are reported together.
const maxFaults = 10

// An exposition reads what exporters say, line by line:
//
//	# HELP requests_total Requests served.
//	requests_total{handler="/"} 1027 1395066363000
//	{"http.requests","path.name"="/"} 3
type exposition struct {
	c      *collector
	stamps []stamp // since the last "# EOF"
	faults topology.Faults
}

// A said line is what an exporter says of one series.
type said struct {
	labels map[string]string
	value  float64
	time   string // "" if it has none
}

// A stamp is the time of a point. It waits until it is known whether it is in milliseconds or, in OpenMetrics, in
// seconds.
type stamp struct {
	line          int
	series, point int
	time          string
}

func readText(r io.Reader, c *collector, number int) error {
	e := &exposition{c: c}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		number++
		if err := e.line(number, strings.Trim(lines.Text(), " \t")); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return topology.Faults{{
			Line: number + 1, Column: 1, Reason: topology.TooLarge, Text: "a line of more than 1 MiB: this is not what an exporter says",
		}}
	case err != nil:
		return err
	}
	if err := e.flush(inMilliseconds); err != nil {
		return err
	}
	if e.faults != nil {
		return e.faults
	}
	return nil
}

func (e *exposition) line(number int, text string) error {
	switch {
	case strings.HasPrefix(text, "# EOF"):
		return e.flush(inSecondsText)
	case text == "" || text[0] == '#':
		return nil
	}
	p := &parser{text: text}
	line, err := p.line()
	if err != nil {
		return e.fault(number, 1+utf8.RuneCountInString(text[:p.at]), err)
	}
	at, err := e.c.add(line.labels, Point{Value: line.value})
	if err == nil && line.time != "" {
		e.stamps = append(e.stamps, stamp{number, at, len(e.c.series[at].Points) - 1, strings.Clone(line.time)})
	}
	return err
}

// fault notes that a line is bad; it returns an error once there are enough.
func (e *exposition) fault(line, column int, err error) error {
	e.faults = append(e.faults, topology.Fault{Line: line, Column: column, Reason: topology.BadSyntax, Text: err.Error()})
	if len(e.faults) < maxFaults {
		return nil
	}
	return e.faults
}

// flush gives the points of one exposition their times.
func (e *exposition) flush(read func(string) (time.Time, error)) error {
	for _, stamp := range e.stamps {
		t, err := read(stamp.time)
		if err != nil {
			err = e.fault(stamp.line, 1, err)
		}
		if err != nil {
			return err
		}
		e.c.series[stamp.series].Points[stamp.point].Time = t
	}
	e.stamps = e.stamps[:0]
	return nil
}

func inMilliseconds(text string) (time.Time, error) {
	milliseconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || milliseconds > latestSeconds*1000 || milliseconds < -latestSeconds*1000 {
		return time.Time{}, errors.New(quote(text) + ` is no time in milliseconds since 1970; OpenMetrics, where it is in seconds, ends with a line "# EOF"`)
	}
	return time.UnixMilli(milliseconds).UTC(), nil
}

func inSecondsText(text string) (time.Time, error) {
	seconds, err := parseValue(text)
	if err != nil {
		return time.Time{}, errors.New(quote(text) + " is no time in seconds since 1970")
	}
	return inSeconds(seconds)
}
