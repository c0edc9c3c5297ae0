package kube

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// call finds which workloads each has the address of, and makes them needs.
func (m *model) call() {
	var unknown, outside notes
	for _, p := range m.pools {
		called := map[*service]bool{}
		for _, v := range m.addresses(p) {
			for _, host := range hosts(v.Value) {
				switch s, where := m.lookup(p.namespace, host); {
				case where == elsewhere || s != nil && s.selector == nil:
					outside.add(host, p.name)
				case where == unheard:
					unknown.add(v.Name+"="+host, p.name) // and not its value, which may hold a password
				case s != nil && !called[s]:
					called[s] = true
					m.addCall(p, s)
				}
			}
		}
	}
	m.needCalls()
	m.reportCalls(unknown, outside)
}

// addCall adds a call, unless the workload calls itself.
func (m *model) addCall(from *pool, s *service) {
	m.resolve(s)
	if len(s.pools) > 0 && !slices.Contains(s.pools, from) {
		from.calls = append(from.calls, s)
	}
}

// needCalls writes calls as needs. A service with several workloads needs one of them to be up; but where these call
// back, they would hold each other up without any source, which a topology does not allow, so all of them are needed.
func (m *model) needCalls() {
	var circular []string
	circle := m.circles()
	for _, p := range m.pools {
		all, said := false, map[string]bool{}
		for _, s := range p.calls {
			need := s.pattern
			switch {
			case len(s.pools) == 1:
			case slices.ContainsFunc(s.pools, func(q *pool) bool { return circle[q] == circle[p] }):
				all = true
			default:
				need = s.anyOf
			}
			if !said[need] {
				said[need] = true
				p.needs = append(p.needs, need)
			}
		}
		if all {
			circular = append(circular, p.name)
		}
	}
	m.find(topology.Assumed, CallIsNeed, "", m.names(func(p *pool) bool { return len(p.calls) > 0 }),
		"taken to need each service whose address an environment variable gives: where one can do without, take the need out")
	m.find(topology.Assumed, CircularCalls, "", circular,
		"it calls a service with several workloads, and one of these calls back: taken as if all of them were needed")
}

// resolve finds the workloads behind a service, once, and writes them as a pattern that all who call it share.
func (m *model) resolve(s *service) {
	if s.pattern != "" {
		return
	}
	s.pools, _ = m.behind(s)
	slices.SortFunc(s.pools, func(a, b *pool) int { return cmp.Compare(a.name, b.name) })
	names := make([]string, len(s.pools))
	for i, p := range s.pools {
		names[i] = strings.ReplaceAll(p.name, "-", `\-`)
	}
	s.pattern = "[" + strings.Join(names, ",") + "]"
	s.anyOf = "1 of " + s.pattern
	if len(s.pools) == 1 {
		s.pattern = s.pools[0].name
	}
}

// maxTold is how many services that are not in the input have a finding each.
const maxTold = 10

func (m *model) reportCalls(unknown, outside notes) {
	if len(m.services.list) == 0 {
		m.find(topology.Missing, UnknownService, "", unknown.all(),
			"environment variables hold addresses, and no services are in the input: who needs whom is not known")
	} else {
		for i, what := range unknown.first(maxTold) {
			m.find(topology.Missing, UnknownService, "", unknown.about[i],
				what+": there is no such service in the input, so nothing tells whether this is needed")
		}
		rest := unknown.after(maxTold)
		m.find(topology.Missing, UnknownService, "", rest.all(), fmt.Sprintf("%s: there are no such services "+
			"in the input, so nothing tells whether these are needed", few(rest.what)))
	}
	m.find(topology.Missing, Outside, "", outside.all(),
		"it has the address of what is not in the input, "+few(outside.what)+": what is needed there is not known")
}

// few lists some of the texts.
func few(texts []string) string {
	const most = 3
	if len(texts) > most {
		return strings.Join(texts[:most], ", ") + ", …"
	}
	return strings.Join(texts, ", ")
}

// notes are what is to be said of which workloads, in order: all of one workload before the next.
type notes struct {
	what  []string
	about [][]string
	at    map[string]int
}

func (n *notes) add(what, about string) {
	i, ok := n.at[what]
	if !ok {
		if n.at == nil {
			n.at = map[string]int{}
		}
		i = len(n.what)
		n.at[what] = i
		n.what, n.about = append(n.what, what), append(n.about, nil)
	}
	if k := len(n.about[i]); k == 0 || n.about[i][k-1] != about {
		n.about[i] = append(n.about[i], about)
	}
}

// first returns the first n, and after what comes then.
func (n *notes) first(most int) []string { return n.what[:min(most, len(n.what))] }

func (n *notes) after(most int) notes {
	from := min(most, len(n.what))
	return notes{what: n.what[from:], about: n.about[from:]}
}

// all returns all that something is to be said of, each once.
func (n *notes) all() (names []string) {
	seen := map[string]bool{}
	for _, about := range n.about {
		for _, name := range about {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}
