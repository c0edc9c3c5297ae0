package cascade_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/ridethrough/ridethrough/cascade/internal/engine"
	"github.com/ridethrough/ridethrough/topology"
)

// hall is a datacentre: servers in racks of forty, each rack on two feeds, the feeds randomly matched, and each feed on
// one of forty UPS. The servers of a rack serve one of five services. A feed bears all that its racks draw when their
// other feeds are gone, or most of it.
func hall(racks int) topology.Spec {
	feeds, upses := racks/5, 40
	r := rand.New(rand.NewPCG(11, 11))
	slots := make([]int, 2*racks)
	for i := range slots {
		slots[i] = i % feeds
	}
	r.Shuffle(len(slots), func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	spec := topology.Spec{Kinds: map[string]topology.Component{
		"ups": {Capacity: 1.6 * 2 * 40 * 440 * float64(racks) / 80, Unit: "W"},
	}}
	spec.Components = append(spec.Components, topology.Component{Name: "ups-[1-40]", Kind: "ups"})
	for f := range feeds {
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("feed-%d", f), Kind: "feed", Capacity: 10 * 40 * 440 * .9,
			Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("ups-%d", f%upses+1)}}},
		})
	}
	for i := range racks {
		a, b := slots[2*i], slots[2*i+1]
		if a == b {
			b = (b + 1) % feeds
		}
		spec.Components = append(spec.Components, topology.Component{
			Name: fmt.Sprintf("rack-%d", i), Kind: "rack",
			Supplies: []topology.Supply{{Members: topology.Names{fmt.Sprintf("feed-%d", a), fmt.Sprintf("feed-%d", b)}}},
		})
	}
	for s := range 5 {
		from, to := s*racks/5, (s+1)*racks/5-1
		kind := fmt.Sprintf("svc-%d", s)
		spec.Components = append(spec.Components,
			topology.Component{Name: fmt.Sprintf("s-[%d-%d]-[1-40]", from, to), Kind: kind, Capacity: 100,
				Supplies: []topology.Supply{{Members: topology.Names{"rack-{1}"}, Base: 200, PerUnit: 3}}},
			topology.Component{Name: fmt.Sprintf("users-%d", s), Demand: 80 * 40 * float64(racks/5),
				Supplies: []topology.Supply{{Members: topology.Names{kind}}}},
		)
	}
	return spec
}

func TestScaleProbe(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	fleet := topology.Must(topology.New(hall(25_000)))
	t.Log("New", time.Since(began))
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Log("bytes/server", float64(after.HeapAlloc-before.HeapAlloc)/1e6)
	began = time.Now()
	e := engine.New(fleet, engine.Start{})
	t.Log("compile", time.Since(began))
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Log("bytes/server", float64(after.HeapAlloc-before.HeapAlloc)/1e6)
	for _, kind := range []string{"rack", "feed", "ups"} {
		ids, _ := fleet.Select(kind)
		began = time.Now()
		n := 0
		for _, id := range ids {
			e.Lose(id)
			if e.Holds() {
				n++
			}
			e.Undo()
		}
		t.Log(kind, len(ids), n, time.Since(began))
		began = time.Now()
		n = 0
		for _, id := range ids {
			e.Lose(id)
			if e.End().Served == 1 {
				n++
			}
			e.Undo()
		}
		t.Log(kind, "survive", len(ids), n, time.Since(began))
	}
	ids, _ := fleet.Select("feed")
	began = time.Now()
	n, all := 0, 0
	for i := range 100 {
		e.Lose(ids[i])
		for _, id := range ids[i+1:] {
			e.Lose(id)
			if e.Holds() {
				n++
			}
			all++
			e.Undo()
		}
		e.Undo()
	}
	d := time.Since(began)
	t.Log("pairs", all, n, d, float64(d.Nanoseconds())/float64(all), "ns")
	runtime.KeepAlive(fleet)
}
