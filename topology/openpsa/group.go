package openpsa

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// maxCauses is how many common causes all groups together may have.
const maxCauses = 100_000

// A group is basic events that may fail of common causes.
type group struct {
	*element
	name    string
	scope   *scope
	members []*item
	causes  []cause
}

// A cause takes down some of the members.
type cause struct {
	name  string // with that of the group before it, once all names are known
	all   bool   // the members
	set   uint32 // of these, where not all
	value value
}

// declareGroup declares a group, and its members as basic events.
func (r *reader) declareGroup(e *element, s *scope) {
	name, ok := r.nameOf(e, s)
	members := e.child("members")
	if !ok {
		return
	}
	g := &group{element: e, name: name, scope: s}
	if r.private(e, s) {
		g.name = s.full(name)
	}
	if members == nil || len(members.children) < 2 {
		r.fault(e.place, g.name, "members", topology.BadSyntax, "give two members or more: <members> with a <basic-event> for each")
		return
	}
	for _, m := range members.children {
		if m.tag != "basic-event" {
			r.fault(m.place, g.name, "members", topology.BadSyntax, "<%s>: members are basic events", m.tag)
		} else if i := r.declare(m, s, basicEvent); i != nil {
			i.group, i.index = g, len(g.members)
			g.members = append(g.members, i)
		}
	}
	r.groups = append(r.groups, g)
}

// causesOf returns the causes that take a member down.
func (g *group) causesOf(member *item) (names []string) {
	for _, c := range g.causes {
		if c.all || c.set>>member.index&1 == 1 {
			names = append(names, c.name)
		}
	}
	return names
}

// components writes the causes of a group.
func (g *group) components() (all []topology.Component) {
	for _, c := range g.causes {
		one := topology.Component{Name: pattern(c.name), Kind: BasicEvent, Labels: map[string]string{"common-cause": "yes"}}
		one.Failing.Unavailability = c.value.x
		all = append(all, one)
	}
	return all
}

// evaluateGroup gives a group its causes, and its members and these their probabilities.
func (r *reader) evaluateGroup(g *group) {
	n := len(g.members)
	model := g.attr("model")
	if model != "beta-factor" && model != "MGL" && model != "alpha-factor" {
		text := "%s: write beta-factor, MGL or alpha-factor"
		if model == "phi-factor" {
			text = "%s: the format does not say how it spreads over groups of one size: write alpha-factor"
		}
		r.fault(g.place, g.name, "model", topology.NotFound, text, quote(model))
		return
	}
	total := r.distribution(g)
	factors, ok := r.factors(g, model)
	if !ok || n < 2 {
		return
	}
	sizes := g.bySize(model, factors, total)
	for _, m := range g.members {
		m.value = sizes[0]
	}
	if model == "beta-factor" {
		g.causes = []cause{{name: "all", all: true, value: sizes[n-1]}}
		return
	}
	r.addCauses(g, sizes)
}

// distribution returns the probability of each member of a group, all causes taken together.
func (r *reader) distribution(g *group) value {
	e := g.child("distribution")
	if e == nil || len(e.children) != 1 {
		r.fault(g.place, g.name, "distribution", topology.BadSyntax, "give <distribution> with one expression")
		return value{absent: true}
	}
	return r.probability(e.place, g.name, evaluation{r, g.scope, g.name}.of(e.children[0]))
}

// factors returns the factors of a group, from that of level 1 on; those that its model does not have are 1.
func (r *reader) factors(g *group, model string) ([]value, bool) {
	n, first := len(g.members), map[string]int{"beta-factor": len(g.members), "MGL": 2, "alpha-factor": 1}[model]
	all := make([]value, first-1)
	for k := range all {
		all[k].x = 1
	}
	for _, e := range g.factorElements() {
		level := len(all) + 1
		if given := e.attr("level"); given != "" && given != strconv.Itoa(level) {
			r.fault(e.place, g.name, "factor", topology.BadNumber, "level %s where level %d of a %s in order", quote(given), level, model)
			return nil, false
		}
		if len(e.children) != 1 {
			r.fault(e.place, g.name, "factor", topology.BadSyntax, "a factor has one expression")
			return nil, false
		}
		all = append(all, r.probability(e.place, g.name, evaluation{r, g.scope, g.name}.of(e.children[0])))
	}
	if len(all) < first || len(all) > n {
		r.fault(g.place, g.name, "factors", topology.BadNumber, "%d factors: a %s of %d members has those of level %s",
			len(g.factorElements()), model, n, between(first, n))
		return nil, false
	}
	return all, true
}

// factorElements returns the factors, which may stand in a list.
func (g *group) factorElements() (all []*element) {
	list := g.children
	if e := g.child("factors"); e != nil {
		list = e.children
	}
	for _, e := range list {
		if e.tag == "factor" {
			all = append(all, e)
		}
	}
	return all
}

// bySize returns, from size 1 on, the probability of each cause that takes down exactly so many of n members: the
// section Common Cause Groups of the format.
//
//	MGL           Q_k = Π(i=2..k) ρ_i · (1 − ρ_(k+1)) · Q / C(n−1, k−1)
//	alpha-factor  Q_k = k · α_k / Σ i·α_i · Q / C(n−1, k−1)
//	beta-factor   Q_1 = (1 − β) · Q, Q_n = β · Q
func (g *group) bySize(model string, factors []value, total value) []value {
	n := len(g.members)
	rho := make([]float64, n+2)
	rho[1] = 1
	of, sum := total, 0.0
	for k, f := range factors {
		of = of.with(f)
		sum += float64(float64(k+1) * f.x)
		rho[k+1] = f.x
	}
	sizes := make([]value, n)
	if model == "beta-factor" {
		sizes[0], sizes[n-1] = of, of
		sizes[0].x, sizes[n-1].x = total.x*(1-rho[n]), total.x*rho[n]
		return sizes
	}
	product, ways := total.x, 1.0 // ways is C(n−1, k−1)
	for k := 1; k <= n; k++ {
		product *= rho[k]
		sizes[k-1] = of
		sizes[k-1].x = product * (1 - rho[k+1]) / ways
		if model == "alpha-factor" {
			sizes[k-1].x = 0
			if sum > 0 {
				sizes[k-1].x = float64(k) * rho[k] / sum * total.x / ways
			}
		}
		ways = ways * float64(n-k) / float64(k)
	}
	return sizes
}

// addCauses makes a cause of each set of members that may fail together, the small ones first.
func (r *reader) addCauses(g *group, sizes []value) {
	n := len(g.members)
	if n > 16 || r.causes < 1<<n {
		r.fault(g.place, g.name, "members", topology.TooLarge, "%d members: with this, the groups have more than %d sets of members; "+
			"write a beta-factor", n, maxCauses)
		return
	}
	for size := 2; size <= n; size++ {
		if v := sizes[size-1]; !v.absent && v.x == 0 {
			continue
		}
		for set := uint32(1); set < 1<<n; set++ {
			if bits.OnesCount32(set) == size {
				g.causes = append(g.causes, cause{name: setName(set, n), all: size == n, set: set, value: sizes[size-1]})
			}
		}
	}
	r.causes -= len(g.causes)
}

// setName names a set of n members: "1+3" is the first and the third, "all" is all.
func setName(set uint32, n int) string {
	if bits.OnesCount32(set) == n {
		return "all"
	}
	var parts []string
	for k := range n {
		if set>>k&1 == 1 {
			parts = append(parts, strconv.Itoa(k+1))
		}
	}
	return strings.Join(parts, "+")
}
