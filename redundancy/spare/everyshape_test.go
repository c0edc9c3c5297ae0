package spare_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/redundancy/spare"
)

// Minimum is what trying every purchase finds, on fleets of every shape.
func TestMinimumOnEveryShape(t *testing.T) {
	count := map[string]int{}
	for seed := range spare.Seeds(1500) {
		a := newEveryCase(seed)
		v := a.hold(4 * time.Second)
		if v.wrong == "takes too long" || strings.Contains(v.wrong, "one of those that it needs itself") {
			count[v.wrong]++ // no answer is not a wrong one
			continue
		}
		if v.wrong == "" && seed%10 == 0 && !a.sameBytes(20*time.Second) {
			v.wrong = "another with other workers"
		}
		if v.wrong != "" {
			text, _ := json.Marshal(a.everyCase)
			t.Errorf("seed %d: %s: %s\n%s\n%v", seed, v.wrong, v.text, text, v.plan)
			count["wrong: "+v.wrong]++
			continue
		}
		count[string(v.plan.Certainty)]++
		if v.plan.Infeasible {
			count["infeasible"]++
		}
	}
	t.Log(count)
	if testing.Short() {
		return
	}
	require.Greater(t, count["proven"], 400)
	require.Less(t, count["not determined"], 50)
	require.Less(t, count["takes too long"], 5)
}
