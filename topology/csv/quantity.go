package csv

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/table"
)

// amounts are of each of the servers of a row.
type amounts struct {
	capacity float64 // 0 is not known
	load     float64
	unit     string
	measured bool // the table gives the load
}

// amountsOf returns the capacity and the load of a row.
func (r *reader) amountsOf(row []string) (amounts, topology.Faults) {
	if r.at.capacity < 0 && r.at.load < 0 {
		return amounts{capacity: 1, load: r.part(), unit: "servers"}, nil
	}
	unit := given(row, r.at.unit)
	capacity, faults := r.capacityOf(row, unit)
	if faults != nil {
		return amounts{}, faults
	}
	text := given(row, r.at.load)
	if text == "" {
		return amounts{capacity: capacity.value, load: r.part() * capacity.value, unit: capacity.unit}, nil
	}
	load, faults := r.loadOf(text, cmp.Or(unit, unitIn(given(row, r.at.capacity))), capacity)
	return amounts{capacity: capacity.value, load: load.value, unit: load.unit, measured: true}, faults
}

// part returns the load of a server whose load is not given, as a part of its capacity.
func (r *reader) part() float64 { return cmp.Or(r.o.Load, 1) }

func (r *reader) capacityOf(row []string, unit string) (amount, topology.Faults) {
	text := given(row, r.at.capacity)
	if text == "" {
		return amount{}, nil
	}
	a := r.scale.read(text, unit)
	switch {
	case a.wrong != "":
		return a, r.FaultAt(r.at.capacity, topology.BadNumber, "%s", a.wrong)
	case a.value == 0:
		return a, r.FaultAt(r.at.capacity, topology.BadNumber,
			"0: leave out a server that carries nothing, and a capacity that is not known")
	}
	return a, nil
}

// loadOf reads a load: in the unit of the capacity, or as a percentage of it.
func (r *reader) loadOf(text, unit string, capacity amount) (amount, topology.Faults) {
	percent, isPart := strings.CutSuffix(text, "%")
	if isPart && capacity.unit != "%" {
		return r.partOf(strings.TrimSpace(percent), capacity)
	}
	a := r.scale.read(text, unit)
	switch {
	case a.wrong != "":
		return a, r.FaultAt(r.at.load, topology.BadNumber, "%s", a.wrong)
	case capacity.value > 0 && a.unit != capacity.unit:
		return a, r.FaultAt(r.at.load, topology.UnitClash, "it has %s, and the capacity has %s: "+
			"give both in one unit, or the load in %%", named(a.unit), named(capacity.unit))
	}
	return a, nil
}

func (r *reader) partOf(percent string, capacity amount) (amount, topology.Faults) {
	a := r.scale.read(percent, "")
	switch {
	case capacity.value == 0:
		return a, r.FaultAt(r.at.load, topology.BadNumber, "%s%% of a capacity that is not given", percent)
	case a.wrong != "" || a.unit != "":
		return a, r.FaultAt(r.at.load, topology.BadNumber, "%s is no percentage: write 60%%", table.Quote(percent+"%"))
	}
	return amount{value: capacity.value * a.value / 100, unit: capacity.unit}, nil
}

// named returns a unit for a sentence.
func named(unit string) string {
	if unit == "" {
		return "no unit"
	}
	return "the unit " + unit
}

// An amount is a load or a capacity, in a unit without prefix.
type amount struct {
	value float64
	unit  string
	wrong string // what is wrong with it; "" if nothing is
}

// A scale reads amounts.
type scale map[string]amount // as written

// maxKnown is how many amounts a scale remembers. Tables repeat them.
const maxKnown = 100_000

// read reads a number with its unit or, without one, in the unit given.
func (s scale) read(text, unit string) amount {
	if unit != "" && isPlain(text) {
		text += " " + unit
	}
	if known, ok := s[text]; ok {
		return known
	}
	a := parse(text)
	if len(s) < maxKnown {
		s[strings.Clone(text)] = a
	}
	return a
}

// Amounts lie between these, or are 0.
const least, most = 1e-50, 1e50

func parse(text string) amount {
	a := quantity(text)
	switch {
	case a.wrong != "" || a.value == 0 || a.value >= least && a.value <= most:
	case a.value < 0:
		a.wrong = table.Quote(text) + " is negative"
	default:
		a.wrong = fmt.Sprintf("%s: numbers lie between %v and %v", table.Quote(text), least, most)
	}
	return a
}

// quantity reads text as the capacity of a component is read.
func quantity(text string) amount {
	if isPlain(text) {
		if value, err := strconv.ParseFloat(text, 64); err == nil {
			return amount{value: value}
		}
	}
	var c topology.Component
	data, err := json.Marshal(map[string]string{"capacity": text})
	if err == nil {
		err = c.UnmarshalJSON(data)
	}
	var faults topology.Faults
	if errors.As(err, &faults) {
		return amount{wrong: faults[0].Text}
	}
	return amount{value: c.Capacity, unit: c.Unit}
}

// unitIn returns the unit of an amount as written, with its prefix.
func unitIn(text string) string {
	rest := strings.TrimLeft(text, "0123456789.+-")
	if exponent := strings.TrimLeft(rest, "eE"); exponent != rest && strings.TrimLeft(exponent, "0123456789+-") != exponent {
		rest = strings.TrimLeft(exponent, "0123456789+-")
	}
	return strings.TrimSpace(rest)
}

// isPlain reports whether text is nothing but a number, if it is one.
func isPlain(text string) bool { return strings.Trim(text, "0123456789.eE+-") == "" }
