package netbox

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// A dump under construction: a line an object.
type dump []string

func (d dump) String() string { return "[" + strings.Join(d, ",\n") + "]" }

func (d *dump) add(model string, id int, fields string, args ...any) {
	*d = append(*d, fmt.Sprintf(`{"model": "dcim.%s", "pk": %d, "fields": {%s}}`, model, id, fmt.Sprintf(fields, args...)))
}

// cable connects two ends: "powerport 3", "powerfeed 1".
func (d *dump) cable(id int, a, b string) {
	d.add("cable", id, `"status": "connected"`)
	for i, text := range []string{a, b} {
		model, number, _ := strings.Cut(text, " ")
		d.add("cabletermination", 2*id+i, `"cable": %d, "cable_end": %q, "termination_type": ["dcim", %q], "termination_id": %s`,
			id, string("AB"[i]), model, number)
	}
}

// base is a site, a rack, and two panels with a feed of 1,000 W (100 V × 10 A × 100 %) each.
func base() dump {
	var d dump
	d.add("site", 1, `"name": "S"`)
	d.add("rack", 1, `"name": "R", "site": 1`)
	for i, name := range []string{"A", "B"} {
		d.add("powerpanel", i+1, `"name": %q, "site": 1`, name)
		d.feed(i+1, i+1, []string{"primary", "redundant"}[i], 100, 10, 100)
	}
	return d
}

func (d *dump) feed(id, panel int, role string, volts, amps, percent any) {
	d.add("powerfeed", id, `"name": "F%d", "power_panel": %d, "rack": 1, "status": "active", "type": %q, "phase": "single-phase",
		"voltage": %v, "amperage": %v, "max_utilization": %v`, id, panel, role, volts, amps, percent)
}

func (d *dump) device(id int, name string) {
	d.add("device", id, `"name": %q, "site": 1, "rack": 1, "status": "active"`, name)
}

func (d *dump) port(id, device int, draw any) {
	d.add("powerport", id, `"name": "PSU%d", "device": %d, "allocated_draw": %v`, id, device, draw)
}

// pdu is a device with an inlet and so many outlets, all of the same numbers as it, and following.
func (d *dump) pdu(id int, outlets int) {
	d.device(id, fmt.Sprint("pdu-", id))
	d.port(id, id, "null")
	for i := range outlets {
		d.add("poweroutlet", id+i, `"name": "%d", "device": %d, "power_port": %d`, i, id, id)
	}
}

// A device on both feeds, of 1,000 W each: at exactly 1,000 W one of them can carry it, a watt more is too much.
func TestThreshold(t *testing.T) {
	for _, c := range []struct {
		a, b int // what its ports draw
		bad  bool
	}{{500, 499, false}, {500, 500, false}, {501, 500, true}, {999, 1, false}, {1000, 1, true}} {
		d := base()
		d.device(1, "x")
		d.port(1, 1, c.a)
		d.port(2, 1, c.b)
		d.cable(1, "powerport 1", "powerfeed 1")
		d.cable(2, "powerport 2", "powerfeed 2")
		_, all, err := Read(strings.NewReader(d.String()), Options{})
		require.NoError(t, err)
		f, bad := found(all, RedundantOnPaper)
		require.Equal(t, c.bad, bad, c)
		if bad {
			require.Equal(t, []string{"rack/S/R"}, f.About)
			require.Contains(t, f.Text, "without feed/S/A/F1, feed/S/B/F2 carries 1,001 of 1,000 W (100.1 %)")
			// NetBox: 1,001 of 2,000 W is 50.05 %, which it rounds to a tenth.
			require.Contains(t, f.Text, "rack/S/R (NetBox shows 50 %)")
		}
		_, over := found(all, Overdrawn)
		require.False(t, over)
	}
}

