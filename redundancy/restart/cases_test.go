package restart_test

import "flag"

var fleets = flag.Int("fleets", 1, "how many times as many random fleets to try")

// cases is how many random fleets a test makes plans for; most of the time goes into a few of them.
func cases(n int) uint64 { return uint64(n) * uint64(*fleets) }
