package chance_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade/internal/chance"
)

// Daniels 1945: the chance that n servers with capacities uniform on [0,1] collapse under 1/4 each. To draw n capacities is
// to lose all but n of many servers whose capacities stand close by; what that errs, for it draws none twice, falls with
// their number.
func TestDaniels(t *testing.T) {
	for n, want := range map[int]float64{2: 3. / 16, 3: 49. / 256, 5: .213580, 10: .227972, 20: .245886, 50: .271320, 100: .290717} {
		servers := 400_000
		if n >= 50 {
			servers *= 5
		}
		if servers > 400_000 && (testing.Short() || race) {
			continue
		}
		p := chance.Pool{Capacity: make([]float64, servers), Demand: float64(n) / 4}
		for i := range p.Capacity {
			p.Capacity[i] = (float64(i) + .5) / float64(servers)
		}
		d, err := p.Random(context.Background(), servers-n)
		require.NoError(t, err)
		require.InDelta(t, want, d.Collapse(), 1e-6, n)
	}
}
