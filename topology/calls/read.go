package calls

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/table"
)

const (
	maxCalls  = 10_000_000
	maxFaults = 100
)

// Read reads calls in CSV: a header with the columns from, to and, where they are known, rate.
//
//	from,to,rate
//	,shop/frontend,120
//	shop/frontend,shop/cart,31.5
//
// An empty from is a caller outside the fleet. A rate is in calls a second, and is above 0; an empty one is not known.
// Columns come in any order; values may also be separated by semicolons or tabs; lines that begin with # are comments.
//
// The error is a [topology.Faults], up to 100 of them, each with its line; or what r returned.
func Read(r io.Reader) ([]Call, error) {
	t, err := table.NewReader(r)
	if err != nil {
		return nil, err
	}
	in := reader{Reader: t, from: t.Column("from"), to: t.Column("to"), rate: t.Column("rate"), names: map[string]string{}}
	if faults := in.columns(); faults != nil {
		return nil, faults
	}
	return in.read()
}

type reader struct {
	*table.Reader
	from, to, rate int // columns; rate is -1 if there is none
	names          map[string]string
}

// columns says what is wrong with the header.
func (r *reader) columns() (faults topology.Faults) {
	known := []string{"from", "to", "rate"}
	for i, name := range r.Header {
		if !slices.Contains(known, name) {
			faults = append(faults, r.FaultAt(i, topology.NotFound, "no such column: there are from, to and rate")...)
		}
	}
	for _, name := range known[:2] {
		if r.Column(name) < 0 {
			faults = append(faults, topology.Fault{Field: name, Reason: topology.NotFound,
				Text: fmt.Sprintf("the header has no such column: begin with a line %q", "from,to,rate")})
		}
	}
	return faults
}

func (r *reader) read() ([]Call, error) {
	var calls []Call
	var faults topology.Faults
	for len(faults) < maxFaults {
		row, err := r.Next()
		var wrong topology.Faults
		switch {
		case err == nil:
			var c Call
			c, wrong = r.call(row)
			calls = append(calls, c)
		case err == io.EOF:
			if faults != nil {
				return nil, faults
			}
			return calls, nil
		case !errors.As(err, &wrong):
			return nil, err
		}
		faults = append(faults, wrong...)
		if len(calls) > maxCalls {
			faults = append(faults, r.FaultAt(0, topology.TooLarge, "more than %d calls: add up those between the same two", maxCalls)...)
			break
		}
	}
	return nil, faults
}

func (r *reader) call(row []string) (Call, topology.Faults) {
	c := Call{From: r.name(row[r.from]), To: r.name(row[r.to])}
	if c.To == "" {
		return c, r.FaultAt(r.to, topology.NotFound, "a call needs a component that is called")
	}
	if r.rate < 0 || row[r.rate] == "" {
		return c, nil
	}
	rate, err := strconv.ParseFloat(row[r.rate], 64)
	switch {
	case err == nil && rate == 0:
		return c, r.FaultAt(r.rate, topology.BadNumber, "0: leave the line out if nothing is called, and the rate if it is not known")
	case err != nil || !(rate >= least && rate <= most):
		return c, r.FaultAt(r.rate, topology.BadNumber, "%s: give the calls a second, a number above 0", table.Quote(row[r.rate]))
	}
	c.Rate = rate
	return c, nil
}

// name returns one copy of a name for all calls.
func (r *reader) name(s string) string {
	if known, ok := r.names[s]; ok {
		return known
	}
	s = strings.Clone(s)
	r.names[s] = s
	return s
}
