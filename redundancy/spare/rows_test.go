package spare

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/sizes"
	"github.com/ridethrough/ridethrough/topology"
)

// anyFleet is a few pools of a few members each, one above the other, shared by every rule, on boards of limited power.
func anyFleet(r *rand.Rand) topology.Spec {
	var s topology.Spec
	boards := 1 + r.IntN(3)
	for i := range boards {
		b := topology.Component{Name: fmt.Sprintf("board-%d", i), Kind: "board", Capacity: float64(r.IntN(5) * 40)}
		if r.IntN(3) == 0 {
			b.Supplies = []topology.Supply{{Members: topology.Names{"ups-[0-1]"}, Optional: r.IntN(4) == 0}}
		}
		s.Components = append(s.Components, b)
	}
	s.Components = append(s.Components, topology.Component{Name: "ups-[0-1]", Kind: "ups", Capacity: float64(r.IntN(3) * 100)})
	layers := 1 + r.IntN(2)
	for layer := range layers {
		for i := range 1 + r.IntN(4) {
			c := topology.Component{Name: fmt.Sprintf("s-%d-%d", layer, i), Kind: fmt.Sprintf("tier-%d", layer), Capacity: float64(5 * (1 + r.IntN(5)))}
			c.Labels = map[string]string{"zone": string(rune('a' + r.IntN(2)))}
			c.Overload.Shed = r.IntN(5) == 0
			board := fmt.Sprintf("board-%d", r.IntN(boards))
			switch r.IntN(3) {
			case 0:
				c.Needs = topology.Names{board}
			case 1:
				c.Supplies = append(c.Supplies, topology.Supply{Members: topology.Names{board}, Base: float64(r.IntN(4)), PerUnit: float64(1+r.IntN(3)) / 2})
			}
			if layer+1 < layers && r.IntN(5) > 0 {
				c.Supplies = append(c.Supplies, anySupply(r, fmt.Sprintf("tier-%d", layer+1)))
			}
			s.Components = append(s.Components, c)
		}
	}
	for i := range 1 + r.IntN(2) {
		u := topology.Component{Name: fmt.Sprintf("users-%d", i), Demand: float64(1 + r.IntN(40)), Supplies: []topology.Supply{anySupply(r, "tier-0")}}
		if r.IntN(4) == 0 && layers > 1 {
			u.Supplies = append(u.Supplies, anySupply(r, "tier-1"))
		}
		s.Components = append(s.Components, u)
	}
	if r.IntN(3) == 0 { // through a service without a capacity
		s.Components = append(s.Components, topology.Component{Name: "gate", Supplies: []topology.Supply{anySupply(r, "tier-0")}, Needs: topology.Names{"1 of tier-0"}},
			topology.Component{Name: "more", Demand: float64(1 + r.IntN(20)), Supplies: []topology.Supply{{Members: topology.Names{"gate"}}}})
	}
	return s
}

func anySupply(r *rand.Rand, kind string) topology.Supply {
	p := topology.Supply{Members: topology.Names{kind}, Optional: r.IntN(6) == 0}
	if r.IntN(3) == 0 {
		p.Base, p.PerUnit = float64(r.IntN(3)), float64(1+r.IntN(3))/2
	}
	if kind == "tier-0" && r.IntN(3) == 0 {
		p.Members = topology.Names{"s-0-0"}
		p.Members = append(p.Members, "tier-0")
	}
	switch r.IntN(6) {
	case 0:
		p.Share = topology.Weighted
		p.Members = topology.Names{kind}
		p.Weights = []float64{1}
	case 1:
		p.Share = topology.Proportional
	case 2:
		p.Share, p.Members = topology.Tiered, topology.Names{"zone=a", "zone=b"}
	case 3:
		p.Share, p.Members, p.Limit = topology.Waterfall, topology.Names{"zone=a", "zone=b"}, float64(1+r.IntN(2))/2
	case 4:
		p.Share = topology.Each
	}
	return p
}

// A trial is a fleet, what is offered, and a family.
type trial struct {
	*work
	names string
}

func anyTrial(seed uint64) (*trial, *rand.Rand) {
	r := rand.New(rand.NewPCG(seed, 5))
	s := anyFleet(r)
	t, err := topology.New(s)
	if err != nil {
		return nil, r
	}
	var offers []Offer
	for id := range topology.ID(t.Len()) {
		if t.Demand(id) == 0 && r.IntN(3) == 0 && len(offers) < 3 {
			o := Offer{Like: t.Name(id)}
			if r.IntN(4) == 0 && t.Capacity(id) < 1e9 {
				o = Offer{For: t.Name(id), By: float64(5 * (1 + r.IntN(4)))}
			}
			offers = append(offers, o)
		}
	}
	columns, err := columnsOf(t, offers)
	if err != nil || len(columns) == 0 || len(columns) > 4 {
		return nil, r
	}
	texts := []string{"each board", "each tier-0", "any 2 of tier-0", "each ups", "zone=a", "each board + each ups", "each tier-0 + load 1.2", "drain s-0-0", "up to 2 of tier-0", "drain tier-0"}
	f, err := cascade.ParseFamily(texts[r.IntN(len(texts))])
	if err != nil {
		panic(err)
	}
	if _, err := f.Count(t); err != nil {
		return nil, r
	}
	w := &work{t: t, family: f, columns: columns, options: Options{TrueDraw: r.IntN(2) == 0}}
	if w.compile() != nil {
		return nil, r
	}
	return &trial{w, fmt.Sprintf("seed %d, %v, %v", seed, f, offers)}, r
}

