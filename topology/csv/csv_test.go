package csv_test

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/csv"
)

func read(t *testing.T, text string, o csv.Options) (topology.Spec, topology.Findings) {
	t.Helper()
	spec, findings, err := csv.Read(strings.NewReader(text), o)
	require.NoError(t, err)
	return spec, findings
}

func TestRead(t *testing.T) {
	want := topology.Spec{Components: []topology.Component{
		{Name: "rack/R[1-2]", Kind: "rack"},
		{Name: "zone/eu-west", Kind: "zone"},
		{Name: "web-[1-2]", Kind: "server", Capacity: 40_000, Unit: "W", Needs: topology.Names{"rack/R1", "zone/eu-west"}},
		{Name: "web-3", Kind: "server", Capacity: 40_000, Unit: "W", Needs: topology.Names{"rack/R2", "zone/eu-west"}},
		{Name: "db", Kind: "database", Capacity: 50_000, Unit: "W", Needs: topology.Names{"rack/R2"}},
		{Name: "users/web", Kind: "users", Demand: 60_000, Unit: "W", Supplies: []topology.Supply{{Members: topology.Names{"web-[1-2]", "web-3"}}}},
		{Name: "users/data", Kind: "users", Demand: 30_000, Unit: "W", Supplies: []topology.Supply{{Members: topology.Names{"db"}}}},
	}}
	for _, text := range []string{
		"name,kind,pool,capacity,load,rack,zone\nweb-[1-2],,web,40kW,20kW,R1,eu-west\nweb-3,,web,40kW,20kW,R2,eu-west\ndb,database,data,50kW,30kW,R2,\n",
		"\uFEFFName;Kind;Pool;Capacity;Load;Unit;Rack;Zone\r\n# loads of today\r\nweb-[1-2];-;web;40;50 %;kW;R1;eu-west\r\n\r\nweb-3;server;web; 40 ;20;kW;R2;eu-west\r\n\"db\";database;data;50;60%;kW;R2;n/a",
		"name\tkind\tpool\tcapacity\tload\tunit\track\tzone\nweb-[1-2]\t\tweb\t40 kW\t20\t\tR1\teu-west\nweb-3\t\tweb\t40000\t20000\tW\tR2\teu-west\ndb\tdatabase\tdata\t5e1kW\t30\t\tR2\tNone\n",
	} {
		spec, findings := read(t, text, csv.Options{})
		require.Equal(t, want, spec)
		require.Equal(t, "missing: db: no zone is given: the loss of any takes none of these down", findings.String())
		_, err := topology.New(spec)
		require.NoError(t, err)
	}
}

func TestReadRedundantFeeds(t *testing.T) {
	const table = "name,capacity,feed,to the c-[1]\nx,10,a-1|b=2,\"p;[q], r\"\ny,10,a-1 ; a-1,-\nz,10,|,p\n"
	spec, findings := read(t, table, csv.Options{Load: .5})
	require.Equal(t, []topology.Component{
		{Name: "feed/a-1", Kind: "feed"}, {Name: `feed/b\=2`, Kind: "feed"},
		{Name: `to the c-\[1\]/p`, Kind: "to the c-[1]"}, {Name: `to the c-\[1\]/\[q\], r`, Kind: "to the c-[1]"},
		{Name: "x", Kind: "server", Capacity: 10, Needs: topology.Names{`1 of feed/[a\-1,b\=2]`, `1 of to the c\-\[1\]/[p,\[q\]\, r]`}},
		{Name: "y", Kind: "server", Capacity: 10, Needs: topology.Names{"feed/a-1"}},
		{Name: "z", Kind: "server", Capacity: 10, Needs: topology.Names{`to the c-\[1\]/p`}},
		{Name: "users", Demand: 15, Supplies: []topology.Supply{{Members: topology.Names{"x", "y", "z"}}}},
	}, spec.Components)
	require.Equal(t, "looks wrong: y: of redundant failure domains both are the same: there is no redundancy\n"+
		"missing: z: no feed is given: the loss of any takes none of these down\n"+
		"missing: y: no to the c-[1] is given: the loss of any takes none of these down\n"+
		"assumed: users: demand: a server whose load is not given is taken to carry 50 % of its capacity", findings.String())

	fleet, err := topology.New(spec)
	require.NoError(t, err)
	down := func(names ...string) (all []string) {
		ids := []topology.ID{}
		for _, name := range names {
			id, ok := fleet.Lookup(name)
			require.True(t, ok, name)
			ids = append(ids, id)
		}
		for _, loss := range fleet.Closure().Fail(ids...)[len(ids):] {
			all = append(all, fleet.Name(loss.ID))
		}
		return all
	}
	require.Equal(t, []string{"y"}, down("feed/a-1"))
	require.Empty(t, down("feed/b=2"))
	require.ElementsMatch(t, []string{"x", "y"}, down("feed/a-1", "feed/b=2"))
	require.Equal(t, []string{"z"}, down("to the c-[1]/p"))
	require.ElementsMatch(t, []string{"x", "z"}, down("to the c-[1]/p", "to the c-[1]/[q], r"))
}

