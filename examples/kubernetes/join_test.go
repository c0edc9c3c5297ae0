package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/calls"
	"github.com/ridethrough/ridethrough/topology/kube"
	"github.com/ridethrough/ridethrough/topology/prom"
)

// Usage from Prometheus, nodes and pods from kubectl, and load that follows the calls: as the README has it.
func Example_join() {
	fleet, findings, err := join("testdata/cluster.json", `{"status": "success", "data": {"resultType": "vector", "result": [
		{"metric": {"namespace": "shop", "pod": "cart-7d4b9c6f5d-bbbbb"}, "value": [1795639687, "0.3"]},
		{"metric": {"namespace": "shop", "pod": "cart-7d4b9c6f5d-ccccc"}, "value": [1795639687, "NaN"]}]}}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	cart, _ := fleet.Lookup("shop/cart") // .3 measured, and .25 requested
	fmt.Printf("%v carries %.2f cores\n", fleet.Name(cart), fleet.Flow(topology.State{}).Load[cart])
	fmt.Println(findings[0])
	// Output:
	// shop/cart carries 0.55 cores
	// looks wrong: shop/cart-7d4b9c6f5d-ccccc: {namespace="shop",pod="cart-7d4b9c6f5d-ccccc"} is NaN; the value is not used: was something divided by nothing? Ask for a time at which it was measured, or declare it
}

func join(dump, answer string) (*topology.Topology, topology.Findings, error) {
	in, err := os.Open(dump)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close()
	series, findings, err := prom.Read(strings.NewReader(answer))
	if err != nil {
		return nil, nil, err
	}
	cpu, more, err := prom.Values(series, prom.Rule{Component: "{namespace}/{pod}"})
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, more...)
	spec, more, err := kube.Read(in, kube.Options{CPU: cpu})
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, more...)
	spec, more, err = calls.Join(spec, calls.Of(spec))
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, more...)
	fleet, err := topology.New(spec)
	return fleet, findings, err
}
