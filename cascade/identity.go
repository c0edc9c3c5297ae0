package cascade

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/ridethrough/ridethrough/topology"
)

// An identity tells plans apart. It is part of what a screening is written as.
type identity struct {
	Version  int    `json:"version"`
	Topology string `json:"topology"` // hash of the fleet; "" of a screening that was not read: it is made when it is asked for
	Family   string `json:"family"`
	Question string `json:"question"`
	Seed     uint64 `json:"seed,omitempty"`
	Samples  int64  `json:"samples,omitempty"`
	Kept     int    `json:"kept"` // of the worst, and of the smallest
}

const holdsQuestion = "what holds"

// identify writes down what the results of items depend on.
func (p *Plan) identify() {
	question := fmt.Sprintf("what collapses below %v", p.options.Serve)
	if p.options.OnlyHolds {
		question = holdsQuestion
	}
	p.id = identity{Version: 1, Family: p.family.String(), Question: question, Kept: p.options.Worst}
	if p.sampled {
		p.id.Seed, p.id.Samples = p.options.Seed, p.items
	}
}

// A fleet is a topology, and what tells it from others.
type fleet struct {
	t    *topology.Topology
	once sync.Once
	sum  string
}

func (f *fleet) hash() string {
	f.once.Do(func() {
		spec, err := json.Marshal(f.t)
		if err != nil {
			panic(err) // a topology was made from it
		}
		sum := sha256.Sum256(spec)
		f.sum = hex.EncodeToString(sum[:12])
	})
	return f.sum
}

// identity returns what tells plans apart.
func (s *Screening) identity() identity {
	id := s.plan
	if s.fleet != nil {
		id.Topology = s.fleet.hash()
	}
	return id
}

// another says how a screening is another than one before; "" if both are parts of one.
func (s *Screening) another(before *Screening) string {
	a, b := s.plan, before.plan
	if s.fleet == nil || s.fleet != before.fleet {
		a, b = s.identity(), before.identity()
	}
	switch {
	case a.Version != b.Version:
		return fmt.Sprintf("it is of version %d, not %d: do it again with the same release", a.Version, b.Version)
	case a.Topology != b.Topology:
		return fmt.Sprintf("it is of another fleet: its hash is %s, not %s", a.Topology, b.Topology)
	case a.Family != b.Family:
		return fmt.Sprintf("it screens %q, not %q", a.Family, b.Family)
	case a.Question != b.Question:
		return fmt.Sprintf("it asks %s, not %s", a.Question, b.Question)
	case a.Kept != b.Kept:
		return fmt.Sprintf("it keeps %d cases, not %d", a.Kept, b.Kept)
	case a.Samples != b.Samples || a.Seed != b.Seed:
		return fmt.Sprintf("it is of %d samples of seed %d, not %d of seed %d", a.Samples, a.Seed, b.Samples, b.Seed)
	case s.items != before.items:
		return fmt.Sprintf("it is of %d items, not %d", s.items, before.items)
	}
	return ""
}