// What the table does not say, and what is taken.
func TestReadFindings(t *testing.T) {
	for _, c := range []struct {
		table  string
		load   float64
		demand float64 // of the first pool
		want   string
	}{
		{"name,capacity,load\na,10,10\nb,10,0\n", 0, 10, "looks wrong: a: today's load is more than 1.5 times what an even share of the pool's would be, which is taken here: these are closer to their limits than it seems"},
		{"name,capacity,load\na,10,6\nb,10,2\n", 0, 8, ""}, // at 1.5 times the share of 4
		{"name,capacity,load\na,10,7\nb,10,7.1\n", 0, 14.1, ""},
		{"name,capacity,load\na,10,10\nb,10,10.1\n", 0, 20.1, "looks wrong: b: today's load is above the capacity: one of these numbers is wrong, or there is nothing to spare"},
		{"name,capacity,load\na,10,5\nb,,5\n", 0, 10, "missing: b: capacity: not given: nothing overloads these, however much of the pool's load they take"},
		{"name,capacity,load\na,10,5\nb,,\n", 0, 5, "looks wrong: a: today's load is more than 1.5 times what an even share of the pool's would be, which is taken here: these are closer to their limits than it seems\n" +
			"missing: b: capacity: not given: nothing overloads these, however much of the pool's load they take\n" +
			"missing: b: neither load nor capacity is given: their load counts as 0"},
		{"name,capacity,load\na,10,5\nb,10,\n", 0, 15, "assumed: users: demand: a server whose load is not given is taken to carry 100 % of its capacity"},
		{"name,capacity\na,10\nb,10\n", .6, 12, "assumed: users: demand: a server whose load is not given is taken to carry 60 % of its capacity"},
		{"name\na\nb\n", 0, 2, "assumed: the table has neither capacities nor loads: servers are counted, as if all were alike, and each at 100 % of what it can carry"},
		{"name,rack\na,1\nb,2\n", .75, 1.5, "assumed: the table has neither capacities nor loads: servers are counted, as if all were alike, and each at 75 % of what it can carry"},
		{"name,pool,capacity,load\nb,p,10,5\na,,10,5\nc,,10,\n", 0, 5, "missing: a, c: no pool is given: each carries its own load, which nothing takes over\n" +
			"assumed: c: demand: a server whose load is not given is taken to carry 100 % of its capacity"},
		// 9 and 6 are 15·12/20 and 15·8/20, in proportion; 8 and 7 are nearer to 7.5 each.
		{"name,capacity,load\na,12,9\nb,8,6\n", 0, 15, "assumed: users: capacities differ: each server is taken to get load in proportion to its own, which is closest to today's"},
		{"name,capacity,load\na,12,8\nb,8,7\n", 0, 15, "assumed: users: capacities differ: each server is taken to get the same load, which is closest to today's, so the weakest is full first"},
		{"name,capacity\na,12\nb,8\n", .5, 10, "assumed: users: demand: a server whose load is not given is taken to carry 50 % of its capacity\n" +
			"assumed: users: capacities differ: each server is taken to get load in proportion to its own, which is closest to the loads, of which not all are given"},
		{"name;capacity;load\na;1.000;0.500\nb;1;0.500\nc;1.000;\n", .5, 1.5, "assumed: users: demand: a server whose load is not given is taken to carry 50 % of its capacity"}, // 0.500 shows that the point is a decimal one
		{"name,capacity,load\na,1.000,1\n", 0, 1, ""},
		{"name;capacity;load\na;1.000;1\nb;1;1\n", 0, 2, "looks wrong: a: numbers with a point, such as \"1.000\", are read as decimal fractions: if they are thousands, write 1000"},
		{"name;capacity;unit;load\na;2.000 kW;;2.000\nb;2.000;kW;50%\n", 0, 3000, "looks wrong: a, b: numbers with a point, such as \"2.000 kW\", are read as decimal fractions: if they are thousands, write 1000"},
		{"name,capacity,load\na,100,0.6\nb,100,0.6\n", 0, 1.2, "looks wrong: a, b: no load of the table is above 1, and capacities are far above: if loads are parts of these, write them as 60%"},
		{"name,capacity,load\na,100,0.6\nb,100,1.001\n", 0, 1.601, ""},
		{"name,capacity,load\na,100,1\nb,100,1\n", 0, 2, ""},
		{"name,capacity,load\na,9.9,0.6\nb,9.9,0.6\n", 0, 1.2, ""},
		{"name,capacity,load\na,10 kW,0.6\nb,10 kW,0.6\n", 0, 1200, ""},
		{"name,capacity,load,pool,feed\na,9,1,web,A|a\nb,9,1,Web,A\nc,9,1,web,É|é\n", 0, 2,
			"looks wrong: feed/A, feed/a, feed/É and 3 more: these differ in case only, and count as different ones: if they are not, write them alike"},
		{"name,capacity,load,serial\n" + rows(9, "a%d,10,5,s%d\n"), 0, 45, ""},
		{"name,capacity,load,serial\n" + rows(10, "a%d,10,5,s%d\n"), 0, 50, "looks wrong: column serial: no two servers share a value: if it is a serial number or an address, and no failure domain, leave it out"},
		{"name,capacity,load,rack,note\n" + rows(10, "a%d,10,5,R,\n"), 0, 50, ""},
	} {
		spec, findings := read(t, c.table, csv.Options{Load: c.load})
		require.Equal(t, c.want, findings.String(), c.table)
		fleet, err := topology.New(spec)
		require.NoError(t, err)
		for _, s := range fleet.Spec().Components {
			if strings.HasPrefix(s.Name, "users") {
				require.InDelta(t, c.demand, s.Demand, 1e-12)
				break
			}
		}
	}
}

