package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// A view is a fleet, service by service: a job counts as one.
type view struct {
	t        *topology.Topology
	services []*service // in order of declaration
	byName   map[string]*service
}

// A service is its containers, which are all alike.
type service struct {
	name       string
	component  topology.ID // what others call; its first container if it is a job
	containers []topology.ID
	after      []*service    // that must be there before it starts
	behind     int           // services that wait for it, directly or not
	wave       int           // from 1
	started    time.Duration // the longest that it may take until then
	ready      time.Duration // and until it is healthy
	slowest    *service      // of after, the one at the end of the longest chain; nil if it waits for none
}

func newView(t *topology.Topology) *view {
	v := &view{t: t, byName: map[string]*service{}}
	for id := range topology.ID(t.Len()) {
		if name := t.Component(id).Labels["service"]; name != "" {
			if v.byName[name] == nil {
				v.byName[name] = &service{name: name, component: id}
				v.services = append(v.services, v.byName[name])
			}
			s := v.byName[name]
			s.containers = append(s.containers, id)
		}
	}
	for id := range topology.ID(t.Len()) {
		if t.Kind(id) == "service" {
			v.of(t.Links(id)[len(t.Links(id))-1].Members[0]).component = id // its last link is to its containers
		}
	}
	v.order()
	return v
}

// of returns the service of a container; nil if it is something else.
func (v *view) of(id topology.ID) *service {
	return v.byName[v.t.Component(id).Labels["service"]]
}

// order finds out what is started before what: what containers need, always or to start.
func (v *view) order() {
	for _, s := range v.services {
		for _, link := range v.t.Links(s.containers[0]) {
			for _, id := range link.Members {
				if before := v.of(id); before != nil && !slices.Contains(s.after, before) {
					s.after = append(s.after, before)
				}
			}
		}
	}
	for _, s := range v.services {
		v.place(s)
	}
	for _, s := range v.services {
		for before := range s.allBefore(map[*service]bool{}) {
			before.behind++
		}
	}
}

// place puts a service in the wave behind the last of those that it waits for. None waits for itself.
func (v *view) place(s *service) {
	if s.wave > 0 {
		return
	}
	s.wave = 1
	for _, before := range s.after {
		v.place(before)
		if before.wave >= s.wave {
			s.wave, s.slowest = before.wave+1, before
		}
		s.started = max(s.started, before.ready)
	}
	s.ready = s.started + v.t.Start(s.containers[0]).Boot
}

// allBefore returns what must be there before a service starts, directly or not.
func (s *service) allBefore(found map[*service]bool) map[*service]bool {
	for _, before := range s.after {
		if !found[before] {
			found[before] = true
			before.allBefore(found)
		}
	}
	return found
}

func (v *view) print(w io.Writer, findings topology.Findings) {
	fmt.Fprintf(w, "%v\n\nFindings\n%s\n", v.t, indent(findings.String()))
	v.printLosses(w)
	v.printWaves(w)
}

// names returns the names of services.
func names(services []*service) string {
	all := make([]string, len(services))
	for i, s := range services {
		all[i] = s.name
	}
	return strings.Join(all, ", ")
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(s, "\n", "\n  ")
}
