package main

import (
	"context"
	"encoding/json"
	"fmt"
	"github.com/ridethrough/ridethrough/cascade"
	"github.com/ridethrough/ridethrough/redundancy/spare"
	"github.com/ridethrough/ridethrough/topology"
	"os"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	for i, s := range sizes() {
		if fmt.Sprint(i) != os.Getenv("ZZ") {
			continue
		}
		f := s.fleet()
		for range 3 {
			began := time.Now()
			top := topology.Must(topology.New(f.Spec()))
			js, _ := json.Marshal(f.Offers)
			var offers []spare.Offer
			json.Unmarshal(js, &offers)
			fam, _ := cascade.ParseFamily(f.Family)
			ctx, c := context.WithTimeout(context.Background(), 100*time.Second)
			defer c()
			fmt.Println("built", time.Since(began))
			began = time.Now()
			p, err := spare.Minimum(ctx, top, fam, spare.Options{Offers: offers})
			fmt.Println(i, s, time.Since(began), err, p.Cost, p.Bound, p.Certainty, p.Reason)
		}
	}
}
