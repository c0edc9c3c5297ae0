package netbox

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func open(t testing.TB, name string) io.Reader {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return bytes.NewReader(text)
}

// What NetBox could not have written is said with its place, all of it at once.
func TestFaults(t *testing.T) {
	d := base()
	d.feed(7, 1, "primary", 0, 10, 80)
	d.feed(8, 1, "primary", 230, -5, 80)
	d.feed(9, 1, "primary", 230, 10, 1e300)
	d.port(5, 1, -20)
	d.port(6, 1, `"many"`)
	d.add("rack", 0, `"name": "zero"`)
	d.add("rack", 2, `"name": "R", "site": -4`)
	got := faults(t, d.String()).Error()
	for _, line := range []string{
		"power feed 7: voltage: bad number: a feed of 0 V carries nothing",
		"power feed 8: amperage: bad number: -5: it is from 1 to 32767",
		"power feed 9: max_utilization: bad number: 1e+300: it is from 1 to 100",
		"power port 5: allocated_draw: bad number: -20: it is from 0 to 2147483647",
		`power port 6: allocated_draw: bad number: "many": it is from 0 to 2147483647`,
		"object 12: pk: bad number: 0 is no id: NetBox numbers its objects from 1",
		"rack 2: site: bad number: -4 is no id",
	} {
		require.Contains(t, got, line)
	}
}

func TestNotNetBox(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "nothing of NetBox's racks, devices and power is in the data",
		"[]":                                "nothing of NetBox's racks",
		"{}":                                "neither an object of a dump",
		"7":                                 "neither an object of a dump",
		"[1, 2]":                            "object 1: bad syntax: neither an object of a dump",
		`{"data": {"rack_list": []}}`:       "neither an object of a dump",
		`{"results": {}}`:                   "results: bad syntax: neither",
		`{"detail": "Invalid token"}`:       "NetBox refused to answer: Invalid token",
		`[{"model": "dcim.site", "pk"`:      "the data ends in the middle of a value",
		`[{"model": "dcim.site",, }]`:       "object 1, after byte 1: bad syntax: this is not JSON",
		"<html>":                            "bad syntax: this is not JSON, as a dump of manage.py dumpdata and what the REST API answers are: invalid",
		"[" + strings.Repeat("[", 1e6):      "exceeded max depth",
		strings.Repeat(`{"results":[`, 1e5): "object",
		`[{"model": "dcim.rack", "pk": 1, "fields": 7}]`: "rack 1: fields: bad syntax: these are an object",
	} {
		require.Contains(t, faults(t, text).Error(), want, "%.40s", text)
	}
}

type endless struct{ begun bool }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	if !e.begun {
		copy(p, `[{"model": "`)
		e.begun = true
	}
	return len(p), nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

// One object that never ends is given up, and what the reader says is returned as it is.
func TestReaders(t *testing.T) {
	_, _, err := Read(&endless{}, Options{})
	require.ErrorContains(t, err, "an object of more than 64 MiB")
	_, _, err = Read(io.MultiReader(strings.NewReader("["), broken{}), Options{})
	require.EqualError(t, err, "disk on fire")
}

// PDUs that feed themselves, or each other, are cut open.
func TestCircles(t *testing.T) {
	d := base()
	d.pdu(10, 2)
	d.cable(1, "poweroutlet 10", "powerport 10")
	d.pdu(20, 2)
	d.pdu(30, 2)
	d.cable(2, "poweroutlet 20", "powerport 30")
	d.cable(3, "poweroutlet 30", "powerport 20")
	d.device(1, "x")
	d.port(1, 1, 100)
	d.cable(4, "powerport 1", "poweroutlet 21")
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "looks wrong: pdu/pdu-10/PSU10, pdu/pdu-30/PSU30: cabled in a circle")
	require.Contains(t, got, "missing: device/x: no power feed is known, by cable")
}

// Five thousand PDUs in a row: it ends, and the load arrives. What hangs is ended by go test.
func TestLong(t *testing.T) {
	const n = 5_000
	d := base()
	d.cable(1, "powerport 10", "powerfeed 1")
	for i := 10; i < n; i++ {
		d.pdu(i, 1)
		d.cable(i, fmt.Sprint("poweroutlet ", i), fmt.Sprint("powerport ", i+1))
	}
	d.device(n, "x")
	d.port(n, n, 300)
	spec, all, err := Read(strings.NewReader(d.String()), Options{})
	require.NoError(t, err)
	last := spec.Components[len(spec.Components)-1]
	require.Equal(t, 300.0, last.Demand)
	_, there := found(all, NotFed)
	require.False(t, there)
}