// NetBox's own figures: round(|V| × A × (max utilization / 100)), by 1.732 for three phases. 230 × 32 × .8 × 1.732 is
// 10,198.016; 230 × 1 × .5 is 115; 125 × 1 × .5 is 62.5, which Python rounds to the even 62, and 127 × 1 × .5 to 64.
func TestAvailablePower(t *testing.T) {
	for _, c := range []struct {
		volts, amps, percent, phase string
		watts                       float64
	}{
		{"220", "20", "80", "single-phase", 3520},
		{"230", "32", "80", "three-phase", 10198},
		{"230", "1", "50", "single-phase", 115},
		{"125", "1", "50", "single-phase", 62},
		{"127", "1", "50", "single-phase", 64},
		{"-48", "100", "50", "single-phase", 2400},
	} {
		f := feed{phase: c.phase}
		_, err := fmt.Sscan(c.volts+" "+c.amps+" "+c.percent, &f.volts, &f.amps, &f.percent)
		require.NoError(t, err)
		require.Equal(t, c.watts, f.watts(), c)
	}
	d := base()
	d.add("powerfeed", 2, `"name": "F2", "power_panel": 2, "rack": 1, "status": "active", "voltage": 100, "amperage": 10, "max_utilization": 100, "available_power": 999`)
	_, all, err := Read(strings.NewReader(d.String()), Options{})
	require.NoError(t, err)
	f, _ := found(all, Inconsistent)
	require.Equal(t, []string{"feed/S/B/F2"}, f.About)
}

// A device behind two PDUs in a row on one side, and one on the other: the load arrives at both feeds, 300 W each.
func TestChainOfPDUs(t *testing.T) {
	d := base()
	d.pdu(10, 1)
	d.pdu(20, 1)
	d.pdu(30, 1)
	d.device(1, "x")
	d.port(1, 1, 300)
	d.port(2, 1, 300)
	d.cable(1, "powerport 10", "powerfeed 1")
	d.cable(2, "poweroutlet 10", "powerport 20")
	d.cable(3, "poweroutlet 20", "powerport 1")
	d.cable(4, "powerport 30", "powerfeed 2")
	d.cable(5, "powerport 2", "poweroutlet 30")
	spec, _, err := Read(strings.NewReader(d.String()), Options{})
	require.NoError(t, err)
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	flow := fleet.Flow(topology.State{})
	for name, want := range map[string]float64{
		"feed/S/A/F1": 300, "feed/S/B/F2": 300, "pdu/pdu-10/PSU10": 300, "pdu/pdu-20/PSU20": 300, "panel/S/A": 300, "device/x": 600,
	} {
		id, there := fleet.Lookup(name)
		require.True(t, there, name)
		require.Equal(t, want, flow.Load[id], name)
	}
}

// Both ports of a device on one feed, and of another on two feeds of one panel.
func TestRedundancyOfDevices(t *testing.T) {
	d := base()
	d.feed(3, 1, "redundant", 100, 10, 100)
	for i, feeds := range [][2]int{{1, 1}, {1, 3}, {1, 2}} {
		d.device(i+1, fmt.Sprint("x", i+1))
		for k, f := range feeds {
			p := 10*(i+1) + k
			d.port(p, i+1, 100)
			d.cable(p, fmt.Sprint("powerport ", p), fmt.Sprint("powerfeed ", f))
		}
	}
	_, all, err := Read(strings.NewReader(d.String()), Options{})
	require.NoError(t, err)
	feed, _ := found(all, OneFeed)
	require.Equal(t, []string{"device/x1"}, feed.About)
	panel, _ := found(all, OnePanel)
	require.Equal(t, []string{"device/x2"}, panel.About)
}

// What is not cabled draws on the feeds of its rack; what is cabled on one side draws on that side alone.
func TestUncabled(t *testing.T) {
	d := base()
	d.device(1, "uncabled")
	d.port(1, 1, 300)
	d.device(2, "half")
	d.port(2, 2, 100)
	d.port(3, 2, 100)
	d.cable(1, "powerport 2", "powerfeed 1")
	d.device(3, "to-nothing")
	d.port(4, 3, 100)
	d.port(5, 3, 100)
	d.cable(2, "powerport 4", "powerfeed 1")
	d.add("device", 40, `"name": "pdu-40", "site": 1, "status": "active"`) // in no rack, and not cabled
	d.port(40, 40, "null")
	d.add("poweroutlet", 40, `"name": "1", "device": 40, "power_port": 40`)
	d.cable(3, "powerport 5", "poweroutlet 40")
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "device: device/uncabled, draws 300 W, needs rack/S/R, draws on power/S/R\n")
	require.Contains(t, got, "rack power: power/S/R, draws on feed/S/A/F1, feed/S/B/F2\n")
	require.Contains(t, got, "device: device/half, draws 200 W, needs rack/S/R, draws on feed/S/A/F1\n")
	require.Contains(t, got, "device: device/to-nothing, draws 200 W, needs rack/S/R, draws on feed/S/A/F1\n")
	require.Contains(t, got, "assumed: device/uncabled: no cable leads to the power ports")
	require.Contains(t, got, "missing: device/half: some power ports are cabled, and some are not")
	require.Contains(t, got, "missing: device/to-nothing: some of the power ports lead to a power feed, and others to a PDU that leads to none")
}

