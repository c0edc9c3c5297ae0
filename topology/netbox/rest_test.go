package netbox

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// An object of the REST API: its list, its number and the rest of it.
func rest(list string, id int, fields string) string {
	return fmt.Sprintf(`{"id": %d, "url": "https://netbox.example/base/api/dcim/%s/%d/", %s}`, id, list, id, fields)
}

// Objects one by one, without a list, and cables in both shapes: ends since v3.3, and before.
func TestSingleObjects(t *testing.T) {
	all := []string{
		rest("sites", 1, `"name": "S"`),
		rest("rack-groups", 4, `"name": "Row", "site": {"id": 1}, "parent": null`),
		rest("racks", 1, `"name": "R", "site": {"id": 1, "name": "S"}, "group": {"id": 4}`),
		rest("power-panels", 1, `"name": "P", "site": {"id": 1}, "rack_group": {"id": 4}`),
		rest("power-feeds", 1, `"name": "F1", "power_panel": {"id": 1}, "rack": {"id": 1}, "status": {"value": 1, "label": "Active"},
			"type": {"value": 1, "label": "Primary"}, "phase": {"value": 3, "label": "Three-phase"}, "voltage": 100, "amperage": 10, "max_utilization": 100`),
		rest("power-feeds", 2, `"name": "F2", "power_panel": {"id": 1}, "rack": {"id": 1}, "status": {"value": "active", "label": "Active"},
			"voltage": 100, "amperage": 10, "max_utilization": 100`),
		rest("devices", 1, `"name": "x", "device_type": {"id": 1, "model": "M"}, "rack": {"id": 1}, "status": {"value": 3, "label": "Staged"}`),
		rest("devices", 2, `"name": null, "device_type": {"id": 1, "model": "M"}, "rack": {"id": 1}, "parent_device": {"id": 1, "name": "x"}`),
		rest("power-ports", 1, `"name": "1", "device": {"id": 1, "name": "x"}, "allocated_draw": 100`),
		rest("power-ports", 2, `"name": "2", "device": {"id": 1, "name": "x"}, "allocated_draw": 100, "link_peers": null`),
		rest("cables", 1, `"status": {"value": "connected", "label": "Connected"},
			"a_terminations": [{"object_type": "dcim.powerport", "object_id": 1}], "b_terminations": [{"object_type": "dcim.powerfeed", "object_id": 1}]`),
		rest("cables", 2, `"status": {"value": true, "label": "Connected"},
			"termination_a_type": "dcim.powerport", "termination_a_id": 2, "termination_b_type": "dcim.powerfeed", "termination_b_id": 2`),
		rest("interfaces", 1, `"name": "eth0"`),
	}
	got := story(t, strings.Join(all, "\n"), Options{})
	require.Contains(t, got, "location: location/S/Row, needs site/S\n")
	require.Contains(t, got, "rack: rack/S/R, needs location/S/Row\n")
	require.Contains(t, got, "power panel: panel/S/P, needs location/S/Row\n")
	require.Contains(t, got, "power feed: feed/S/P/F1, of 1732 W, draws on panel/S/P\n")
	require.Contains(t, got, "power feed: feed/S/P/F2, of 1000 W, draws on panel/S/P\n")
	require.Contains(t, got, "device: device/x, draws 200 W, needs rack/S/R, draws on feed/S/P/F[1-2]\n")
	require.Contains(t, got, "device: device/M (2), needs device/x\n")
	require.Contains(t, got, "looks wrong: rack/S/R: several power feeds, and none has the type redundant")
	require.Equal(t, got, story(t, "["+strings.Join(all, ",")+"]", Options{}))
}

// What says how a power port is connected, by version.
func TestPeers(t *testing.T) {
	for version, peer := range map[string]string{
		"v2.9":  `"connected_endpoint_type": "dcim.powerfeed", "connected_endpoint": {"id": 1, "name": "F"}`,
		"v2.10": `"cable_peer_type": "dcim.powerfeed", "cable_peer": {"id": 1}, "connected_endpoint": null`,
		"v3.0":  `"link_peer_type": "dcim.powerfeed", "link_peer": {"id": 1}`,
		"v3.3":  `"link_peers_type": "dcim.powerfeed", "link_peers": [{"id": 1}], "connected_endpoints": []`,
		"v4":    `"link_peers": [{"id": 1, "url": "https://netbox.example/api/dcim/power-feeds/1/"}]`,
	} {
		text := rest("power-feeds", 1, `"name": "F", "voltage": 100, "amperage": 10, "max_utilization": 100`) +
			rest("devices", 1, `"name": "x"`) + rest("power-ports", 1, `"name": "1", "device": {"id": 1}, "allocated_draw": 100, `+peer)
		require.Contains(t, story(t, text, Options{}), "device: device/x, draws 100 W, draws on feed/F\n", version)
		// A cable that is only planned connects nothing.
		text += rest("power-ports", 1, `"name": "1", "device": {"id": 1}, "allocated_draw": 100, "cable": {"id": 7}, `+peer) +
			rest("cables", 7, `"status": {"value": "planned"}`)
		require.Contains(t, story(t, text, Options{}), "device: device/x\n", version)
	}
}

