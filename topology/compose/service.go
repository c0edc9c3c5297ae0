package compose

import (
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/topology"
)

// maxContainers is how many containers a project may have.
const maxContainers = 100_000

// A service is what is read of a service.
type service struct {
	where
	name           string // in the file
	replicas       int
	global         bool    // one container on each machine of a swarm
	job            bool    // it ends
	limit          amounts // 0 is none
	reserved       amounts
	restart        comeback
	probes         time.Duration
	healthy        bool // some service waits until it is healthy: then it takes up to probes to start
	profiles       []string
	waits          []wait   // for others to start
	joins          []string // services whose namespaces it shares
	calls          []string // services that it needs
	unknown        []address
	outside        []address
	containerNames []string // other names of it
}

type amounts struct{ cpus, memory float64 }

// services reads the services that are active.
func (l *loader) services(p *project) (all []*service) {
	byName, total := map[string]*service{}, 0
	for _, name := range p.services.names {
		v := p.services.fields[name]
		if v.reset {
			continue
		}
		if !serviceName(name) {
			l.fault(v.where, topology.BadSyntax, "a service's name has letters, digits, points, hyphens and underscores only")
			continue
		}
		s := &service{where: v.where, name: name, replicas: 1, profiles: textsIn(v.get("profiles"))}
		if !l.active(s) {
			l.idle = append(l.idle, s)
			continue
		}
		l.read(s, v)
		if total += s.replicas; total > maxContainers {
			l.fault(v.where, topology.TooLarge, "with its %d containers there are more than %d: no Compose project is that large", s.replicas, maxContainers)
			return nil
		}
		all, byName[name] = append(all, s), s
	}
	for _, s := range all {
		l.orders(s, p.services.fields[s.name], byName)
	}
	l.cycles(all, byName)
	l.calls(all, p.services)
	if !slices.ContainsFunc(all, func(s *service) bool { return s.replicas > 0 }) && len(p.services.names) > 0 {
		w := p.services.fields[p.services.names[0]].where
		w.component, w.field = "", "services"
		l.fault(w, topology.NotFound, "nothing is started: all services are scaled to 0, or in profiles that are not active")
	}
	return all
}

func serviceName(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || 'z' < c) && (c < 'A' || 'Z' < c) && (c < '0' || '9' < c) && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}

func (l *loader) active(s *service) bool {
	return len(s.profiles) == 0 || slices.Contains(l.o.Profiles, "*") ||
		slices.ContainsFunc(s.profiles, func(p string) bool { return slices.Contains(l.o.Profiles, p) })
}

// read reads what a service says of itself.
func (l *loader) read(s *service, v *value) {
	whole := func(v *value) float64 { return float64(l.wholeNumber(v)) }
	if n, given := l.same("replicas", v.get("scale"), v.get("deploy", "replicas"), whole); given {
		s.replicas = int(n)
	}
	if mode := v.textOf("deploy", "mode"); l.o.Swarm {
		s.global, s.job = strings.HasPrefix(mode, "global"), strings.HasSuffix(mode, "-job")
	}
	if c := v.get("container_name"); c != nil {
		s.containerNames = []string{c.text}
		if s.replicas > 1 && !l.o.Swarm {
			l.fault(c.where, topology.NotUnique, "%d containers cannot all have this name: leave it out", s.replicas)
		}
	}
	l.resources(s, v)
	s.restart = l.restarts(v)
	s.probes = l.probing(v.get("healthcheck"))
}

// same returns the number that one of two fields gives, and whether one does; that they differ is a fault.
func (l *loader) same(what string, a, b *value, read func(*value) float64) (x float64, given bool) {
	switch {
	case a == nil && b == nil:
		return 0, false
	case a == nil:
		return read(b), true
	case b == nil:
		return read(a), true
	}
	before := len(l.faults)
	x, y := read(a), read(b)
	if x != y && len(l.faults) == before {
		l.fault(a.where, topology.NotUnique, "it says %s and %s says %s: leave one of the %s out", quoted(a), b.field, quoted(b), what)
	}
	return x, true
}

func (l *loader) resources(s *service, v *value) {
	limits, reservations := v.get("deploy", "resources", "limits"), v.get("deploy", "resources", "reservations")
	cores := func(v *value) float64 { return l.number(v, `"0.5"`) }
	s.limit.cpus, _ = l.same("limits", unless0(v.get("cpus")), limits.get("cpus"), cores)
	s.reserved.cpus, _ = l.same("reservations", nil, reservations.get("cpus"), cores)
	s.limit.memory, _ = l.same("limits", unless0(v.get("mem_limit")), limits.get("memory"), l.memory)
	s.reserved.memory, _ = l.same("reservations", unless0(v.get("mem_reservation")), reservations.get("memory"), l.memory)
}

// unless0 returns a value; nil if it is 0, which Compose takes as not given.
func unless0(v *value) *value {
	if v != nil && strings.TrimSpace(v.text) == "0" {
		return nil
	}
	return v
}

// A comeback is when a container that ended is started again.
type comeback int

const (
	never  comeback = iota
	failed          // when it has failed, and not with the machine
	always          // with the machine too
)

// restarts returns when a container comes back by itself. What deploy says counts more than restart, which a swarm does
// not look at. What is not said is never, but for a swarm.
func (l *loader) restarts(v *value) comeback {
	policy, _, _ := strings.Cut(v.textOf("restart"), ":")
	switch {
	case v.get("deploy", "restart_policy") != nil:
		if policy = v.textOf("deploy", "restart_policy", "condition"); policy == "" {
			policy = "any"
		}
	case l.o.Swarm:
		policy = "any"
	}
	switch policy {
	case "", "no", "none", "false":
		return never
	case "on-failure":
		if !l.o.Swarm {
			return failed
		}
	}
	return always
}

// probing returns the longest that Docker probes a container that starts before it calls it unhealthy; 0 if the file
// does not say how it is probed.
func (l *loader) probing(v *value) time.Duration {
	if v == nil || v.textOf("test") == "NONE" {
		return 0
	}
	if d := v.get("disable"); d != nil && l.truth(d) {
		return 0
	}
	start := l.durationOr(0, v.get("start_period"))
	interval, timeout := l.durationOr(30*time.Second, v.get("interval")), l.durationOr(30*time.Second, v.get("timeout"))
	retries := 0
	if n := v.get("retries"); n != nil {
		retries = l.wholeNumber(n)
	}
	if retries == 0 {
		retries = 3
	}
	if retries > 1_000_000 || float64(interval+timeout)*float64(retries) > float64(100*365*24*time.Hour) {
		l.fault(v.in("retries"), topology.BadNumber, "all retries together take more than 100 years")
		return 0
	}
	if start > 0 { // a probe that begins within it, and ends behind it, does not count
		start += timeout
	}
	return start + time.Duration(retries)*(interval+timeout)
}

// textsIn returns the items of a list.
func textsIn(v *value) (all []string) {
	if v != nil {
		for _, item := range v.items {
			all = append(all, item.text)
		}
	}
	return all
}
