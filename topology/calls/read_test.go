package calls_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/calls"
)

func TestRead(t *testing.T) {
	want := []calls.Call{{From: "", To: "front", Rate: 120}, {From: "front", To: "shop/cart", Rate: 31.5}, {From: "front", To: `a"b,c`}}
	for _, text := range []string{
		"from,to,rate\n,front,120\nfront,shop/cart,31.5\nfront,\"a\"\"b,c\",\n",
		"\uFEFFRate;TO ;From\r\n# who calls whom\r\n120;front;\r\n\r\n 31.5 ; shop/cart;front\r\n;\"a\"\"b,c\";front",
		"from\tto\trate\n\tfront\t1.2e2\nfront\tshop/cart\t31.5\nfront\t\"a\"\"b,c\"\t\n",
	} {
		got, err := calls.Read(strings.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	got, err := calls.Read(strings.NewReader("from,to\na,b"))
	require.NoError(t, err)
	require.Equal(t, []calls.Call{{From: "a", To: "b"}}, got)
}

func TestReadFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":             "bad syntax: there is no header: the first line names the columns",
		"# only this":  "bad syntax: there is no header: the first line names the columns",
		"from\na":      `to: not found: the header has no such column: begin with a line "from,to,rate"`,
		"from,to,rps":  "1:9: rps: not found: no such column: there are from, to and rate",
		"from,to,from": `1:9: not unique: there is a second column "from"`,
		"from,to,":     "1:9: bad syntax: a column needs a name",
		"from,to,rate\na,b\na,b,-1\n\na,,3\na,b,0\na,b,many\na,b,Inf\na,b,1e51\n": "2:1: bad syntax: 2 values where the header has 3: give one for each column, empty where there is none\n" +
			"3:5: rate: bad number: \"-1\": give the calls a second, a number above 0\n" +
			"5:3: to: not found: a call needs a component that is called\n" +
			"6:5: rate: bad number: 0: leave the line out if nothing is called, and the rate if it is not known\n" +
			"7:5: rate: bad number: \"many\": give the calls a second, a number above 0\n" +
			"8:5: rate: bad number: \"Inf\": give the calls a second, a number above 0\n" +
			"9:5: rate: bad number: \"1e51\": give the calls a second, a number above 0",
		"from,to\na,\"b\nc,d\n":                        `2:1: bad syntax: a quote that is not closed, or one inside a value in quotes: write "" for each inside`,
		"from,to\na,b\"c\n":                            `2:1: bad syntax: a quote inside a value: put quotes around the value, and write "" for each inside`,
		"from,to\na,\"" + strings.Repeat("b\n", 1<<20): "2:1: too large: more than 1048576 bytes in one row, or in comments before it: is a quote not closed?",
	} {
		_, err := calls.Read(strings.NewReader(text))
		require.EqualError(t, err, want)
		var faults topology.Faults
		require.True(t, errors.As(err, &faults))
	}
	_, err := calls.Read(strings.NewReader("from,to\n" + strings.Repeat("a,\n", 1000)))
	var faults topology.Faults
	require.True(t, errors.As(err, &faults))
	require.Len(t, faults, 100)

	_, err = calls.Read(io.MultiReader(strings.NewReader("from,to\na,b\n"), iotest.ErrReader(io.ErrNoProgress)))
	require.Equal(t, io.ErrNoProgress, err)
}

// What can be read can be joined, or is an error; neither takes long.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"from,to,rate\n,front,120\nfront,cart,31.5\n", "from;to\nfront;cart\ncart;front\n", "\uFEFFto\tfrom\nads\t\"front\"\n#x\n", "from,to\n\"a,b", "from,to,rate\na,b,1e-50\nb,a,1e50\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := calls.Read(strings.NewReader(text))
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		spec, _, err := calls.Join(shop(), all)
		if err != nil {
			return
		}
		sameLoads(t, shop(), spec)
	})
}
