package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/ridethrough/ridethrough/topology"
)

// printLosses tells what goes down with each service, and what a machine takes down.
func (v *view) printLosses(w io.Writer) {
	fmt.Fprintln(w, "\nWhat a lost service takes down, as far as calls are known")
	var none []*service
	width := v.width()
	for _, s := range v.services {
		with := v.with(s.containers...)
		with = slices.DeleteFunc(with, func(other *service) bool { return other == s })
		if len(with) == 0 {
			none = append(none, s)
			continue
		}
		fmt.Fprintf(w, "  %-*s  %d: %s\n", width, s.name, len(with), names(with))
	}
	if len(none) > 0 {
		fmt.Fprintf(w, "  nothing else goes down with %s\n", names(none))
	}
	for id := range topology.ID(v.t.Len()) {
		if v.t.Kind(id) == "host" {
			fmt.Fprintf(w, "  %-*s  the machine: all %d\n", width, v.t.Name(id), len(v.with(id)))
		}
	}
}

// with returns the services that go down with components.
func (v *view) with(ids ...topology.ID) (down []*service) {
	closure := v.t.Closure()
	closure.Fail(ids...)
	for _, s := range v.services {
		if closure.Down(s.component) {
			down = append(down, s)
		}
	}
	return down
}

func (v *view) width() (width int) {
	for _, s := range v.services {
		width = max(width, len(s.name))
	}
	return width
}

// printWaves tells the order of starting.
func (v *view) printWaves(w io.Writer) {
	fmt.Fprintln(w, "\nIn what order they are started")
	last, slow, besides := v.services[0], v.services[0], ""
	waves := map[int][]*service{}
	for _, s := range v.services {
		waves[s.wave] = append(waves[s.wave], s)
		if s.wave > last.wave {
			last = s
		}
		if s.started > slow.started {
			slow = s
		}
		if v.t.Kind(s.containers[0]) == "job" {
			besides = ", besides what jobs take"
		}
	}
	if last.wave == 1 {
		fmt.Fprintln(w, "  all at once: nothing waits for anything")
		return
	}
	for wave := 1; wave <= last.wave; wave++ {
		fmt.Fprintf(w, "  wave %d  %s\n", wave, names(waves[wave]))
	}
	fmt.Fprintf(w, "  longest chain: %s\n", last.chain())
	if slow.started > 0 {
		fmt.Fprintf(w, "  longest wait: %v until %s is started, or Compose gives up%s\n", slow.started, slow.name, besides)
	}
	v.printAwaited(w)
}

// chain returns what a service waits for, the longest way.
func (s *service) chain() string {
	if s.slowest == nil {
		return s.name
	}
	return s.slowest.chain() + " → " + s.name
}

// printAwaited names the services that at least half of the others wait for.
func (v *view) printAwaited(w io.Writer) {
	for _, s := range v.services {
		if 2*s.behind >= len(v.services)-1 && s.behind > 1 {
			fmt.Fprintf(w, "  %d of the %d others wait for %s: without it none of these is started\n", s.behind, len(v.services)-1, s.name)
		}
	}
}
