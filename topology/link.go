package topology

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// maxMembers bounds the members of all sets together: a few bytes each.
const maxMembers = 1 << 28

// link finds the members of every need and supply.
func (b *builder) link() {
	t := b.t
	b.resolver = resolver{t: t, found: map[string][]ID{}}
	l := linker{builder: b, sets: map[string]int32{}, pools: map[poolKey]int32{}}
	t.row = make([]int32, t.Len())
	t.links = make([]Link, 0, b.written())
	for from := 0; from < t.Len(); {
		to := from + 1
		for to < t.Len() && t.declared[to] == t.declared[from] {
			to++
		}
		l.begin(t.declared[from])
		l.rowsOf(ID(from), ID(to))
		from = to
	}
}

// written returns how many links are written with components: as many as there are, but for those of kinds and patterns.
func (b *builder) written() (links int) {
	for i := range b.t.spec.Components {
		c := &b.t.spec.Components[i]
		links += len(c.Needs) + len(c.StartNeeds) + len(c.Supplies)
	}
	return links
}

// A linker finds members once for all links that name the same ones, and makes one row of links for all components of
// a declaration that need and draw on the same.
type linker struct {
	*builder
	sets  map[string]int32 // by their patterns
	pools map[poolKey]int32

	written Component // the declaration being linked, with the values of its kind
	pattern pattern   // its name
	used    []bool    // by bracket: what it becomes makes a difference to the links
	rows    []int32   // by what these became: the latest row; -1 if there is none yet
	apart   bool      // each owner has a row of its own
	c       Component // written, with what {1} and {label} became
}

// begin turns to the components of another declaration.
func (l *linker) begin(decl int32) {
	c := l.t.spec.Components[decl]
	l.written, l.pattern = inherit(c, l.t.spec.Kinds[c.Kind]), l.t.patterns[decl]
	l.used = bracketsIn(l.written, len(l.pattern.brackets))
	l.apart = slices.ContainsFunc(l.written.Supplies, Supply.apart)
	l.rows = l.rows[:0]
	for range l.pattern.ways(l.used) {
		l.rows = append(l.rows, -1)
	}
}

// rowsOf gives the components from one to another, which are declared together, their rows. What a bracket becomes that
// makes no difference need not be looked at while those before it stay as they are.
func (l *linker) rowsOf(from, to ID) {
	alike, until, row := l.pattern.steady(l.used), 0, int32(-1)
	for id := from; id < to; id++ {
		if nth := int(l.t.nth[id]); nth >= until || l.apart {
			row, until = l.rowFor(id), (nth/alike+1)*alike
		}
		l.t.row[id] = row
	}
}

// rowFor returns the row of a component's links.
func (l *linker) rowFor(id ID) int32 {
	row := &l.rows[l.pattern.way(int(l.t.nth[id]), l.used)]
	if shared := !l.apart || l.full(); *row >= 0 && shared {
		return *row
	}
	l.component(id)
	l.t.rowEnd = append(l.t.rowEnd, int32(len(l.t.links)))
	*row = int32(len(l.t.rowEnd) - 1)
	return *row
}

func (l *linker) component(id ID) {
	l.c = l.written
	if templated(l.c) {
		filled, err := fill(l.c, l.t.brackets(id))
		if err != nil {
			l.fault(place{component: int(l.t.declared[id])}, nil, NotFound, "%v", err)
			return
		}
		l.c = filled
	}
	for i, need := range l.c.Needs {
		l.need(id, need, false, "needs", i)
	}
	for i, need := range l.c.StartNeeds {
		l.need(id, need, true, "startNeeds", i)
	}
	for i := range l.c.Supplies {
		l.supply(id, i)
	}
}

// apart reports whether a supply has a pool for each of its owners: waterfalls fill for each supply by itself.
func (s Supply) apart() bool { return s.Share == Waterfall }

// at returns where a list that a component has was written: with it, or with its kind.
func (l *linker) at(id ID, list string) place {
	decl := int(l.t.declared[id])
	c := &l.t.spec.Components[decl]
	own := false
	switch list {
	case "needs":
		own = len(c.Needs) > 0
	case "startNeeds":
		own = len(c.StartNeeds) > 0
	case "supplies":
		own = len(c.Supplies) > 0
	}
	if own {
		return place{component: decl}
	}
	return place{kind: c.Kind}
}

func (l *linker) need(id ID, text string, start bool, list string, i int) {
	at, path := l.at(id, list), []any{list, i}
	k, rest, err := splitOf(text)
	if err != nil {
		l.fault(at, path, BadNumber, "%v", err)
		return
	}
	s, known := l.sets[rest]
	if !known {
		if s = l.set(at, path, Names{rest}); s < 0 {
			return
		}
	}
	members := l.t.sets[s].members
	if k > len(members) {
		l.fault(at, path, BadNumber, "%d of %s: there are only %d", k, rest, len(members))
		return
	}
	if k == 0 {
		k = len(members)
	}
	l.t.links = append(l.t.links, Link{Names: l.t.sets[s].names, Members: members, Need: k, Start: start, Pool: -1, Set: s})
}

