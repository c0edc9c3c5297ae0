package main

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare/internal/lp"
)

func TestSidesAgree(t *testing.T) {
	cbc, _ := lp.Peers()
	for _, s := range sizes()[:3] {
		l, dir := &line{size: s}, t.TempDir()
		require.NoError(t, l.write(dir))
		var out bytes.Buffer
		require.NoError(t, least(t.Context(), &out, dir))
		require.NoError(t, json.Unmarshal(out.Bytes(), &l.here.answer))
		require.True(t, l.here.sure(), s)
		if !cbc.Installed() {
			continue
		}
		require.NoError(t, write(dir))
		require.NoError(t, l.cbc.time(time.Minute, asked(cbc, dir)))
		require.False(t, l.disagree(), "%v", l)
	}
}

func TestAnswersAgree(t *testing.T) {
	proven := func(cost float64) answer { return answer{Cost: cost, Bound: cost, Certainty: cascade.Proven} }
	none := answer{None: true, Certainty: cascade.Proven}
	between := answer{Cost: 3, Bound: 2, Certainty: cascade.Bounded}
	unknown := answer{Bound: 2, Certainty: cascade.Undetermined}
	for _, c := range []struct {
		here, cbc answer
		agree     bool
	}{
		{proven(2.5), proven(2.5), true}, {proven(2.5), proven(2.51), false}, {none, none, true}, {proven(2.5), none, false},
		{between, proven(2), true}, {between, proven(3), true}, {between, proven(1.99), false}, {between, proven(3.01), false}, {between, none, false},
		{unknown, none, true}, {unknown, proven(2), true}, {unknown, proven(1.99), false},
	} {
		require.Equal(t, c.agree, c.here.agrees(c.cbc), "%v, %v", c.here, c.cbc)
	}
}

func TestLine(t *testing.T) {
	l := &line{size: sizes()[0], family: "each board", scenarios: 8, rows: 1200, columns: 30}
	l.here = side{took: []time.Duration{3 * time.Millisecond, time.Millisecond, 2 * time.Millisecond}, answer: answer{Cost: 2.5, Certainty: cascade.Proven}}
	l.cbc = side{took: []time.Duration{time.Second}, answer: answer{Cost: 2.5, Certainty: cascade.Proven}}
	l.written = side{took: []time.Duration{500 * time.Millisecond}}
	require.Equal(t, "| 100 servers, 8 boards, 2 UPSs | each board: 8 | 1,200 × 30 | 2 ms | 500 ms | 1 s | 750 | 500 | 2.50, both |", l.String())
	l.cbc.Cost = 3
	require.Contains(t, l.String(), "| NOT THE SAME: 2.50 here, 3.00 CBC |")
	l.cbc.late = true
	require.Contains(t, l.String(), "| 2 ms | 500 ms | > 1 s | > 750 | > 500 | 2.50 here |")
}
