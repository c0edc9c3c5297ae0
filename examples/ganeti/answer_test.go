package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology/ganeti"
)

// At the limit the cluster is N+1, and one MiB above it is not; whatever the names are.
func TestThreshold(t *testing.T) {
	for _, name := range []string{"a", "a[1-2]", "x=y", "2 of b", "each", `a\`, "{1}", "wéb", "instance"} {
		for memory, holds := range map[int]bool{499: true, 500: true, 501: false} {
			text := fmt.Sprintf("g|u|p|\n\n%s|1000|0|500|9|9|4|N|u\nb|1000|0|500|9|9|4|N|u\n\nweb|%d|9|1|running|Y|b|%s|drbd|\n\n\n", name, memory, name)
			spec, findings, err := ganeti.Read(strings.NewReader(text))
			require.NoError(t, err)
			a, err := ask(spec, findings)
			require.NoError(t, err)
			require.Equal(t, holds, a.holds(), text)
			require.Contains(t, a.String(), map[bool]string{true: "N+1 for", false: name + "  needs"}[holds])
		}
	}
}
