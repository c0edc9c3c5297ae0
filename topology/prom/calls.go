package prom

import (
	"cmp"
	"math"
	"regexp"
	"time"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/calls"
)

// NoCalls is the reason of a finding of Calls: no call was counted in the time of the series.
const NoCalls topology.Reason = "no calls"

// Calls returns who calls whom, for [calls.Join], from the service graph that OpenTelemetry collectors and Tempo make
// of traces: traces_service_graph_request_total{client="…",server="…"}, and what queries compute of it, which has these
// labels and no name. All other series are passed over, and failed requests count as others do.
//
// From and to are templates of components' names, as in [Rule]: "shop/{client}", "shop/{server}"; "" is "{client}" and
// "{server}". A virtual client "user" is outside the fleet.
//
// A counter's rate is its increase, also over restarts, by the time from the first to the last point of all counters;
// if none has more than one point, the count itself, as a weight. A computed series is a rate, and is averaged. A call
// whose rate is 0 is left out where another to the same component has one (Missing); else no rate is known.
//
// The error is a [topology.Faults]: what is wrong with the templates.
func Calls(series []Series, from, to string) ([]calls.Call, topology.Findings, error) {
	g := &graph{places: map[[2]string]int{}}
	var faults topology.Faults
	for _, side := range []struct {
		text, label string
		into        *template
	}{{from, "client", &g.from}, {to, "server", &g.to}} {
		var err error
		if *side.into, err = parseTemplate(cmp.Or(side.text, "{"+side.label+"}")); err != nil {
			faults = append(faults, topology.Fault{Component: side.label, Reason: topology.BadSyntax, Text: err.Error()})
		}
	}
	if faults != nil {
		return nil, nil, faults
	}
	for _, s := range series {
		if isGraph(s.Labels) {
			g.series = append(g.series, s)
		}
	}
	g.read()
	all, findings := g.known()
	return all, findings, nil
}

var graphName = regexp.MustCompile(`(^|_)traces_service_graph_request(_total)*$`)

func isGraph(labels map[string]string) bool {
	name := labels[nameLabel]
	return name == "" && labels["client"] != "" && labels["server"] != "" || graphName.MatchString(name)
}

// A graph is calls that are being added up.
type graph struct {
	from, to template
	series   []Series
	places   map[[2]string]int // in all
	all      []calls.Call
	spoiled  []string // series with a value that is no rate
	nameless []string // series without a label of a template
}

func (g *graph) read() {
	spans := map[bool]span{}
	for _, s := range g.series {
		spans[s.computed()] = spans[s.computed()].with(s)
	}
	for _, s := range g.series {
		from, ok := g.from.fill(s.Labels)
		if s.Labels["connection_type"] == "virtual_node" && s.Labels["client"] == "user" {
			from, ok = "", true
		}
		to, called := g.to.fill(s.Labels)
		if !ok || !called {
			g.nameless = append(g.nameless, s.String())
			continue
		}
		rate := s.rate(spans[s.computed()])
		if unusable(rate) != "" {
			g.spoiled = append(g.spoiled, s.String())
			continue
		}
		g.add(from, to, rate)
	}
}

func (g *graph) add(from, to string, rate float64) {
	edge := [2]string{from, to}
	at, known := g.places[edge]
	if !known {
		at = len(g.all)
		g.places[edge] = at
		g.all = append(g.all, calls.Call{From: from, To: to})
	}
	g.all[at].Rate += rate
}

// computed reports whether a series is what a query made, and no counter.
func (s Series) computed() bool { return s.Labels[nameLabel] == "" }

// A span is the time of some series, and the most points of any.
type span struct {
	begin, end time.Time
	points     int
}

func (all span) with(s Series) span {
	all.points = max(all.points, len(s.Points))
	for _, p := range s.Points {
		if all.begin.IsZero() || p.Time.Before(all.begin) {
			all.begin = p.Time
		}
		if p.Time.After(all.end) {
			all.end = p.Time
		}
	}
	return all
}

// rate returns the calls a second, if all series of its sort span that time and none has more points; NaN if it cannot
// be told.
func (s Series) rate(all span) float64 {
	sum := 0.0
	for i, p := range s.Points {
		switch {
		case unusable(p.Value) != "":
			return math.NaN()
		case s.computed() || all.points == 1:
			sum += p.Value
		case i > 0 && p.Value < s.Points[i-1].Value: // it began again at 0
			sum += p.Value
		case i > 0:
			sum += p.Value - s.Points[i-1].Value
		}
	}
	switch time := all.end.Sub(all.begin).Seconds(); {
	case s.computed():
		return sum / float64(max(all.points, 1))
	case all.points > 1 && time > 0:
		return sum / time
	}
	return sum
}

// known returns the calls of which rates are known, or none at all of those to one component.
func (g *graph) known() ([]calls.Call, topology.Findings) {
	rated := map[string]bool{}
	for _, c := range g.all {
		rated[c.To] = rated[c.To] || c.Rate > 0
	}
	var all []calls.Call
	var silent []string
	for _, c := range g.all {
		if c.Rate == 0 && rated[c.To] {
			silent = append(silent, cmp.Or(c.From, "users")+" → "+c.To)
			continue
		}
		all = append(all, c)
	}
	var findings topology.Findings
	if len(g.series) == 0 {
		findings = append(findings, missing(Unmatched, "", nil,
			"there is no series traces_service_graph_request_total, nor one with the labels client and server: who calls whom is not known"))
	}
	if g.spoiled != nil {
		findings = append(findings, suspect(NotFinite, "", g.spoiled, "NaN, infinite or below zero, which no number of calls is; it is not used"))
	}
	if g.nameless != nil {
		findings = append(findings, missing(Unmatched, "", g.nameless, "the series lacks a label that the names are made of, and is left out"))
	}
	if silent != nil {
		findings = append(findings, missing(NoCalls, "", silent, "no call was counted in this time, so none is known: take a longer time, or declare a need"))
	}
	return all, findings
}
