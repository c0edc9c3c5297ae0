package maintenance_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/maintenance"
	"github.com/ridethrough/ridethrough/topology"
)

// fewest returns the most components that can be divided into safe groups, and the fewest groups for as many: by trying all
// sets for the first group, again and again.
func (w *twin) fewest(units [][]topology.ID) (placed, groups int) {
	n := len(units)
	var safe []int
	for set := 1; set < 1<<n; set++ {
		if w.safe(subset(units, set)) {
			safe = append(safe, set)
		}
	}
	need := make([]int, 1<<n)
	best := 0
	for set := 1; set < 1<<n; set++ {
		need[set] = -1
		for _, g := range safe {
			if g&set == g && need[set&^g] >= 0 && (need[set] < 0 || need[set&^g]+1 < need[set]) {
				need[set] = need[set&^g] + 1
			}
		}
		if more := bits(set) - bits(best); need[set] >= 0 && (more > 0 || more == 0 && need[set] < need[best]) {
			best = set
		}
	}
	return bits(best), max(0, need[best])
}

func bits(set int) (n int) {
	for ; set > 0; set &= set - 1 {
		n++
	}
	return n
}

func subset(units [][]topology.ID, set int) map[topology.ID]bool {
	some := map[topology.ID]bool{}
	for i, unit := range units {
		for _, id := range unit {
			if set>>i&1 == 1 {
				some[id] = true
			}
		}
	}
	return some
}

// Groups are safe, as many components are placed as can be, and no division has fewer groups than the bound.
func TestRollAgainstTwin(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(400) {
		counts[rollSeed(t, seed)]++
	}
	t.Log(counts)
}

func rollSeed(t *testing.T, seed uint64) string {
	s := newSite(seed)
	s.what = topology.Names{[]string{"server", "server", "board"}[seed%3]}
	if seed%4 == 0 {
		s.options.By = "board"
	}
	ctx := context.Background()
	r, err := maintenance.Roll(ctx, s.fleet, s.what, s.options)
	require.NoError(t, err, "seed %d", seed)
	w := newTwin(s)
	units := w.units()
	placed, groups := w.fewest(units)
	exact := w.rollSound(t, seed, r, units, placed, groups)
	found, err := maintenance.RollBySearch(ctx, s.fleet, s.what, s.options)
	require.NoError(t, err, "seed %d", seed)
	all := w.rollSound(t, seed, found, units, placed, groups)
	require.True(t, all || s.options.Together || !exact, "seed %d: %s", seed, found)
	return fmt.Sprintf("%s, by search %s", r.Certainty, found.Certainty)
}

// rollSound checks a rolling of units, of which so many can be placed in so many groups at least, and reports whether it does.
func (w *twin) rollSound(t *testing.T, seed uint64, r *maintenance.Rolling, units [][]topology.ID, placed, groups int) bool {
	n := 0
	for _, g := range r.Groups {
		require.True(t, w.safe(w.ids(g.What)), "seed %d: %s", seed, r)
		for _, u := range units {
			if w.ids(g.What)[u[0]] {
				n++
			}
		}
	}
	if len(r.Groups) > 0 {
		require.NoError(t, maintenance.Verify(context.Background(), w.fleet, r, w.options), "seed %d: %s", seed, r)
	}
	require.LessOrEqual(t, n, placed, "seed %d: %s", seed, r)
	if r.Certainty == cascade.Exact {
		require.Zero(t, placed, "seed %d: %s", seed, r)
	}
	if n < placed {
		require.NotEmpty(t, undecided(r), "seed %d: %d can be placed: %s", seed, placed, r)
		return false
	}
	require.LessOrEqual(t, r.Bound, groups, "seed %d: %s", seed, r)
	if r.Certainty == cascade.Proven {
		require.Len(t, r.Groups, groups, "seed %d: %s", seed, r)
	}
	return true
}