func (l *linker) supply(id ID, i int) {
	t, at := l.t, l.at(id, "supplies")
	s := &l.c.Supplies[i]
	if len(s.Members) == 0 {
		return // reported with the values
	}
	set := l.set(at, []any{"supplies", i, "members"}, s.Members)
	if set < 0 {
		return
	}
	members := t.sets[set].members
	need := s.Need
	if need == 0 && !s.Optional {
		need = 1
	}
	if need > len(members) {
		l.fault(at, []any{"supplies", i, "need"}, BadNumber, "%d of %s: need at most as many as there are", need, count(len(members), "member"))
		return
	}
	l.checkUnits(at, i, s, members)
	pool := l.pool(id, at, i, s, set)
	if pool < 0 {
		return
	}
	t.links = append(t.links, Link{Names: s.Members, Members: members, Need: max(need, 0), Supply: s, Pool: pool, Set: set})
}

// set returns the set of members that patterns name; -1 after a fault.
func (l *linker) set(at place, path []any, patterns Names) int32 {
	key := strings.Join(patterns, "\x00")
	if s, ok := l.sets[key]; ok {
		return s
	}
	if l.full() {
		return -1
	}
	s := set{names: patterns, twice: -1}
	for j, pattern := range patterns {
		ids, fault := l.resolve(pattern)
		if fault != nil {
			if len(patterns) > 1 {
				path = append(slices.Clone(path), j)
			}
			l.fault(at, path, fault.Reason, "%s", fault.Text)
			return -1
		}
		if len(patterns) == 1 {
			s.members = ids // one copy for all that name it
		} else {
			s.members = append(s.members, ids...)
		}
		s.ends = append(s.ends, len(s.members))
	}
	if len(patterns) > 1 {
		s.members, s.twice = distinct(s.members)
	}
	if !l.room(at, path, len(s.members)) {
		return -1
	}
	l.t.sets = append(l.t.sets, s)
	l.sets[key] = int32(len(l.t.sets) - 1)
	return l.sets[key]
}

// room counts the members of a set or a pool, and reports whether there is room for them.
func (l *linker) room(at place, path []any, members int) bool {
	if l.members += members; l.members <= maxMembers {
		return true
	}
	l.members = maxMembers + 1
	l.fault(at, path, TooLarge, "more than %d members in all: name common members by the same pattern", maxMembers)
	return false
}

// full reports whether there was no room for something, which is reported.
func (l *linker) full() bool { return l.members > maxMembers }

// distinct returns ids, which it may keep, without those that stand earlier in it, and the first of these; -1 if there are none.
func distinct(ids []ID) (out []ID, twice ID) {
	twice = -1
	if increasing(ids) {
		return ids, twice
	}
	seen := make(map[ID]bool, len(ids))
	for _, id := range ids {
		if !seen[id] {
			out = append(out, id)
		} else if twice < 0 {
			twice = id
		}
		seen[id] = true
	}
	return out, twice
}

// increasing reports whether ids are in order of declaration, each once.
func increasing(ids []ID) bool {
	for i := 1; i < len(ids); i++ {
		if ids[i] <= ids[i-1] {
			return false
		}
	}
	return true
}

// A Pool is members among which load is split by one rule.
// Owners that split over the same members by the same rule share it, but for waterfalls, which fill for each supply apart.
type Pool struct {
	Owners  []ID // by link: an owner with two supplies on the pool stands twice
	Members []ID
	Ends    []int // of the members of each tier, or entry of a weighted share; one end if the share has neither
	Share   Share
	Weights []float64 // Weighted: of the members of each entry
	Factor  float64   // Tiered: φ; Waterfall: u
}

// A poolKey tells pools apart.
type poolKey struct {
	set     int32
	share   Share
	weights string
	factor  float64
	owner   ID // Waterfall,
	supply  int
}

// pool returns the pool of a supply; -1 after a fault.
func (l *linker) pool(owner ID, at place, i int, s *Supply, set int32) int32 {
	members := l.t.sets[set]
	p := Pool{Members: members.members, Ends: members.ends, Share: s.Share, Weights: s.Weights}
	key := poolKey{set: set, owner: -1}
	switch s.Share {
	case Weighted:
		key.weights = fmt.Sprint(s.Weights)
	case Tiered:
		p.Factor = cmp.Or(s.Overprovision, 1.4)
	case Waterfall:
		p.Factor, key.owner, key.supply = cmp.Or(s.Limit, 1), owner, i
	default:
		p.Share, p.Ends = cmp.Or(s.Share, Equal), nil
	}
	key.share, key.factor = p.Share, p.Factor
	if known, ok := l.pools[key]; ok {
		return known
	}
	if !l.room(at, []any{"supplies", i, "members"}, len(p.Members)) {
		return -1
	}
	if p.Ends == nil {
		p.Ends = []int{len(p.Members)}
	}
	l.checkPool(at, []any{"supplies", i, "members"}, p, members.twice)
	l.pools[key] = int32(len(l.t.pools))
	l.t.pools = append(l.t.pools, p)
	return l.pools[key]
}

func (l *linker) checkPool(at place, path []any, p Pool, twice ID) {
	if twice >= 0 && len(p.Ends) > 1 {
		l.fault(at, path, NotUnique, "%q is in it twice: in a %s share each member has one place", l.t.Name(twice), p.Share)
	}
	if p.Share != Proportional && p.Share != Waterfall {
		return
	}
	for _, m := range p.Members {
		if math.IsInf(l.t.capacity[m], 1) {
			l.fault(at, path, BadNumber, "%s has no capacity: a %s share needs one of every member", l.t.Name(m), p.Share)
			return
		}
	}
}
