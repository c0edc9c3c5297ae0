package csv

import (
	"regexp"
	"strings"
)

// alike finds names that differ in case only.
type alike struct {
	first map[string]string // by name in lower case
	names []string          // those that are like another
}

func (a *alike) see(name string) {
	lower := strings.ToLower(name)
	first, known := a.first[lower]
	switch {
	case !known:
		if a.first == nil {
			a.first = map[string]string{}
		}
		a.first[lower] = name
	case first != "":
		a.names = append(a.names, first, name)
		a.first[lower] = "" // it is told
	default:
		a.names = append(a.names, name)
	}
}

// thousands finds numbers whose point may separate thousands, as in countries whose tables have semicolons. One that
// cannot be so shows that no point does.
type thousands struct {
	decimal bool
	example string
	names   names
}

var (
	thousand = regexp.MustCompile(`^[1-9][0-9]{0,2}\.[0-9]{3}([^0-9.eE]|$)`)
	pointed  = regexp.MustCompile(`^[0-9]*\.[0-9]`)
)

func (t *thousands) see(name name, values ...string) {
	seen := false
	for _, value := range values {
		if !pointed.MatchString(value) {
			continue
		}
		t.decimal = t.decimal || !thousand.MatchString(value)
		if t.example == "" {
			t.example = strings.Clone(value)
		}
		seen = true
	}
	if t.decimal {
		t.names = nil
	} else if seen {
		t.names = append(t.names, name)
	}
}

// parts finds loads that may be parts of capacities: all are at most 1, some are fractions, and capacities are far above.
type parts struct {
	not   bool
	names names
}

const farAbove = 10

func (p *parts) see(s server) {
	switch {
	case !s.measured || s.load == 0 || p.not:
	case s.load > 1 || s.capacity < farAbove:
		p.not, p.names = true, nil
	case s.load < 1:
		p.names = append(p.names, s.names...)
	}
}