func rows(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "%d", fmt.Sprint(i)))
	}
	return b.String()
}

// With nothing lost, servers have the loads that the share gives them: of 15, in proportion to 12 and 8, or halves.
func TestReadShares(t *testing.T) {
	for table, want := range map[string][]float64{
		"name,capacity,load\na,12,9\nb,8,6\n": {9, 6, 15},
		"name,capacity,load\na,12,8\nb,8,7\n": {7.5, 7.5, 15},
		"name,capacity,load\na,12,8\nb,,7\n":  {7.5, 7.5, 15},
	} {
		spec, _ := read(t, table, csv.Options{})
		fleet, err := topology.New(spec)
		require.NoError(t, err)
		require.Equal(t, want, fleet.Flow(topology.State{}).Load)
	}
}

func TestReadFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                   "bad syntax: there is no header: the first line names the columns",
		"host,rack\na,b\n":   "1:1: name: not found: the header has no such column: begin with a line like name,capacity,load,rack",
		"name,rack,Rack\n":   `1:11: not unique: there is a second column "rack"`,
		"name,rack\n":        "not found: there are no servers: write a row for each below the header",
		"name,rack\na,b,c\n": "2:1: bad syntax: 3 values where the header has 2: give one for each column, empty where there is none",
		"name,capacity,load\n,1,1\na,-1,1\nb,0,0\nc,10,x\nd,10,-2\ne,1e60,1\nf,10kW,1A\ng,,60%\nh,10,x%\ni[,1,1\nj2,1,1\nj[2],1,1\n": "2:1: name: not found: a server needs a name\n" +
			"3:3: capacity: bad number: \"-1\" is negative\n" +
			"4:3: capacity: bad number: 0: leave out a server that carries nothing, and a capacity that is not known\n" +
			"5:6: load: bad number: \"x\" is no number with a unit: write 40, \"40kW\" or \"100 requests/s\"\n" +
			"6:6: load: bad number: \"-2\" is negative\n" +
			"7:3: capacity: bad number: \"1e60\": numbers lie between 1e-50 and 1e+50\n" +
			"8:8: load: unit clash: it has the unit A, and the capacity has the unit W: give both in one unit, or the load in %\n" +
			"9:4: load: bad number: 60% of a capacity that is not given\n" +
			"10:6: load: bad number: \"x%\" is no percentage: write 60%\n" +
			"11:1: name: bad syntax: \"i[\": a bracket is not closed: write ] after its last item\n" +
			"13:1: name: not unique: there is a second \"j2\", the first is in line 12: write one row for each server, and redundant feeds as a|b",
		"name,capacity\na,10kW\nb,10\n":         "3:3: capacity: unit clash: it has no unit, and a of the same pool has the unit W: give all servers of a pool the same",
		"capacity,name\n10W,a\n10A,b\n":         "3:1: capacity: unit clash: it has the unit A, and a of the same pool has the unit W: give all servers of a pool the same",
		"name,load,rack\na,1W,R\nb,1A,R\n":      "3:3: load: unit clash: it has the unit A, and a of the same pool has the unit W: give all servers of a pool the same",
		"name\n\"rack[1, ]\"\n":                 `2:1: name: bad syntax: "rack " begins or ends with a space`,
		"name,r\x00ck\n":                        `1:6: bad syntax: "r\x00ck": write text in UTF-8, without control characters`,
		"name,rack\n\"a\nb\",R\n":               `2:1: name: bad syntax: "a\nb": write text in UTF-8, without control characters`,
		"name,rack\na,\xff\n":                   `2:3: rack: bad syntax: "\xff": write text in UTF-8, without control characters`,
		"name,rack\na[1-3],R\nb[1-4999998],R\n": "3:1: name: too large: servers and failure domains are more than 5000000 so far: read a part, and leave out columns that are no failure domains",
		"name\na[1-9999999]\n":                  `2:1: name: bad syntax: "a[1-9999999]" stands for 9999999 names: at most 5000000 are allowed`,
	} {
		_, _, err := csv.Read(strings.NewReader(text), csv.Options{})
		require.EqualError(t, err, want)
		var faults topology.Faults
		require.True(t, errors.As(err, &faults))
	}
	for _, load := range []float64{-.1, 1.1, 60, math.NaN(), math.Inf(1)} {
		_, _, err := csv.Read(strings.NewReader("name\na\n"), csv.Options{Load: load})
		require.EqualError(t, err, "Options.Load: bad number: give a part of capacity, from 0 to 1")
	}
	_, _, err := csv.Read(strings.NewReader("name,rack\n"+strings.Repeat("a\n", 1000)), csv.Options{})
	var faults topology.Faults
	require.True(t, errors.As(err, &faults))
	require.Len(t, faults, 100)
	_, _, err = csv.Read(io.MultiReader(strings.NewReader("name\na\n"), iotest.ErrReader(io.ErrNoProgress)), csv.Options{})
	require.Equal(t, io.ErrNoProgress, err)
}

