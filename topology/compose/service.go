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
	restart        bool // it comes back by itself
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
	if n := l.same(v, "replicas", v.get("scale"), v.get("deploy", "replicas")); n != nil {
		s.replicas = l.wholeNumber(n)
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

// same returns the value that two fields give; that they differ is a fault.
func (l *loader) same(v *value, what string, a, b *value) *value {
	if a != nil && b != nil && a.text != b.text {
		l.fault(a.where, topology.NotUnique, "it says %s and %s says %s: leave one of the %s out", quoted(a), b.field, quoted(b), what)
	}
	if a == nil {
		return b
	}
	return a
}

func (l *loader) resources(s *service, v *value) {
	limits, reservations := v.get("deploy", "resources", "limits"), v.get("deploy", "resources", "reservations")
	if c := l.same(v, "limits", v.get("cpus"), limits.get("cpus")); c != nil {
		s.limit.cpus = l.number(c, `"0.5"`)
	}
	if c := reservations.get("cpus"); c != nil {
		s.reserved.cpus = l.number(c, `"0.5"`)
	}
	if m := l.same(v, "limits", v.get("mem_limit"), limits.get("memory")); m != nil {
		s.limit.memory = l.memory(m)
	}
	if m := l.same(v, "reservations", v.get("mem_reservation"), reservations.get("memory")); m != nil {
		s.reserved.memory = l.memory(m)
	}
}

// restarts reports whether a container that ends comes back by itself. What is not said is no, but for a swarm.
func (l *loader) restarts(v *value) bool {
	if v.get("restart") != nil && !l.o.Swarm {
		policy := v.textOf("restart")
		return policy != "no" && policy != "false" && policy != ""
	}
	condition := v.textOf("deploy", "restart_policy", "condition")
	return condition != "none" && (condition != "" || l.o.Swarm || v.get("deploy", "restart_policy") != nil)
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
	retries := 3
	if n := v.get("retries"); n != nil {
		retries = l.wholeNumber(n)
	}
	if retries > 1_000_000 || float64(interval+timeout)*float64(retries) > float64(100*365*24*time.Hour) {
		l.fault(v.in("retries"), topology.BadNumber, "all retries together take more than 100 years")
		return 0
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
