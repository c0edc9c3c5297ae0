package openpsa_test

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/openpsa"
)

// An operating theatre loses its supply when the mains and the generator fail, which takes the generator itself or its
// relay. The gates stand in one file, the probabilities in another.
func ExampleRead() {
	gates := strings.NewReader(`<opsa-mef>
  <define-fault-tree name="theatre">
    <define-gate name="no supply"><and><event name="mains"/><gate name="no generator"/></and></define-gate>
    <define-gate name="no generator"><or><event name="generator"/><event name="relay"/></or></define-gate>
  </define-fault-tree>
</opsa-mef>`)
	events := strings.NewReader(`<opsa-mef>
  <model-data>
    <define-basic-event name="mains"><float value="3e-2"/></define-basic-event>
    <define-basic-event name="generator">
      <exponential><lognormal-deviate><float value="1e-5"/><float value="3"/><float value="0.95"/></lognormal-deviate><float value="720"/></exponential>
    </define-basic-event>
    <define-basic-event name="relay"><float value="5e-2"/></define-basic-event>
  </model-data>
</opsa-mef>`)
	spec, findings, err := openpsa.Read(openpsa.Options{}, gates, events)
	if err != nil {
		fmt.Println(err) // each fault with its file and line
		return
	}
	fleet := topology.Must(topology.New(spec))
	fmt.Println(fleet)
	for _, c := range spec.Components {
		fmt.Printf("%s: needs %q, fails with %.4g\n", c.Name, c.Needs, c.Failing.Unavailability)
	}
	fmt.Println(findings)
	// Output:
	// 2 × gate, 3 × basic event
	// no supply: needs ["1 of [mains,no generator]"], fails with 0
	// no generator: needs ["generator" "relay"], fails with 0
	// mains: needs [], fails with 0.03
	// generator: needs [], fails with 0.007174
	// relay: needs [], fails with 0.05
	// assumed: generator: failing: the probability is computed from the means of uncertain numbers, which is not the mean of the probability
}
