package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A wait is what must be before a service is started.
type wait struct {
	where
	to       string // a service
	optional bool
	says     string // the condition
}

// The conditions of depends_on.
const (
	started   = "service_started"
	healthy   = "service_healthy"
	completed = "service_completed_successfully"
)

// orders reads what a service waits for, and whose namespaces it shares.
func (l *loader) orders(s *service, v *value, byName map[string]*service) {
	on := v.get("depends_on")
	if on != nil {
		for _, name := range on.names {
			if one := on.fields[name]; !one.reset {
				l.waitFor(s, l.condition(name, one), byName)
			}
		}
	}
	for _, field := range []string{"links", "volumes_from"} {
		if list := v.get(field); list != nil {
			for _, item := range list.items {
				name, _, _ := strings.Cut(item.text, ":")
				said := on.get(name) != nil // and that counts
				if !said && (name != "container" || field == "links") {
					l.waitFor(s, wait{where: item.where, to: name, says: started}, byName)
				}
			}
		}
	}
	for _, field := range []string{"network_mode", "pid", "ipc"} {
		name, ok := strings.CutPrefix(v.textOf(field), "service:")
		if ok && l.found(wait{where: v.get(field).where, to: name}, byName) && !slices.Contains(s.joins, name) {
			s.joins = append(s.joins, name)
		}
	}
}

// condition reads an entry of depends_on.
func (l *loader) condition(name string, v *value) wait {
	w := wait{where: v.where, to: name, says: started}
	if c := v.get("condition"); c != nil {
		w.says = c.text
		if w.says != started && w.says != healthy && w.says != completed {
			l.fault(c.where, topology.NotFound, "no condition %s: there are %s, %s and %s", quoted(c), started, healthy, completed)
		}
	}
	if r := v.get("required"); r != nil {
		w.optional = !l.truth(r)
	}
	return w
}

// waitFor adds what a service waits for.
func (l *loader) waitFor(s *service, w wait, byName map[string]*service) {
	to := byName[w.to]
	if to == nil && w.optional {
		return
	}
	if !l.found(w, byName) || slices.ContainsFunc(s.waits, func(other wait) bool { return other.to == w.to }) {
		return
	}
	s.waits = append(s.waits, w)
	to.healthy = to.healthy || w.says == healthy
	to.job = to.job || w.says == completed
}

// found reports whether a service is there; that it is not is a fault.
func (l *loader) found(w wait, byName map[string]*service) bool {
	if byName[w.to] != nil {
		return true
	}
	for _, idle := range l.idle {
		if idle.name == w.to {
			remedy := "make it active"
			if w.says != "" { // else it shares a namespace, which must be there
				remedy += ", or write required: false"
			}
			l.fault(w.where, topology.NotFound, "service %s is only in the profile %s, which is not active: %s",
				w.to, strings.Join(idle.profiles, ", "), remedy)
			return false
		}
	}
	l.fault(w.where, topology.NotFound, "no service is named %q", short(w.to))
	return false
}

// cycles reports services that wait for each other, each cycle that a walk in order of the file meets.
func (l *loader) cycles(all []*service, byName map[string]*service) {
	c := &cycles{loader: l, byName: byName, state: map[*service]int{}}
	for _, s := range all {
		c.visit(s)
	}
}

type cycles struct {
	*loader
	byName map[string]*service
	state  map[*service]int // 1 while it is on the path, 2 when it is done
	path   []string

	reported int
}

// maxCycles are reported at most, with so many names.
const maxCycles, maxCycleNames = 20, 20

func (c *cycles) visit(s *service) {
	if c.state[s] != 0 {
		return
	}
	c.state[s], c.path = 1, append(c.path, s.name)
	for _, next := range s.before() {
		if to := c.byName[next]; c.state[to] == 1 {
			c.report(s, next)
		} else {
			c.visit(to)
		}
	}
	c.state[s], c.path = 2, c.path[:len(c.path)-1]
}

// before returns the services that are started first.
func (s *service) before() []string {
	names := slices.Clone(s.joins)
	for _, w := range s.waits {
		names = append(names, w.to)
	}
	return names
}

// report reports a cycle, but not more than so many, of which each may name every service.
func (c *cycles) report(s *service, next string) {
	if c.reported++; c.reported > maxCycles {
		return
	}
	cycle := append(slices.Clone(c.path[slices.Index(c.path, next):]), next)
	names := cycle
	if len(names) > maxCycleNames {
		names = append(slices.Clone(cycle[:maxCycleNames-1]), fmt.Sprintf("%d others", len(cycle)-maxCycleNames), next)
	}
	before := len(c.faults)
	c.fault(s.where, topology.NeedCycle, "services wait for each other, and none can start: %s", strings.Join(names, " waits for "))
	if len(c.faults) > before {
		c.faults[before].Cycle = cycle
	}
}