// The PDU's inlet says 800 W, and of the two devices behind it one says 300 W: the other has the rest.
func TestDrawOfPDU(t *testing.T) {
	d := base()
	d.pdu(10, 2)
	d.port(10, 10, 800) // again: it counts as it came last
	d.cable(1, "powerport 10", "powerfeed 1")
	d.device(1, "x")
	d.port(1, 1, 300)
	d.cable(2, "powerport 1", "poweroutlet 10")
	d.device(2, "y")
	d.port(2, 2, "null")
	d.cable(3, "powerport 2", "poweroutlet 11")
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "device/x, draws 300 W")
	require.Contains(t, got, "device/y, draws 500 W")
	require.Contains(t, got, "assumed: device/y: demand: the allocated draw of the PDU before them")

	d.port(2, 2, 400) // 700 W behind it
	got = story(t, d.String(), Options{})
	require.Contains(t, got, "missing: pdu/pdu-10/PSU10: demand: the allocated draw of the PDU's inlet, which NetBox counts, is more")

	d.port(2, 2, 600) // 900 W
	got = story(t, d.String(), Options{})
	require.Contains(t, got, "looks wrong: pdu/pdu-10/PSU10: the allocated draw of the PDU's inlet, which NetBox counts, is less")

	d.port(2, 2, "null") // what is only planned draws nothing of it
	d.add("device", 1, `"name": "x", "site": 1, "rack": 1, "status": "planned"`)
	d.port(1, 1, "null")
	require.Contains(t, story(t, d.String(), Options{}), "device/y, draws 800 W")
}

// Behind the PDU that says 800 W is another, which says nothing, and its outlets do not say which inlet feeds them.
func TestDrawOfPDUBehindPDU(t *testing.T) {
	d := base()
	d.pdu(10, 1)
	d.port(10, 10, 800)
	d.cable(1, "powerport 10", "powerfeed 1")
	d.pdu(20, 1)
	d.add("poweroutlet", 20, `"name": "1", "device": 20, "power_port": null`)
	d.cable(2, "powerport 20", "poweroutlet 10")
	d.device(1, "x")
	d.port(1, 1, "null")
	d.cable(3, "poweroutlet 20", "powerport 1")
	require.Contains(t, story(t, d.String(), Options{}), "device/x, draws 800 W")

	d.port(20, 20, 700)
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "device/x, draws 700 W")
	require.Contains(t, got, "missing: pdu/pdu-10/PSU10: demand: the allocated draw")

	d.port(21, 20, 100) // its two inlets count together
	require.Contains(t, story(t, d.String(), Options{}), "device/x, draws 800 W")
}

// The draw of a device comes from its ports, else from those of its type, else from the options, else from nowhere.
func TestDraws(t *testing.T) {
	d := base()
	d.add("powerporttemplate", 1, `"name": "PSU3", "device_type": 9, "allocated_draw": null, "maximum_draw": 70`)
	for id, fields := range []string{
		1: `"allocated_draw": 50, "maximum_draw": 60`, 2: `"allocated_draw": null, "maximum_draw": 60`, 3: `"allocated_draw": null`, 4: `"allocated_draw": null`,
	} {
		if id > 0 {
			d.add("device", id, `"name": "x%d", "site": 1, "rack": 1, "device_type": %d`, id, 6+id)
			d.add("powerport", id, `"name": "PSU%d", "device": %d, %s`, id, id, fields)
		}
	}
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "device/x1, draws 50 W")
	require.Contains(t, got, "device/x2, draws 60 W")
	require.Contains(t, got, "device/x3, draws 70 W")
	require.Contains(t, got, "device/x4, needs")
	require.Contains(t, got, "missing: device/x4: demand: no draw is known")
	got = story(t, d.String(), Options{Draw: 80})
	require.Contains(t, got, "device/x4, draws 80 W")
	require.Contains(t, got, "assumed: device/x4: demand: NetBox has no draw: taken to draw 80 W each")
}

