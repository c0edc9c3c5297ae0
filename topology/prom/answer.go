package prom

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// answers reads answers of the HTTP API:
//
//	{"status": "success", "data": {"resultType": "vector", "result": [{"metric": {…}, "value": [t, "v"]}, …]}}
//	{"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {…}, "values": [[t, "v"], …]}, …]}}
//	{"status": "success", "data": {"resultType": "scalar", "result": [t, "v"]}, "warnings": ["…"]}
//	{"status": "error", "errorType": "bad_data", "error": "…"}
type answers struct {
	in     *bounded
	json   *json.Decoder
	c      *collector
	number int // of the answer, from 1
	head   envelope
}

// An envelope is what an answer says beside its data.
type envelope struct {
	status, errorType, message string
	hasData                    bool
}

func readAnswers(r io.Reader, c *collector) error {
	a := &answers{in: &bounded{r: r}, c: c}
	a.json = json.NewDecoder(a.in)
	a.in.used = a.json.InputOffset
	for a.number = 1; ; a.number++ {
		token, err := a.json.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return a.fault("", err)
		}
		if token != json.Delim('{') {
			return a.bad("", "want an answer, which begins with {, and not %v", token)
		}
		if err := a.answer(); err != nil {
			return err
		}
	}
}

// answer reads what follows the opening brace.
func (a *answers) answer() error {
	a.head = envelope{}
	if err := a.object("", a.field); err != nil {
		return err
	}
	switch head := a.head; {
	case head.status == "error" || head.message != "":
		return a.bad("", "the server did not answer, but says %s: %s", head.errorType, cut(head.message))
	case head.status != "success":
		return a.bad("status", "%q: want the answer of /api/v1/query or /api/v1/query_range, with the status success", cut(head.status))
	case !head.hasData:
		return a.bad("data", "it is not there: want the answer of /api/v1/query or /api/v1/query_range")
	}
	return nil
}

// object reads the fields of an object and its closing brace.
func (a *answers) object(place string, field func(name string) error) error {
	for a.json.More() {
		name, err := a.json.Token()
		if err != nil {
			return a.fault(place, err)
		}
		if err := field(name.(string)); err != nil { // the name of a field is a string
			return err
		}
	}
	_, err := a.json.Token()
	return a.fault(place, err)
}

func (a *answers) field(name string) error {
	switch name {
	case "status":
		return a.value(name, &a.head.status)
	case "errorType":
		return a.value(name, &a.head.errorType)
	case "error":
		return a.value(name, &a.head.message)
	case "warnings", "infos":
		return a.warnings(name)
	case "data":
		return a.data()
	}
	return a.skip(name)
}

func (a *answers) value(place string, into any) error { return a.fault(place, a.json.Decode(into)) }

func (a *answers) skip(place string) error {
	var ignored json.RawMessage
	return a.value(place, &ignored)
}

func (a *answers) warnings(place string) error {
	var texts []string
	err := a.value(place, &texts)
	for _, text := range texts {
		a.c.warn(cut(text))
	}
	return err
}

func (a *answers) data() error {
	token, err := a.json.Token()
	switch {
	case err != nil:
		return a.fault("data", err)
	case token == nil: // as in an error
		return nil
	case token != json.Delim('{'):
		return a.bad("data", "want an object with a result: this is not the answer of /api/v1/query or /api/v1/query_range")
	}
	return a.object("data", func(name string) error {
		if name == "result" {
			a.head.hasData = true
			return a.result()
		}
		return a.skip("data." + name)
	})
}

// result reads a list of series, or the two elements of a scalar.
func (a *answers) result() error {
	const place = "data.result"
	token, err := a.json.Token()
	switch {
	case err != nil:
		return a.fault(place, err)
	case token == nil:
		return nil
	case token != json.Delim('['):
		return a.bad(place, "want a list")
	}
	var scalar []string
	for i := 0; a.json.More(); i++ {
		var raw json.RawMessage
		at := fmt.Sprintf("%s[%d]", place, i)
		if err := a.value(at, &raw); err != nil {
			return err
		}
		if raw[0] != '{' {
			scalar = append(scalar, string(raw))
			if len(scalar) > 2 {
				return a.bad(at, "want a series, which begins with {")
			}
			continue
		}
		if err := a.series(at, raw); err != nil {
			return err
		}
	}
	if _, err := a.json.Token(); err != nil {
		return a.fault(place, err)
	}
	return a.scalar(place, scalar)
}

// element is a series as the API writes it.
type element struct {
	Metric map[string]string
	Value  *sample
	Values []sample
}

func (a *answers) series(place string, raw json.RawMessage) error {
	var e element
	if err := json.Unmarshal(raw, &e); err != nil {
		return a.fault(place, err)
	}
	points := make([]Point, 0, len(e.Values)+1)
	if e.Value != nil {
		points = append(points, Point(*e.Value))
	}
	for _, s := range e.Values {
		points = append(points, Point(s))
	}
	_, err := a.c.add(e.Metric, points...)
	return a.fault(place, err)
}

func (a *answers) scalar(place string, parts []string) error {
	if len(parts) == 0 {
		return nil
	}
	var s sample
	err := s.UnmarshalJSON([]byte("[" + strings.Join(parts, ",") + "]"))
	if err == nil {
		_, err = a.c.add(nil, Point(s))
	}
	return a.fault(place, err)
}

// A sample is written [1435781451.781, "3.5"].
type sample Point

// UnmarshalJSON reads a sample.
func (s *sample) UnmarshalJSON(text []byte) error {
	inner, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "[")
	before, after, two := strings.Cut(strings.TrimSuffix(inner, "]"), ",")
	value, quoted := strings.CutPrefix(strings.TrimSpace(after), `"`)
	seconds, badTime := strconv.ParseFloat(strings.TrimSpace(before), 64)
	number, badValue := parseValue(strings.TrimSuffix(value, `"`))
	if !ok || !two || !quoted || badTime != nil || badValue != nil {
		return fmt.Errorf(`%s: want a time and a value, as in [1435781451.781, "3.5"]`, cut(string(text)))
	}
	var err error
	s.Value = number
	s.Time, err = inSeconds(seconds)
	return err
}

// latestSeconds is a time in the year 9999; formats of time go no further.
const latestSeconds = 253_402_300_799

// inSeconds returns a time given in seconds since 1970, to the millisecond.
func inSeconds(seconds float64) (time.Time, error) {
	if !(math.Abs(seconds) <= latestSeconds) {
		return time.Time{}, fmt.Errorf("%v is no time in seconds since 1970", seconds)
	}
	return time.UnixMilli(int64(math.Round(seconds * 1000))).UTC(), nil
}

// parseValue reads a value: a number, NaN, +Inf or -Inf. A number too large for a float64 is infinite.
func parseValue(text string) (float64, error) {
	if strings.ContainsAny(text, "pPxX_") { // Go's forms, which Prometheus does not have
		return 0, strconv.ErrSyntax
	}
	value, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) {
		err = nil
	}
	return value, err
}