// units returns what stays together: what goes down with the same board, if that is asked, and else each by itself.
func (w *twin) units() (all [][]topology.ID) {
	taken := map[topology.ID]bool{}
	what := w.ids(w.what)
	if w.options.By != "" {
		for board := range topology.ID(w.fleet.Len()) {
			if !w.ids(topology.Names{w.options.By})[board] {
				continue
			}
			down := map[topology.ID]bool{board: true}
			w.close(down)
			var unit []topology.ID
			for id := range topology.ID(w.fleet.Len()) {
				if down[id] && what[id] && !taken[id] {
					unit = append(unit, id)
				}
				taken[id] = taken[id] || down[id]
			}
			if len(unit) > 0 {
				all = append(all, unit)
			}
		}
	}
	for id := range topology.ID(w.fleet.Len()) {
		if what[id] && !taken[id] {
			all = append(all, []topology.ID{id})
		}
	}
	return all
}

// undecided returns what is in no group because it is not known whether it could be.
func undecided(r *maintenance.Rolling) (all []maintenance.Stuck) {
	for _, s := range r.Stuck {
		if s.Strain == nil || s.Reason != "" {
			all = append(all, s)
		}
	}
	return all
}

// What is told of something that is in no group is told of it, and not of another that is like it.
func TestStuckNamesItsOwn(t *testing.T) {
	t.Parallel()
	fleet := topology.Must(topology.New(topology.Spec{Components: []topology.Component{
		{Name: "web-[1-3]", Capacity: 100, Start: topology.Start{Cold: 0.2, WarmUp: time.Minute}},
		{Name: "users", Demand: 90, Supplies: []topology.Supply{{Members: topology.Names{"web-[1-3]"}}}},
	}}))
	what := topology.Names{"web-[1-3]"}
	r, err := maintenance.Roll(context.Background(), fleet, what, maintenance.Options{Family: cascade.Each("web-3")})
	require.NoError(t, err)
	require.Len(t, r.Stuck, 3)
	for _, s := range r.Stuck {
		require.Equal(t, "cold", string(s.Strain.Phase))
		require.Equal(t, topology.Names{s.Strain.Component}, s.What)
	}
	require.Contains(t, r.String(), "  not web-1: cold, nothing else lost: web-1 at 30 of 20\n      likewise web-[2-3] (2)\n")
	r.Left, r.Stuck[1].Strain.Load = 5, 31
	require.Contains(t, r.String(), "  not web-1: cold, nothing else lost: web-1 at 30 of 20\n      likewise web-3\n"+
		"  not web-2: cold, nothing else lost: web-2 at 31 of 20\n  and 2 more\n")
}

// A rolling that was edited, in each way that makes it wrong.
func TestVerifyFindsWhatIsWrong(t *testing.T) {
	fleet := topology.Must(topology.New(hundred()))
	o := maintenance.Options{Family: cascade.Each("board")}
	ctx := context.Background()
	r, err := maintenance.Roll(ctx, fleet, topology.Names{"server"}, o)
	require.NoError(t, err)
	require.NoError(t, maintenance.Verify(ctx, fleet, r, o))
	for name, edit := range map[string]func(r *maintenance.Rolling){
		"group 1 is not safe":       func(r *maintenance.Rolling) { r.Groups = r.Groups[:1]; r.Groups[0].What = topology.Names{"server"} },
		"are in no group":           func(r *maintenance.Rolling) { r.Groups = r.Groups[1:] },
		"which group 1 has already": func(r *maintenance.Rolling) { r.Groups[1].What = append(r.Groups[1].What, r.Groups[0].What...) },
		"some group has what is none": func(r *maintenance.Rolling) {
			r.Groups = append(r.Groups, maintenance.Group{What: topology.Names{"board-1"}})
		},
		"what: ":                               func(r *maintenance.Rolling) { r.Groups[0].What = topology.Names{"nobody"} },
		"what: nothing is named":               func(r *maintenance.Rolling) { r.Groups[0].What = nil },
		"has only a part of what goes down wi": func(r *maintenance.Rolling) { r.By = "board" },
	} {
		edited := *r
		edited.Groups = append([]maintenance.Group{}, r.Groups...)
		edit(&edited)
		err := maintenance.Verify(ctx, fleet, &edited, o)
		require.ErrorContains(t, err, name)
		var v *maintenance.Violation
		require.True(t, errors.As(err, &v), name)
	}
}