// Rows that differ in nothing but their names become a pattern; the order of columns makes no difference to these.
func TestReadFolds(t *testing.T) {
	var b strings.Builder
	b.WriteString("rack,load,capacity,name\n")
	for i := range 60 {
		fmt.Fprintf(&b, "R%d,60,100,c-%02d\n", 1+i/30, i+1)
	}
	spec, findings := read(t, b.String()+"R2,60,100,\"d-[1-2,7]\"\nR2,60,100,e\n", csv.Options{})
	require.Empty(t, findings)
	require.Equal(t, []topology.Component{
		{Name: "rack/R[1-2]", Kind: "rack"},
		{Name: "c-[01-30]", Kind: "server", Capacity: 100, Needs: topology.Names{"rack/R1"}},
		{Name: "c-[31-60]", Kind: "server", Capacity: 100, Needs: topology.Names{"rack/R2"}},
		{Name: "d-[1-2,7]", Kind: "server", Capacity: 100, Needs: topology.Names{"rack/R2"}},
		{Name: "e", Kind: "server", Capacity: 100, Needs: topology.Names{"rack/R2"}},
		{Name: "users", Demand: 64 * 60, Supplies: []topology.Supply{{Members: topology.Names{"c-[01-60]", "d-[1-2,7]", "e"}}}},
	}, spec.Components)

	_, findings = read(t, "name,capacity,rack\n\"d-[1-2,7]\",1,\ne,1,R\n", csv.Options{})
	require.Equal(t, []string{"d-1", "d-2", "d-7"}, findings[0].About)
}

