package cascade_test

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A build is a fleet with its engine, and what they cost.
type build struct {
	fleet             *topology.Topology
	engine            *cascade.Engine
	created, compiled time.Duration
	bytes             uint64 // of both
}

// built builds a fleet when it is first asked for, once for all benchmarks.
func built(spec func() topology.Spec) func() build {
	return sync.OnceValue(func() (b build) {
		declared, before := spec(), heap()
		began := time.Now()
		b.fleet = topology.Must(topology.New(declared))
		b.created, began = time.Since(began), time.Now()
		b.engine = cascade.NewEngine(b.fleet)
		b.compiled, b.bytes = time.Since(began), heap()-before
		return b
	})
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// report tells what a build cost.
func (x build) report(b *testing.B, servers int) {
	b.Run("build", func(b *testing.B) {
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(x.created.Seconds(), "s/New")
		b.ReportMetric(x.compiled.Seconds(), "s/compile")
		b.ReportMetric(float64(x.bytes)/float64(servers), "B/server")
	})
}

func (x build) kind(name string) []topology.ID {
	ids, err := x.fleet.Select(name)
	if err != nil {
		panic(err)
	}
	return ids
}

// A question is asked of each scenario.
type question struct {
	name string
	ask  func(*cascade.Engine) bool
}

var (
	holds    = question{"holds", (*cascade.Engine).Holds}
	survives = question{"survives", func(e *cascade.Engine) bool { return e.End().Verdict != cascade.Collapses }}
)

// scenarios asks a question of each of some losses, and reports the time for each, and for which part it is true.
func (x build) scenarios(b *testing.B, q question, lost [][]topology.ID) {
	b.Run(q.name, func(b *testing.B) {
		yes := 0
		for b.Loop() {
			yes = 0
			for _, ids := range lost {
				x.engine.Lose(ids...)
				if q.ask(x.engine) {
					yes++
				}
				x.engine.Undo()
			}
		}
		b.ReportMetric(float64(yes)/float64(len(lost)), "yes")
		perScenario(b, len(lost))
		perLost(b, lost)
	})
}

func perScenario(b *testing.B, n int) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/scenario")
}

// perLost reports the time for each component that is lost, where there are many in each scenario.
func perLost(b *testing.B, lost [][]topology.ID) {
	if n := len(slices.Concat(lost...)); n >= 10*len(lost) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/lost")
	}
}

// naive computes all of a scenario anew, for comparison.
func (x build) naive(b *testing.B, lost ...topology.ID) {
	b.Run("naive", func(b *testing.B) {
		for b.Loop() {
			settle(x.fleet, nil, nil, lost)
		}
		perScenario(b, 1)
	})
}

func each(ids []topology.ID) (lost [][]topology.ID) {
	for i := range ids {
		lost = append(lost, ids[i:i+1])
	}
	return lost
}

// draws are losses of k of some components, drawn at random.
func draws(n, k int, of []topology.ID) [][]topology.ID {
	r, lost := rand.New(rand.NewPCG(31, uint64(k))), make([][]topology.ID, n)
	for i := range lost {
		seen := map[topology.ID]bool{}
		for len(lost[i]) < k {
			if id := of[r.IntN(len(of))]; !seen[id] {
				seen[id], lost[i] = true, append(lost[i], id)
			}
		}
	}
	return lost
}

var flats = map[int]func() build{
	100: built(flat(100)), 1000: built(flat(1000)), 10_000: built(flat(10_000)), 100_000: built(flat(100_000)), 1_000_000: built(flat(1_000_000)),
}

// One pool of different servers: the loss of each alone, and of many at once.
func BenchmarkEnginePool(b *testing.B) {
	for _, n := range []int{100, 1_000_000} {
		b.Run(fmt.Sprintf("N=%d", n), func(b *testing.B) {
			x := flats[n]()
			servers := x.kind("server")
			x.report(b, n)
			x.naive(b, servers[0])
			b.Run("k=1", func(b *testing.B) { x.scenarios(b, holds, each(servers[:min(n, 10_000)])) })
			for _, k := range []int{30, 1000} {
				if k >= n {
					continue
				}
				b.Run(fmt.Sprintf("k=%d", k), func(b *testing.B) {
					lost := draws(100_000/k, k, servers)
					x.scenarios(b, holds, lost)
					x.scenarios(b, survives, lost)
				})
			}
		})
	}
}