// everyX calls a function with each x of a box, and the fleet of it.
func (w *trial) everyX(t *testing.T, box sizes.Box, visit func(x []int, fleet *topology.Topology)) {
	x := append([]int(nil), box.Least...)
	for {
		fleet, err := enlarge(w.t, w.columns, x)
		require.NoError(t, err, w.names)
		visit(append([]int(nil), x...), fleet)
		j := 0
		for j < len(x) && x[j] == box.Most[j] {
			x[j] = box.Least[j]
			j++
		}
		if j == len(x) {
			return
		}
		x[j]++
	}
}

// What classes say of a scenario at one x is what running it says.
func TestJudgeIsWhatRunSays(t *testing.T) {
	asked, broken := 0, 0
	for seed := range seeds(3000) {
		w, r := anyTrial(seed)
		if w == nil {
			continue
		}
		box := sizes.Box{Least: make([]int, len(w.columns)), Most: make([]int, len(w.columns))}
		for j := range box.Most {
			box.Least[j] = r.IntN(3)
			box.Most[j] = box.Least[j]
		}
		w.everyX(t, box, func(x []int, fleet *topology.Topology) {
			all, err := w.family.All(fleet)
			require.NoError(t, err)
			for s := range all {
				if r.IntN(3) > 0 {
					continue
				}
				of, err := w.resolver.Resolve(s, fleet, x)
				if err != nil {
					continue
				}
				o, err := cascade.Run(fleet, s)
				require.NoError(t, err)
				faults := w.fleet.Judge(of, x, false)
				require.Equal(t, o.Judge(1) == cascade.Holds, len(faults) == 0, "%s, x %v, %v: %v", w.names, x, s, faults)
				if asked++; len(faults) > 0 {
					broken++
				}
			}
		})
	}
	t.Log(asked, broken)
	if testing.Short() {
		return
	}
	require.Greater(t, broken, 1000)
	require.Greater(t, asked-broken, 500)
}

// A scenario is judged the same whether many are at one x in a row, or it is the first.
func TestJudgeOfManyIsJudgeOfOne(t *testing.T) {
	for seed := range seeds(1500) {
		w, r := anyTrial(seed)
		if w == nil || w.begin(context.Background()) != nil {
			continue
		}
		for range 3 {
			x := make([]int, len(w.columns))
			for j := range x {
				x[j] = r.IntN(4)
			}
			for range 1 + 16/len(w.cases) {
				for _, of := range w.cases {
					require.Equal(t, w.fleet.Clone().Judge(of, x, w.plates), w.fleet.Judge(of, x, w.plates), "%s, x %v, %v", w.names, x, of.Of)
				}
			}
		}
	}
}

// A row that is made of what does not hold at one x of a box is kept by every x of it with which the scenario does hold.
func TestRowsCutNothingThatHolds(t *testing.T) {
	rows, sharp := 0, 0
	for seed := range seeds(2500) {
		w, r := anyTrial(seed)
		if w == nil {
			continue
		}
		box := sizes.Box{Least: make([]int, len(w.columns)), Most: make([]int, len(w.columns))}
		for j := range box.Most {
			box.Least[j] = r.IntN(2)
			box.Most[j] = box.Least[j] + r.IntN(4)
		}
		at := make([]int, len(w.columns))
		for j := range at {
			at[j] = box.Least[j] + r.IntN(box.Most[j]-box.Least[j]+1)
		}
		fleet, err := enlarge(w.t, w.columns, at)
		require.NoError(t, err)
		all, err := w.family.All(fleet)
		require.NoError(t, err)
		for s := range all {
			if r.IntN(4) > 0 {
				continue
			}
			of, err := w.resolver.Resolve(s, fleet, at)
			if err != nil {
				continue
			}
			made, either := w.fleet.Rows(of, w.fleet.Judge(of, at, w.plates), box, at)
			lines, alternatives := w.fleet.Carry(of, .8, box, at)
			rows += len(made)
			for _, row := range made {
				if row.Cuts(at) {
					sharp++
				}
			}
			rows += len(either)
			kept := func(rows []sizes.Row, x []int) bool {
				return len(rows) == 0 || slices.ContainsFunc(rows, func(r sizes.Row) bool { return !r.Cuts(x) })
			}
			if len(made) == 0 && len(either) == 0 && len(lines) == 0 && len(alternatives) == 0 {
				continue
			}
			w.everyX(t, box, func(x []int, fleet *topology.Topology) {
				about := fmt.Sprintf("%s, box %v, at %v, x %v, %v", w.names, box, at, x, s)
				if len(w.fleet.Judge(of, x, w.plates)) == 0 {
					for _, row := range made {
						require.False(t, row.Cuts(x), "%s: %v", about, row)
					}
					for _, rows := range either {
						require.True(t, kept(rows, x), "%s: %v", about, rows)
					}
				}
				if o, err := cascade.Run(fleet, s); err != nil || o.Judge(.8) == cascade.Collapses {
					return
				}
				if j, _ := of.Awaits(x); j >= 0 {
					return
				}
				for _, row := range lines {
					require.False(t, row.Cuts(x), "%s, survives: %v", about, row)
				}
				for _, rows := range alternatives {
					require.True(t, kept(rows, x), "%s, survives: %v", about, rows)
				}
			})
		}
	}
	t.Log(rows, sharp)
	if testing.Short() {
		return
	}
	require.Greater(t, sharp, 500)
}

