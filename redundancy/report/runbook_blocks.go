package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/restart"
	"github.com/ridethrough/ridethrough/topology"
)

// A block is the steps of one time, or a time at which a demand comes or goes by itself.
type block struct {
	moment int // in the timeline
	before int // the moment before it, that looked at for the chart left out
	steps  []effect
	like   string // the same for blocks that do the same to other components of the same kinds
	undo   []restart.Step
	falls  []topology.ID // demands of which less is admitted than before
}

// An effect is what a step does.
type effect struct {
	number int // of the step in the plan, from 0
	ids    []topology.ID
	boots  []batch // in order of when they are ready
}

// A batch is what begins to boot at a step, is ready at one time, and is first put in rotation by one block.
type batch struct {
	ids      []topology.ID
	ready    time.Duration
	rotating int // the block; -1 if none does
}

// prepare finds the blocks, and what each step does.
func (b *runbook) prepare() error {
	for i, last := 1, 0; i < len(b.line.Moments); i++ {
		m := &b.line.Moments[i]
		if len(m.Steps) == 0 && !b.turns(last, i) {
			continue
		}
		next := block{moment: i, before: last}
		for _, s := range m.Steps {
			ids, err := b.t.Select(b.p.Steps[s].What...)
			if err != nil {
				return err
			}
			next.steps = append(next.steps, effect{number: s, ids: ids})
		}
		next.like = b.like(next)
		b.blocks = append(b.blocks, next)
		last = i
	}
	if err := b.findWaits(); err != nil {
		return err
	}
	if err := b.boots(); err != nil {
		return err
	}
	b.undos()
	b.reach()
	b.linear = !slices.ContainsFunc(b.t.Pools(), func(p topology.Pool) bool { return p.Share == topology.Waterfall })
	return nil
}

// findWaits finds which components steps wait for.
func (b *runbook) findWaits() error {
	b.waits = map[topology.ID]time.Duration{}
	for _, s := range b.p.Steps {
		for _, c := range s.When {
			ids, err := b.t.Select(c.What...)
			if err != nil {
				return err
			}
			for _, id := range ids {
				b.waits[id] = max(b.waits[id], s.At)
			}
		}
	}
	return nil
}

// turns reports whether what is let in of a demand differs between two moments.
func (b *runbook) turns(from, to int) bool {
	for i, d := range b.line.Moments[to].Demands {
		if d.Admitted != b.line.Moments[from].Demands[i].Admitted {
			return true
		}
	}
	return false
}

// like says what a block does to which kinds.
func (b *runbook) like(of block) string {
	var text strings.Builder
	for i, s := range of.steps {
		step := b.p.Steps[s.number]
		if i > 0 && step.Do == restart.Admit && slices.Equal(s.ids, of.steps[i-1].ids) {
			continue // a rung of the same ladder
		}
		fmt.Fprintf(&text, "%s", step.Do)
		last := ""
		for _, id := range s.ids[:min(len(s.ids), 64)] {
			name := b.t.Kind(id)
			if name == "" || step.Do == restart.Admit {
				name = b.t.Name(id)
			}
			if name != last {
				fmt.Fprintf(&text, "\x00%s", name)
				last = name
			}
		}
		text.WriteString("\x01")
	}
	return text.String()
}

// boots finds what the steps start, and where it is put in rotation.
func (b *runbook) boots() error {
	outcome, err := cascade.Run(b.t, b.p.Scenario)
	if err != nil {
		return err
	}
	down, turned := make([]bool, b.t.Len()), make([]int32, b.t.Len())
	for _, f := range outcome.Failures {
		if id, ok := b.t.Lookup(f.Component); ok {
			down[id] = true
		}
	}
	for i := len(b.blocks) - 1; i >= 0; i-- {
		for _, s := range b.blocks[i].steps {
			if b.p.Steps[s.number].Do == restart.Rotate {
				for _, id := range s.ids {
					turned[id] = int32(i) + 1
				}
			}
		}
	}
	for i := range b.blocks {
		for j := range b.blocks[i].steps {
			if s := &b.blocks[i].steps[j]; b.p.Steps[s.number].Do == restart.PowerOn {
				s.boot(b, b.at(b.blocks[i]), down, turned)
			}
		}
	}
	return nil
}

// boot finds the batches of a step that is taken at some time, which is later than the plan has it where steps have waited.
func (s *effect) boot(b *runbook, at time.Duration, down []bool, turned []int32) {
	type key struct {
		boot     time.Duration
		rotating int32
	}
	batches := map[key]int{}
	for _, id := range s.ids {
		k := key{b.t.Start(id).Boot, turned[id]}
		if !down[id] || k.boot == 0 {
			continue
		}
		i, ok := batches[k]
		if !ok {
			i = len(s.boots)
			batches[k] = i
			s.boots = append(s.boots, batch{ready: at + k.boot, rotating: int(k.rotating) - 1})
		}
		s.boots[i].ids = append(s.boots[i].ids, id)
		down[id] = false
	}
	slices.SortStableFunc(s.boots, func(x, y batch) int { return cmp.Compare(x.ready, y.ready) })
}

// undos finds what takes the admissions of each block back, and where they fall.
func (b *runbook) undos() {
	let := map[topology.ID]float64{}
	for i, d := range b.line.Moments[0].Demands {
		if id, ok := b.t.Lookup(b.line.Demands[i].Name); ok && d.Admitted > 0 {
			let[id] = 1
		}
	}
	for i := range b.blocks {
		was := map[topology.ID]float64{}
		var order []topology.ID
		for _, s := range b.blocks[i].steps {
			if b.p.Steps[s.number].Do != restart.Admit {
				continue
			}
			for _, id := range s.ids {
				if _, twice := was[id]; !twice {
					was[id] = let[id]
					order = append(order, id)
				}
				let[id] = b.p.Steps[s.number].Admit
			}
		}
		for _, id := range order {
			if let[id] < was[id] {
				b.blocks[i].falls = append(b.blocks[i].falls, id)
			}
			if let[id] > was[id] && len(order) <= maxUndone {
				b.blocks[i].undo = append(b.blocks[i].undo, restart.Step{Do: restart.Admit, What: topology.Fold([]string{b.t.Name(id)}), Admit: was[id]})
			}
		}
	}
}

const maxUndone = 8 // demands

// reach finds what each group reaches from each moment on.
func (b *runbook) reach() {
	b.highest = make([][]reached, len(b.line.Moments)+1)
	b.highest[len(b.line.Moments)] = make([]reached, len(b.line.Groups))
	for i := len(b.line.Moments) - 1; i >= 0; i-- {
		later := b.highest[i+1]
		now := slices.Clone(later)
		for g := range now {
			if p := b.line.Moments[i].Groups[g].Busiest; p.Utilization() >= later[g].peak.Utilization()*(1-topology.Tolerance) {
				now[g] = reached{g, p, b.line.Moments[i].At}
			}
		}
		b.highest[i] = now
	}
}

func (b *runbook) at(of block) time.Duration { return b.line.Moments[of.moment].At }