// Ids that lead nowhere, types that are only numbers, things in themselves.
func TestDangling(t *testing.T) {
	var d dump
	d.add("location", 1, `"name": "L", "parent": 1, "site": 77`)
	d.add("rack", 1, `"name": "R", "location": 1, "site": 77`)
	d.add("powerfeed", 1, `"name": "F", "power_panel": 78, "rack": 79, "voltage": 100, "amperage": 10, "max_utilization": 100`)
	d.add("device", 1, `"name": "x", "rack": 80, "parent_device": 1`)
	d.port(1, 81, 100)
	d.add("poweroutlet", 1, `"name": "1", "device": 82, "power_port": 83`)
	d.add("cable", 1, `"termination_a_type": 5, "termination_a_id": 1, "termination_b_type": 5, "termination_b_id": 2`)
	got := story(t, d.String(), Options{})
	require.Contains(t, got, "missing: site 77, power panel 78, rack [79-80] and 3 more: referred to, and not in the data")
	require.Contains(t, got, "missing: content type 5: cables end there")
	require.Contains(t, got, "missing: feed/F: no draw is known")
}

// Where all is out of service nothing is left, which is for who joins it with other sources to judge.
func TestNothingLeft(t *testing.T) {
	spec, all, err := Read(strings.NewReader(rest("devices", 1, `"name": "x", "status": {"value": "planned"}`)), Options{})
	require.NoError(t, err)
	require.Empty(t, spec.Components)
	require.Contains(t, all.String(), "missing: device/x: left out")
}

// The same objects in any order, and in several files, make the same fleet but for its order.
func TestOrder(t *testing.T) {
	d := base()
	d.pdu(10, 2)
	d.cable(1, "powerport 10", "powerfeed 1")
	d.device(1, "x")
	d.port(1, 1, 300)
	d.cable(2, "powerport 1", "poweroutlet 10")
	want := lines(story(t, d.String(), Options{}))
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(d), func(i, j int) { d[i], d[j] = d[j], d[i] })
		cut := r.IntN(len(d))
		require.Equal(t, want, lines(story(t, d[:cut].String()+d[cut:].String(), Options{})))
	}
	require.Equal(t, want, lines(story(t, strings.Join(d, "\n"), Options{}))) // Django's jsonl
}

// lines counts the components and their lines; findings name things in order of the source.
func lines(story string) map[string]int {
	all := map[string]int{}
	fleet, _, _ := strings.Cut(story, "\n\n")
	for line := range strings.Lines(fleet) {
		all[strings.TrimSpace(line)]++
	}
	return all
}

// Whatever is read without an error is a fleet without a fault.
func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text)
	}
	d := base()
	d.pdu(10, 2)
	d.cable(1, "poweroutlet 10", "powerport 10")
	f.Add([]byte(d.String()))
	f.Fuzz(func(t *testing.T, text []byte) { requireSound(t, text) })
}

func requireSound(t *testing.T, text []byte) {
	spec, all, err := Read(bytes.NewReader(text), Options{Draw: 100})
	if err != nil {
		var faults topology.Faults
		require.ErrorAs(t, err, &faults)
		return
	}
	if len(spec.Components) > 0 { // not all is out of service
		_, err = topology.New(spec)
		require.NoError(t, err)
	}
	again, allAgain, err := Read(bytes.NewReader(text), Options{Draw: 100})
	require.NoError(t, err)
	require.Equal(t, spec, again)
	require.Equal(t, all.String(), allAgain.String())
}

// Good files with other numbers in them are read, or are faulty, but never make a fleet that is not one.
func TestMutatedNumbers(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for seed := range uint64(300) {
			requireSound(t, renumber(text, seed))
		}
	}
}

// renumber puts small numbers in the place of some others, so that ids come twice, lead nowhere, or in circles.
func renumber(text []byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 3))
	var b bytes.Buffer
	for i, c := range text {
		single := c >= '0' && c <= '9' && i > 0 && i+1 < len(text) && text[i-1] == ' ' && !(text[i+1] >= '0' && text[i+1] <= '9')
		if single && r.IntN(8) == 0 {
			c = byte('1' + r.IntN(9))
		}
		b.WriteByte(c)
	}
	return b.Bytes()
}

// Four thousand feeds of one rack, with as many devices that are cabled to none: each would change the load of all.
func TestWide(t *testing.T) {
	const n = 4_000
	d := base()
	for i := 3; i < n; i++ {
		d.feed(i, 1, "redundant", 100, 10, 100)
		d.device(i, fmt.Sprint("x", i))
		d.port(i, i, 300)
	}
	_, all, err := Read(strings.NewReader(d.String()), Options{})
	require.NoError(t, err)
	f, _ := found(all, NotJudged)
	require.Contains(t, f.Text, "too much hangs on too many power feeds")
}