// A server in a bay of a chassis needs the chassis, and no power port of its own.
func TestDeviceBay(t *testing.T) {
	d := base()
	d.device(1, "chassis")
	d.port(1, 1, 300)
	d.device(2, "blade")
	d.add("devicebay", 1, `"device": 1, "installed_device": 2`)
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "device: device/blade, needs device/chassis\n")
	require.NotContains(t, got, "no power port")
}

// What is not in service feeds nothing, and is not replaced by the feeds of the rack.
func TestOutOfService(t *testing.T) {
	d := base()
	d.add("powerfeed", 3, `"name": "F3", "power_panel": 1, "rack": 1, "status": "failed", "voltage": 100, "amperage": 10, "max_utilization": 100`)
	d.device(1, "x")
	d.port(1, 1, 100)
	d.cable(1, "powerport 1", "powerfeed 3")
	d.device(2, "y")
	d.port(2, 2, 100)
	d.cable(2, "powerport 2", "powerfeed 1")
	d.add("cable", 2, `"status": "planned"`)
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "device: device/x, needs rack/S/R\n")
	require.Contains(t, got, "missing: device/x: no power feed is known, by cable")
	require.Contains(t, got, "missing: cable 2: left out: not connected")
	require.Contains(t, got, "device: device/y, draws 100 W, needs rack/S/R, draws on power/S/R\n")
}

// Racks and devices of one name get that of their site, and where that is taken too their number.
func TestNames(t *testing.T) {
	var d dump
	for i := 1; i <= 2; i++ {
		d.add("site", i, `"name": "S%d"`, i)
		d.add("rack", i, `"name": "R", "site": %d`, i)
		d.add("device", i, `"name": "web", "site": %d, "rack": %d`, i, i)
	}
	d.add("device", 3, `"name": "web", "site": 2`)
	d.add("device", 4, `"name": null, "site": 2`)
	d.add("device", 5, `"name": "S1/web", "site": 2`)
	d.add("device", 6, `"name": "a[1-2]{x} \\ 2 of b=c;\n", "site": 2`)
	spec, _, err := Read(strings.NewReader(d.String()), Options{})
	require.NoError(t, err)
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	for _, name := range []string{"rack/S1/R", "rack/S2/R", "device/S1/web #1", "device/S2/web #2", "device/S2/web #3", "device/#4",
		"device/S1/web", `device/a[1-2]{x} \ 2 of b=c;`} {
		_, there := fleet.Lookup(name)
		require.True(t, there, "%s in %v", name, spec.Components)
	}
}

// Which outlets hang on which of two inlets is not said: as one they draw on both.
func TestUnassignedOutlets(t *testing.T) {
	d := base()
	d.device(10, "ups")
	d.port(10, 10, "null")
	d.port(11, 10, "null")
	d.cable(1, "powerport 10", "powerfeed 1")
	d.cable(2, "powerport 11", "powerfeed 2")
	d.add("poweroutlet", 1, `"name": "1", "device": 10, "power_port": null`)
	d.device(1, "x")
	d.port(1, 1, 100)
	d.cable(3, "powerport 1", "poweroutlet 1")
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "pdu: pdu/ups, needs device/ups, draws on pdu/ups/PSU[10-11]\n")
	require.Contains(t, got, "device: device/x, draws 100 W, needs rack/S/R, draws on pdu/ups\n")
}

// What lose says, Flow says.
func TestLoseTwin(t *testing.T) {
	for _, file := range []string{"dump-v3", "dump-v2", "rest-v4", "rest-v2"} {
		data, err := read(open(t, "testdata/"+file+".json"))
		require.NoError(t, err)
		data.complete()
		data.nameAll()
		g := data.power(Options{})
		fleet, err := topology.New(data.spec(g))
		require.NoError(t, err)
		for _, f := range g.units {
			if f.feed == nil {
				continue
			}
			load := g.lose(f)
			closure, state := fleet.Closure(), topology.State{Status: make([]topology.Status, fleet.Len())}
			id, _ := fleet.Lookup(f.name)
			for _, loss := range closure.Fail(id) {
				state.Status[loss.ID] = topology.Down
			}
			flow := fleet.Flow(state)
			for _, u := range g.units {
				id, _ := fleet.Lookup(u.name)
				want := flow.Load[id]
				got, touched := load[u]
				if !touched {
					got = u.load
				}
				if state.Status[id] == topology.Up {
					require.InDelta(t, want, got, 1e-9, "%s: without %s: %s", file, f.name, u.name)
				}
			}
		}
	}
}