// The cheapest purchase of any fleet, held against every purchase of a few, each run.
func TestMinimumOfAnyFleet(t *testing.T) {
	const most = 3
	count := map[string]int{}
	for seed := range seeds(500) {
		w, r := anyTrial(seed + 50_000)
		if w == nil {
			continue
		}
		for j := range w.columns {
			w.columns[j].cost.SetFrac64(int64(1+r.IntN(3)), 2)
		}
		n, _ := w.family.Count(w.t)
		if n.Int64() > 40 {
			continue
		}
		p, err := (&work{t: w.t, family: w.family, columns: w.columns, options: w.options}).plan(context.Background())
		require.NoError(t, err)
		least := math.Inf(1)
		box := sizes.Box{Least: make([]int, len(w.columns)), Most: make([]int, len(w.columns))}
		for j := range box.Most {
			box.Most[j] = most
		}
		w.everyX(t, box, func(x []int, fleet *topology.Topology) {
			if cost, _ := w.price(x).Float64(); cost < least && w.allHold(t, x, fleet) {
				least = cost
			}
		})
		about := fmt.Sprintf("%s, %+v: %v; %v", w.names, w.options, p, least)
		beyond := slices.ContainsFunc(p.Buy, func(b Purchase) bool { return b.Count > most })
		switch {
		case p.Infeasible:
			require.True(t, math.IsInf(least, 1), about)
		case p.Certainty == cascade.Undetermined:
			require.LessOrEqual(t, p.Bound, least, about)
		case beyond:
			require.LessOrEqual(t, p.Bound, least, about)
		case p.Certainty == cascade.Bounded:
			require.LessOrEqual(t, p.Bound, least, about)
			require.LessOrEqual(t, least, p.Cost, about)
		default:
			require.Equal(t, least, p.Cost, about)
		}
		count[string(p.Certainty)]++
		if p.Infeasible {
			count["infeasible"]++
		}
		if p.Cost > 0 {
			count["bought"]++
		}
	}
	t.Log(count)
	if testing.Short() {
		return
	}
	require.Greater(t, count["bought"], 30)
}

// The cases that a proof rests on prove the minimum without the others.
func TestCasesUsedProveTheMinimum(t *testing.T) {
	proven, some := 0, 0
	for seed := range seeds(3000) {
		w, r := anyTrial(seed + 70_000)
		if w == nil {
			continue
		}
		for j := range w.columns {
			w.columns[j].cost.SetFrac64(int64(1+r.IntN(200)), 100)
		}
		ctx := context.Background()
		if w.begin(ctx) != nil {
			continue
		}
		s := w.search(ctx, nil)
		if !s.proven || s.best == nil || s.cost.Sign() == 0 {
			continue
		}
		used := s.cases()
		if proven++; len(used) < len(w.cases) {
			some++
		}
		again := w.search(ctx, used)
		require.False(t, again.best != nil && again.cost.Cmp(s.cost) < 0, "%s: %v of %d cases: %v costs %v, and %v %v",
			w.names, used, len(w.cases), again.best, again.cost, s.best, s.cost)
	}
	t.Log(proven, some)
	if testing.Short() {
		return
	}
	require.Greater(t, some, 100)
}

// allHold runs the family on a fleet, and looks at what is reserved in it.
func (w *trial) allHold(t *testing.T, x []int, fleet *topology.Topology) bool {
	screening, err := cascade.Screen(context.Background(), fleet, w.family, cascade.Options{OnlyHolds: true})
	require.NoError(t, err)
	if !screening.Holds() || !w.plates {
		return screening.Holds()
	}
	all, err := w.family.All(fleet)
	require.NoError(t, err)
	for s := range all {
		of, err := w.resolver.Resolve(s, fleet, x)
		require.NoError(t, err)
		if len(w.fleet.Judge(of, x, true)) > 0 {
			return false
		}
	}
	of, err := w.resolver.Resolve(cascade.Scenario{}, fleet, x)
	require.NoError(t, err)
	return len(w.fleet.Judge(of, x, true)) == 0
}

// seeds returns how many random cases are looked at.
func seeds(n uint64) uint64 {
	if testing.Short() {
		return n / 10
	}
	return n
}