// Where the cables are not given, the ports say which of them are not connected.
func TestUnreachable(t *testing.T) {
	for said, connected := range map[string]bool{
		`"connected_endpoints_reachable": true`:                                      true,
		`"connected_endpoints_reachable": null`:                                      true,
		`"connected_endpoints_reachable": false`:                                     false,
		`"connected_endpoint_reachable": false`:                                      false,
		`"connection_status": {"value": false, "label": "Not Connected"}`:            false,
		`"connection_status": {"value": true, "label": "Connected"}`:                 true,
		`"connected_endpoints_reachable": false, "cable": {"id": 7, "url": "x"}`:     false,
		`"connected_endpoints_reachable": false, "cable": {"id": 8, "url": "given"}`: true,
	} {
		text := rest("power-feeds", 1, `"name": "F", "voltage": 100, "amperage": 10, "max_utilization": 100`) +
			rest("cables", 8, `"status": {"value": "connected"}`) +
			rest("devices", 1, `"name": "x"`) + rest("power-ports", 1, `"name": "1", "device": {"id": 1}, "allocated_draw": 100,
			"link_peers_type": "dcim.powerfeed", "link_peers": [{"id": 1}], `+said)
		require.Equal(t, connected, strings.Contains(story(t, text, Options{}), "draws on feed/F"), said)
	}
}

// NetBox may be served under a path that looks like one of its own.
func TestBasePath(t *testing.T) {
	text := strings.ReplaceAll(rest("sites", 1, `"name": "S"`), "/base/", "/dcim/")
	require.Contains(t, story(t, text, Options{}), "site: site/S\n")
}

// Pages that are there, missing, or of lists that are not read.
func TestPages(t *testing.T) {
	page := func(next, previous string, objects ...string) string {
		return fmt.Sprintf(`{"count": 3, "next": %s, "previous": %s, "results": [%s]}`, next, previous, strings.Join(objects, ", "))
	}
	const at = `"https://netbox.example/api/dcim/sites/?limit=1&offset=%d&tag=dc"`
	one, two, three := fmt.Sprintf(at, 0), fmt.Sprintf(at, 1), fmt.Sprintf(at, 2)
	first := page(two, "null", rest("sites", 1, `"name": "A"`))
	second := page(three, one, rest("sites", 2, `"name": "B"`))
	third := page("null", two, rest("sites", 3, `"name": "C"`))
	missing := func(text string) string {
		_, all, err := Read(strings.NewReader(text), Options{})
		require.NoError(t, err)
		f, _ := found(all, Incomplete)
		return f.String()
	}
	require.NotContains(t, missing(first+second+third), "objects are in the data")
	require.NotContains(t, missing(third+first+second), "objects are in the data")
	require.Contains(t, missing(first+third), "missing: /api/dcim/sites/?tag=dc: 2 of 3 objects are in the data")
	require.Contains(t, missing(first+first+third), "2 of 3 objects are in the data")
	other := `{"count": 9, "next": "https://netbox.example/api/dcim/interfaces/?offset=1", "previous": null, "results": []}`
	require.NotContains(t, missing(first+second+third+other), "objects are in the data")
	without := strings.ReplaceAll(first, `"count": 3`, `"count": null`)
	require.Contains(t, missing(without), `the page that "next" leads to is not in the data`)
}

// What is drawn already, feeds without numbers, and more than two power supplies.
func TestOtherFindings(t *testing.T) {
	d := base()
	d.device(1, "big")
	for i := 1; i <= 3; i++ {
		d.port(i, 1, 800)
	}
	d.feed(3, 1, "redundant", 100, 10, 100)
	for i := 1; i <= 3; i++ {
		d.cable(i, fmt.Sprint("powerport ", i), fmt.Sprint("powerfeed ", i))
	}
	d.device(2, "more")
	d.port(4, 2, 300)
	d.cable(4, "powerport 4", "powerfeed 1")
	d.add("powerfeed", 5, `"name": "F5", "power_panel": 1, "voltage": 100, "amperage": null, "max_utilization": 100`)
	d.device(3, "unlimited")
	d.port(5, 3, 300)
	d.cable(5, "powerport 5", "powerfeed 5")
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "looks wrong: feed/S/A/F1: with nothing lost, more is drawn than is available")
	require.Contains(t, got, "assumed: device/big: NetBox does not say how many of more than two")
	require.Contains(t, got, "missing: feed/S/A/F5: capacity: voltage, amperage or max utilization is not given")
	require.Contains(t, got, "device: device/unlimited, needs rack/S/R, draws on feed/S/A/F5\n")
}