// In a pattern of names an equals sign is only that, also where their users draw on them.
func TestReadPatternsWithEquals(t *testing.T) {
	spec, _ := read(t, "name,capacity,load\nshard=[1-2],10,5\n\"a\\=[=,b]\",10,5\n", csv.Options{})
	require.Equal(t, topology.Names{`shard\=[1-2]`, `a\=[\=,b]`}, spec.Components[2].Supplies[0].Members)
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	for _, name := range []string{"shard=1", "shard=2", "a==", "a=b"} {
		_, ok := fleet.Lookup(name)
		require.True(t, ok, name)
	}
}

// What can be read is a fleet, or topology.New tells in words why it is none.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"name,pool,capacity,load,rack,feed\nchat-[01-20],chat,100 requests/s,60,R1,a|b\nmail-1,mail,50,20,R2,b\n",
		"\uFEFFname;unit;capacity\r\n#x\r\na;kW;1e3\r\nb;W;1\r\n", "name\tkind\na\tb\n", "name,a\nrack/x,\"y;z\n\"\n", "name,capacity,load\na,1kW,50%\nb,1k W,.5k\n", "name,rack\na[1-3],\\[\nb,|\n",
	} {
		f.Add(seed, .0)
	}
	f.Fuzz(func(t *testing.T, text string, load float64) {
		if strings.Contains(text, "[") && (hasLongNumber(text) || strings.Count(text, "[") > 2) {
			return // millions of names take seconds
		}
		spec, findings, err := csv.Read(strings.NewReader(text), csv.Options{Load: load})
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		_ = findings.String()
		fleet, err := topology.New(spec)
		var faults topology.Faults
		if errors.As(err, &faults) {
			for _, fault := range faults {
				require.Contains(t, []topology.Reason{topology.DeadDemand, topology.NotUnique, topology.BadNumber}, fault.Reason, "%v", err)
			}
			return
		}
		require.NoError(t, err)
		require.Positive(t, fleet.Len())
	})
}

// hasLongNumber reports whether a text has four digits or more in a row.
func hasLongNumber(text string) bool {
	run := 0
	for _, c := range text {
		if run++; c < '0' || c > '9' {
			run = 0
		}
		if run > 3 {
			return true
		}
	}
	return false
}