// The cost of a scenario does not depend on the size of the fleet, but on how much of it the scenario reaches.
func BenchmarkEngineFlat(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("N=%d", n), func(b *testing.B) {
			x := flats[n]()
			lost := draws(1000, 10, x.kind("server"))
			x.scenarios(b, holds, lost)
			x.naive(b, lost[0]...)
		})
	}
}

// Losses of 30 of 100 different servers, drawn one after the other and followed to the end.
func BenchmarkEngineSampled(b *testing.B) {
	const k, n = 30, 100_000
	x := flats[100]()
	servers := x.kind("server")
	b.Run(fmt.Sprintf("N=100/k=%d", k), func(b *testing.B) {
		r := rand.NewChaCha8([32]byte{33})
		collapsed := 0
		for b.Loop() {
			collapsed = 0
			for range n {
				shuffle(r, servers, k)
				x.engine.Lose(servers[:k]...)
				if x.engine.End().Verdict == cascade.Collapses {
					collapsed++
				}
				x.engine.Undo()
			}
		}
		b.ReportMetric(float64(collapsed)/n, "collapse")
		perScenario(b, n)
	})
}

// shuffle brings k of some components to the front, drawn at random: five by one number, which leaves a bias below 1e-9.
func shuffle(r *rand.ChaCha8, ids []topology.ID, k int) {
	var word uint64
	for i := range k {
		if i%5 == 0 {
			word = r.Uint64()
		}
		var j uint64
		j, word = bits.Mul64(word, uint64(len(ids)-i))
		j += uint64(i)
		ids[i], ids[j] = ids[j], ids[i]
	}
}

var halls = []struct {
	name  string
	racks int
	built func() build
}{
	{"racksOfOne", 25_000, built(hall(25_000, false))},
	{"racksOfAll", 5000, built(hall(5000, true))}, // larger, it costs the same, but for its building
}

// A million servers: every single loss of power, and a hundred thousand pairs of feeds.
func BenchmarkEngineHall(b *testing.B) {
	for _, h := range halls {
		b.Run(fmt.Sprintf("%s/N=%d", h.name, 40*h.racks), func(b *testing.B) {
			x := h.built()
			x.report(b, 40*h.racks)
			feeds := x.kind("feed")
			x.naive(b, feeds[1])
			for _, kind := range []string{"rack", "feed", "ups"} {
				b.Run(kind, func(b *testing.B) {
					x.scenarios(b, holds, each(x.kind(kind)))
					x.scenarios(b, survives, each(x.kind(kind)))
				})
			}
			b.Run("pairs", func(b *testing.B) { x.pairs(b, holds, feeds, 100_000) })
		})
	}
}

// pairs asks a question of the first so many pairs of components, as neighbours.
func (x build) pairs(b *testing.B, q question, ids []topology.ID, n int) {
	b.Run(q.name, func(b *testing.B) {
		yes := 0
		for b.Loop() {
			yes = 0
			left := n
			for i := 0; left > 0; i++ {
				x.engine.Lose(ids[i])
				for j := i + 1; j < len(ids) && left > 0; j++ {
					x.engine.Lose(ids[j])
					if q.ask(x.engine) {
						yes++
					}
					x.engine.Undo()
					left--
				}
				x.engine.Undo()
			}
		}
		b.ReportMetric(float64(yes)/float64(n), "yes")
		perScenario(b, n)
	})
}

var cluster = built(pods(5000, 5000))

// A cluster in which nothing is alike: every node, and every pair of zones.
func BenchmarkEnginePods(b *testing.B) {
	x := cluster()
	zones := x.kind("zone")
	b.Run("N=150000", func(b *testing.B) {
		x.report(b, 150_000)
		x.naive(b, zones[0])
		b.Run("node", func(b *testing.B) {
			x.scenarios(b, holds, each(x.kind("node")))
			x.scenarios(b, survives, each(x.kind("node")))
		})
		b.Run("zones", func(b *testing.B) {
			lost := [][]topology.ID{zones[:2], zones[1:], {zones[0], zones[2]}}
			x.scenarios(b, holds, lost)
			x.scenarios(b, survives, lost)
		})
	})
}
