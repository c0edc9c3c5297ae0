package compose_test

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/compose"
)

func ExampleRead() {
	env, err := compose.ReadEnv(strings.NewReader("CART_ADDR=cart:7070\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	spec, findings, err := compose.Read(compose.Options{Env: env, Load: 0.6}, strings.NewReader(`
services:
  web:
    environment: [CART_ADDR]
    depends_on: {cart: {condition: service_healthy}}
    restart: always
  cart:
    deploy: {replicas: 3, resources: {limits: {cpus: "0.5"}}}
    restart: always
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fleet, err := topology.New(spec)
	fmt.Println(fleet, err)
	for _, c := range spec.Components[1:] {
		fmt.Println(c.Name, c.Needs, c.StartNeeds)
	}
	for _, f := range findings {
		fmt.Println(f.Class, f.Reason, f.About)
	}
	// Output:
	// 1 × host, 2 × service, 4 × container <nil>
	// web [cart] []
	// web/1 [host] [cart/[1-3]]
	// cart [] []
	// cart/[1-3] [host] []
	// looks wrong one host [host]
	// looks wrong reboot order [web]
	// assumed call is need [web]
	// assumed counted load [web]
	// assumed counted load [web/1]
	// missing start time [cart/1 cart/2 cart/3]
}
