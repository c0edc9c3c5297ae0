package kube

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// call finds which workloads each has the address of, and makes them needs.
func (m *model) call() {
	var unknown, outside notes
	for _, p := range m.pools {
		for _, v := range p.addresses(m.options.variables()) {
			for _, host := range hosts(v.Value) {
				switch s, where := m.lookup(p.namespace, host); {
				case where == elsewhere || s != nil && s.selector == nil:
					outside.add(host, p.name)
				case where == unheard:
					unknown.add(v.Name+"="+v.Value, p.name)
				case s != nil:
					m.addCall(p, s)
				}
			}
		}
	}
	m.needCalls()
	m.reportCalls(unknown, outside)
}

// addCall adds a call, unless the workload calls itself, or calls the same already.
func (m *model) addCall(from *pool, s *service) {
	to, _ := m.behind(s)
	if len(to) == 0 || slices.Contains(to, from) {
		return
	}
	slices.SortFunc(to, func(a, b *pool) int { return cmp.Compare(a.name, b.name) })
	if !slices.ContainsFunc(from.calls, func(c []*pool) bool { return slices.Equal(c, to) }) {
		from.calls = append(from.calls, to)
	}
}

// needCalls writes calls as needs. A service with several workloads needs one of them to be up; but where these call back,
// they would hold each other up without any source, which a topology does not allow, so all of them are needed.
func (m *model) needCalls() {
	var circular []string
	circle := m.circles()
	for _, p := range m.pools {
		all := false
		for _, to := range p.calls {
			switch {
			case len(to) == 1:
				p.needs = append(p.needs, to[0].name)
			case slices.ContainsFunc(to, func(q *pool) bool { return circle[q] == circle[p] }):
				all = true
				for _, q := range to {
					p.needs = append(p.needs, q.name)
				}
			default:
				p.needs = append(p.needs, oneOf(to))
			}
		}
		if all {
			circular = append(circular, p.name)
		}
	}
	m.find(topology.Assumed, CircularCalls, "", circular,
		"a service that it calls has several workloads, and one of them calls back: taken as if all of these were needed")
}

// oneOf writes that one of several workloads is needed.
func oneOf(pools []*pool) string {
	names := make([]string, len(pools))
	for i, p := range pools {
		names[i] = strings.ReplaceAll(p.name, "-", `\-`)
	}
	return "1 of [" + strings.Join(names, ",") + "]"
}

func (m *model) reportCalls(unknown, outside notes) {
	if len(m.services.list) == 0 {
		m.find(topology.Missing, UnknownService, "", unknown.all(), "environment variables hold addresses, and no services are in the input: who needs whom is not known")
	} else {
		for i, what := range unknown.what {
			m.find(topology.Missing, UnknownService, "", unknown.about[i], what+": there is no such service in the input, so nothing tells whether this is needed")
		}
	}
	m.find(topology.Missing, Outside, "", outside.all(), "environment variables hold addresses outside the input, "+few(outside.what)+
		": what is needed there is not known")
}

// few lists some of the texts.
func few(texts []string) string {
	const most = 3
	if len(texts) > most {
		return strings.Join(texts[:most], ", ") + ", …"
	}
	return strings.Join(texts, ", ")
}

// notes are what is to be said of which workloads, in order.
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
	if !slices.Contains(n.about[i], about) {
		n.about[i] = append(n.about[i], about)
	}
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

// circles numbers groups of workloads that call each other: Tarjan 1972 (doi:10.1137/0201010), without recursion.
func (m *model) circles() map[*pool]int {
	group, index, low := map[*pool]int{}, map[*pool]int{}, map[*pool]int{}
	var open []*pool
	type visit struct {
		at   *pool
		to   []*pool // what it calls
		next int
	}
	for _, root := range m.pools {
		if index[root] > 0 {
			continue
		}
		var path []visit
		enter := func(p *pool) {
			index[p] = len(index) + 1
			low[p] = index[p]
			open = append(open, p)
			path = append(path, visit{at: p, to: slices.Concat(p.calls...)})
		}
		for enter(root); len(path) > 0; {
			v := &path[len(path)-1]
			if v.next < len(v.to) {
				to := v.to[v.next]
				v.next++
				if index[to] == 0 {
					enter(to)
				} else if group[to] == 0 {
					low[v.at] = min(low[v.at], index[to])
				}
				continue
			}
			at := v.at
			if path = path[:len(path)-1]; len(path) > 0 {
				before := path[len(path)-1].at
				low[before] = min(low[before], low[at])
			}
			if low[at] == index[at] {
				first := slices.Index(open, at)
				for _, p := range open[first:] {
					group[p] = index[at]
				}
				open = open[:first]
			}
		}
	}
	return group
}
