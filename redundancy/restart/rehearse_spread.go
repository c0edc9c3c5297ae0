package restart

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/topology"
)

// A Spread is how boots may go. The zero value has them take from half as long to twice as long, and 2 % of them fail.
type Spread struct {
	Fastest  float64                `json:"fastest"` // factors on the time of each boot, from this
	Slowest  float64                `json:"slowest"` // to this; both 0: 0.5 and 2
	Fail     float64                `json:"fail"`    // probability that a boot fails; 0 is 0.02, negative is never
	Runs     int                    `json:"runs"`    // 0 is 1,000
	Seed     uint64                 `json:"seed"`    // of what is drawn
	Workers  int                    `json:"-"`       // 0 is as many as there are cores; the result does not depend on it
	Progress func(cascade.Progress) `json:"-"`       // called after each run, never concurrently
}

const (
	mostRuns = 1_000_000
	slowest  = 1e6
)

// with returns the spread with its defaults, or what is wrong with it.
func (s Spread) with() (Spread, error) {
	if s.Fastest == 0 && s.Slowest == 0 {
		s.Fastest, s.Slowest = .5, 2
	}
	s.Fail = cmp.Or(s.Fail, .02)
	s.Runs = cmp.Or(s.Runs, 1000)
	s.Workers = cmp.Or(s.Workers, runtime.GOMAXPROCS(0))
	switch {
	case !(s.Fastest >= 0 && s.Fastest <= s.Slowest && s.Slowest <= slowest):
		return s, fmt.Errorf("boots: from %v to %v times as long: give factors from 0 to %v, the smaller first", s.Fastest, s.Slowest, slowest)
	case !(s.Fail <= 1):
		return s, fmt.Errorf("fail: %v: give a probability from 0 to 1, or a negative one for never", s.Fail)
	case s.Runs < 0 || s.Runs > mostRuns:
		return s, fmt.Errorf("runs: %d: give how many, up to %d; 0 is 1,000", s.Runs, mostRuns)
	case s.Workers < 0:
		return s, fmt.Errorf("workers: %d: give how many; 0 is as many as there are cores", s.Workers)
	}
	return s, nil
}

// draw settles how all boots go in one run: two numbers for each component, in order, whatever is made of them.
func (s *stage) draw(spread Spread, run uint64) *luck {
	random := rand.New(rand.NewPCG(spread.Seed, run))
	l := &luck{fails: make([]bool, s.template.t.Len())}
	l.takes = s.boots(func(id topology.ID) float64 {
		factor := spread.Fastest + float64(random.Float64()*(spread.Slowest-spread.Fastest))
		fails := random.Float64() < spread.Fail
		l.fails[id] = fails && !s.template.wanted[id]
		return factor
	})
	return l
}

// boots returns how long each component boots if it takes so many times as long as it should.
func (s *stage) boots(factor func(topology.ID) float64) []time.Duration {
	t := s.template.t
	takes := make([]time.Duration, t.Len())
	for id := range takes {
		x := math.Round(float64(t.Start(topology.ID(id)).Boot) * factor(topology.ID(id)))
		takes[id] = math.MaxInt64
		if x < math.MaxInt64 {
			takes[id] = time.Duration(x)
		}
	}
	return takes
}
