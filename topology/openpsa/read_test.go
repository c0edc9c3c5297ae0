package openpsa

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

func readers(texts ...string) (all []io.Reader) {
	for _, text := range texts {
		all = append(all, strings.NewReader(text))
	}
	return all
}

// What stands in the files, and what comes of it.
func TestRead(t *testing.T) {
	spec, findings, err := readText(`<?xml version="1.0"?>
<!DOCTYPE opsa-mef>
<opsa-mef name="plant">
  <define-fault-tree name="T">
    <attributes><attribute name="system" value="water {1}"/></attributes>
    <define-gate name="no water">
      <label> no
        water </label>
      <or><gate name="pumps"/><event name="valve"/><and><event name="a"/><event name="mains,1"/></and></or>
    </define-gate>
    <define-gate name="pumps">
      <atleast min="2"><event name="a"/><event name="b"/><event name="c-1"/><house-event name="off"/><house-event name="repair"/></atleast>
    </define-gate>
    <define-house-event name="off"/>
    <define-house-event name="repair"><constant value="true"/></define-house-event>
    <define-gate name="cut"><and><event name="a"/><not><house-event name="repair"/></not></and></define-gate>
  </define-fault-tree>
  <include file="more.xml"/>
</opsa-mef>`, "\uFEFF"+`<opsa-mef><model-data>
    <define-basic-event name="a"><exponential><float value="0"/><system-mission-time/></exponential></define-basic-event>
    <define-basic-event name="b"><float value="0.5"/></define-basic-event>
    <define-basic-event name="c-1"/>
    <define-basic-event name="valve"><extern-function name="f"/></define-basic-event>
    <define-basic-event name="mains,1"><float value="0.25"/></define-basic-event>
  </model-data></opsa-mef>`)
	require.NoError(t, err)
	water := map[string]string{"system": `water \{1\}`}
	require.Equal(t, topology.Spec{Name: "plant", Components: []topology.Component{
		{Name: "no water", Kind: Gate, Needs: topology.Names{"pumps", "valve", "no water/3"},
			Labels: map[string]string{"system": `water \{1\}`, "label": "no water", "top": "yes"}},
		{Name: "no water/3", Kind: Gate, Needs: topology.Names{`1 of [a,mains\,1]`}},
		{Name: "pumps", Kind: Gate, Needs: topology.Names{"a", "b", "c-1"}, Labels: water}, // one more fails it: the other is in repair
		{Name: "cut", Kind: Gate, Labels: map[string]string{"system": `water \{1\}`, "top": "yes"}},
		{Name: "a", Kind: BasicEvent},
		{Name: "b", Kind: BasicEvent, Failing: topology.Failing{Unavailability: .5}},
		{Name: "c-1", Kind: BasicEvent},
		{Name: "valve", Kind: BasicEvent},
		{Name: "mains,1", Kind: BasicEvent, Failing: topology.Failing{Unavailability: .25}},
	}}, spec)
	require.Equal(t, "looks wrong: cut: by constants and house events; left out of what refers to it\n"+
		"missing: c-1, valve: failing: no probability is given, or it comes of a function outside the files or of a periodic test "+
		"with 11 arguments, and is not computed: none is taken into account\n"+
		"missing: more.xml: a file that a file names is never opened: give it too, unless you have", findings.String())
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	cut, err := fleet.Select("system=water {1}")
	require.NoError(t, err)
	require.Len(t, cut, 3)
}

// Names are found as the format says: in the container, in those around it, then among what is public.
func TestScopes(t *testing.T) {
	const text = `<opsa-mef><define-fault-tree name="T">
  <define-gate name="top"><or><event name="A.x"/><event name="T.A.B.x"/><event name="x"/><event name="A.B.y"/></or></define-gate>
  <define-component name="A" role="private">
    <define-basic-event name="x"><parameter name="q"/></define-basic-event>
    <define-parameter name="q"><float value="0.1"/></define-parameter>
    <define-gate name="in-A"><or><event name="x"/><event name="B.x"/></or></define-gate>
    <define-component name="B">
      <define-basic-event name="x"><parameter name="q"/></define-basic-event>
      <define-basic-event name="y" role="public"><parameter name="T.q"/></define-basic-event>
      <define-gate name="in-B"><or><event name="x"/><event name="in-A"/><event name="T.x"/></or></define-gate>
    </define-component>
  </define-component>
  <define-parameter name="q"><float value="0.3"/></define-parameter>
  <define-basic-event name="x"><parameter name="q"/></define-basic-event>
</define-fault-tree></opsa-mef>`
	spec, findings, err := readText(text)
	require.NoError(t, err)
	require.Empty(t, findings)
	needs := map[string]topology.Names{}
	for _, c := range spec.Components {
		needs[c.Name] = c.Needs
	}
	require.Equal(t, map[string]topology.Names{
		"top": {"T.A.x", "T.A.B.x", "x", "y"}, "T.A.in-A": {"T.A.x", "T.A.B.x"}, "T.A.B.in-B": {"T.A.B.x", "T.A.in-A", "x"},
		"T.A.x": nil, "T.A.B.x": nil, "y": nil, "x": nil,
	}, needs)
	require.Equal(t, .1, find(t, spec, "T.A.B.x").Failing.Unavailability)
	require.Equal(t, .3, find(t, spec, "y").Failing.Unavailability)
	_, _, err = readText(strings.Replace(text, `name="A.x"`, `name="in-A"`, 1))
	require.ErrorContains(t, err, `file 1:2:31: top: event: not found: "in-A" is declared nowhere, or is private to another container`)
}

// Where no file declares a basic event, what gates name as one is one.
func TestUndeclared(t *testing.T) {
	const text = `<opsa-mef><define-fault-tree name="T"><define-gate name="g"><and><basic-event name="a"/><basic-event name="b"/></and></define-gate></define-fault-tree></opsa-mef>`
	spec, findings, err := readText(text)
	require.NoError(t, err)
	require.Len(t, spec.Components, 3)
	require.Equal(t, NotDeclared, findings[0].Reason)
	require.Len(t, findings, 1)
	_, _, err = readText(text, `<opsa-mef><model-data><define-basic-event name="a"/></model-data></opsa-mef>`)
	require.ErrorContains(t, err, `"b" is declared nowhere`)
}

// Everything that is wrong, with its place, all of it at once.
func TestFaults(t *testing.T) {
	event := `<define-basic-event name="e"><float value="0.1"/></define-basic-event>`
	for text, want := range map[string]string{
		"":                           "file 1:1:1: bad syntax: no element",
		"{}":                         "file 1:1:1: bad syntax: no element",
		"<opsa-mef>":                 "file 1:1:11: bad syntax: this is not XML in UTF-8: unexpected EOF",
		"<opsa-mef>\n<x></y>":        "file 1:2:8: bad syntax: this is not XML in UTF-8: element <x> closed by </y>",
		"<opsa-mef/><opsa-mef/>":     "file 1:1:12: bad syntax: a second root",
		"<opsa-mef/>":                "not found: no gate",
		"<fault-tree/>":              "file 1:1:1: bad syntax: <fault-tree> where <opsa-mef> begins",
		"<opsa-mef>&lol;</opsa-mef>": "invalid character entity &lol;",
		`<!DOCTYPE opsa-mef [<!ENTITY a "b">]><opsa-mef/>`:                                                                 "file 1:1:1: bad syntax: a document type with declarations",
		`<!DOCTYPE opsa-mef SYSTEM "http://x/opsa.dtd"><opsa-mef/>`:                                                        "or with the address of some",
		`<?xml version="1.0" encoding="ISO-8859-1"?><opsa-mef/>`:                                                           `the text is in "ISO-8859-1": save it as UTF-8`,
		strings.Repeat("<opsa-mef>", 70):                                                                                   "elements are more than 64 deep",
		"<opsa-mef>\xff</opsa-mef>":                                                                                        "invalid UTF-8",
		"<opsa-mef><define-gates/></opsa-mef>":                                                                             "file 1:1:11: bad syntax: <define-gates> does not belong in <opsa-mef>",
		model(event + event):                                                                                               "file 1:1:164: e: not unique: declared as a basic event, and before as a basic event (file 1:1)",
		model(event + `<define-gate name="e"><event name="top"/></define-gate>`):                                           "declared as a gate, and before as a basic event",
		model(`<define-gate/>`):                                                                                            "name: not found: <define-gate> needs a name",
		model(event + `<define-gate name="ü"><gate name="e"/></define-gate>`):                                              `:186: ü: gate: not found: "e" is declared as a basic event (file 1:1)`,
		model(event + `<define-gate name="g"/>`):                                                                           "g: bad syntax: a gate has one formula: here are 0",
		model(event + `<define-gate name="g"><and/></define-gate>`):                                                        "g: and: bad syntax: 0 arguments: it takes 1 or more",
		model(event + `<define-gate name="g"><imply><event name="e"/></imply></define-gate>`):                              "1 arguments: it takes 2",
		model(event + `<define-gate name="g"><inhibit/></define-gate>`):                                                    "g: bad syntax: <inhibit> is no formula",
		model(event + `<define-gate name="g"><atleast min="2"><event name="e"/></atleast></define-gate>`):                  `g: atleast min: bad number: "2": give a whole number from 0 to 1`,
		model(event + `<define-gate name="g"><atleast min="2"><event name="e"/><event name="e"/></atleast></define-gate>`): `g: atleast: not unique: "e" stands twice`,
		model(event + `<define-gate name="g"><constant value="maybe"/></define-gate>`):                                     "g: constant: bad syntax: write <constant",
		model(event + `<define-gate name="g" role="hidden"><event name="e"/></define-gate>`):                               `g: role: bad syntax: "hidden": it is private or public`,
		model(event + `<define-gate name="g"><not><event name="e"/></not></define-gate>`):                                  "g: not: not coherent: what fails could mend it",
		model(event + `<define-gate name="g"><cardinality min="0" max="0"><event name="e"/></cardinality></define-gate>`):  "g: cardinality: not coherent: with more than 0 failed",
		model(`<define-basic-event name="e"><float value="x"/></define-basic-event>`):                                      `e: float: bad number: "x": write a number`,
		model(`<define-basic-event name="e"><float value="1.5"/></define-basic-event>`):                                    "e: bad number: 1.5 is no probability",
		model(`<define-basic-event name="e">` + floats(.1, .2) + `</define-basic-event>`):                                  "a basic event has one expression: here are 2",
		model(`<define-basic-event name="e"><parameter name="p"/></define-basic-event>`):                                   `e: parameter: not found: "p" is declared nowhere`,
		model(`<define-basic-event name="e"><gaussian/></define-basic-event>`):                                             "e: bad syntax: <gaussian> is no expression",
		model(`<define-basic-event name="e">` + call("exponential", 1) + `</define-basic-event>`):                          "e: exponential: bad syntax: 1 arguments: it takes 2",
		model(`<define-basic-event name="e">` + call("exponential", -1, 1) + `</define-basic-event>`):                      "e: exponential: bad number: of [-1 1]: rates and times are not negative",
		model(`<define-basic-event name="e">` + call("periodic-test", 1, 1, 1, 1, 1, 1) + `</define-basic-event>`):         "6 arguments: it takes 4, 5 or 11",
		model(`<define-basic-event name="e">` + call("div", 1, 0) + `</define-basic-event>`):                               "e: div: bad number: of [1 0]: no number comes of it",
		model(`<define-basic-event name="e">` + call("ite", 1, 0) + `</define-basic-event>`):                               "e: ite: bad syntax: ite takes",
		model(groupText("phi-factor", 2, .5, .5)):                                                                          `P: model: not found: "phi-factor": the format does not say`,
		model(groupText("beta-factor", 2, .5, .5)):                                                                         "P: factors: bad number: 2 factors",
		model(groupText("alpha-factor", 17, .5)):                                                                           "P: members: too large: 17 members",
		model(groupText("MGL", 1, .5)):                                                                                     "P: members: bad syntax: give two members",
		model(event + groupText("beta-factor", 2, .5)):                                                                     "e: not unique",
	} {
		_, _, err := readText(text)
		var faults topology.Faults
		require.ErrorAs(t, err, &faults, text)
		require.Contains(t, err.Error(), want, text)
	}
	// Where a file cannot be read, what seems not to be declared is not reported.
	_, _, err := readText(model(""), "<opsa-mef>")
	require.EqualError(t, err, "file 2:1:11: bad syntax: this is not XML in UTF-8: unexpected EOF")
	_, _, err = Read(Options{MissionTime: -1}, readers(model(event))...)
	require.EqualError(t, err, "Options: MissionTime: bad number: -1 is no time: give a number above 0, or 0 for 8760")
	_, _, err = Read(Options{}, iotest.ErrReader(errors.New("disk on fire")))
	require.EqualError(t, err, "disk on fire")
}

// A unit is not converted.
func TestUnits(t *testing.T) {
	_, _, err := readText(model(`<define-basic-event name="e"><parameter name="p" unit="hours"/></define-basic-event>` +
		`<define-parameter name="p" unit="years"><float value="1"/></define-parameter>`))
	require.ErrorContains(t, err, `e: parameter: unit clash: "p" is in years, and here taken in hours`)
}

// Gates and parameters that depend on themselves are named, one by one; what depends on them is not.
func TestCycles(t *testing.T) {
	refer := func(name, to string) string {
		return fmt.Sprintf(`<define-gate name="%s"><or><gate name="%s"/><event name="e"/></or></define-gate>`, name, to)
	}
	_, _, err := readText(model(refer("a", "b") + refer("b", "c") + refer("c", "b") + refer("d", "d") +
		`<define-parameter name="p"><parameter name="p"/></define-parameter><define-basic-event name="e"><parameter name="p"/></define-basic-event>`))
	var faults topology.Faults
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults, 3)
	require.Equal(t, []string{"b", "c"}, faults[0].Cycle)
	require.Equal(t, "file 1:1:172: b: need cycle: a gate that depends on itself: b → c → b", faults[0].Error())
	require.Equal(t, []string{"d"}, faults[1].Cycle)
	require.Equal(t, []string{"p"}, faults[2].Cycle)
}

// Of very many faults a hundred are reported.
func TestManyFaults(t *testing.T) {
	_, _, err := readText("<opsa-mef>" + strings.Repeat("\n<x/>", 1000) + "</opsa-mef>")
	var faults topology.Faults
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults, maxFaults+1)
	require.Equal(t, "file 1:101:1: bad syntax: <x> does not belong in <opsa-mef>", faults[maxFaults-1].Error())
	require.Equal(t, "too large: there are more faults than these 100", faults[maxFaults].Error())
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Text without an end, very many elements, and chains as long as files may be.
func TestLarge(t *testing.T) {
	_, _, err := Read(Options{}, endless{})
	require.EqualError(t, err, "file 1:1:1: too large: with this, the files have more than 64 MiB")
	_, _, err = readText("<opsa-mef>" + strings.Repeat("<label/>", maxElements) + "</opsa-mef>")
	require.ErrorContains(t, err, "with this, the files have more than 1000000 elements")

	var many strings.Builder
	many.WriteString("<opsa-mef><define-fault-tree name=\"T\"><attributes>")
	for k := range 3000 {
		fmt.Fprintf(&many, `<attribute name="a%d" value="x"/>`, k)
	}
	_, _, err = readText(many.String() + "</attributes>" + strings.Repeat("<define-component name=\"A\"/>", 1000) + "</define-fault-tree></opsa-mef>")
	require.ErrorContains(t, err, "A: attributes: too large: with this, the elements have more than 2000000 attributes")

	const n = 100_000
	var b strings.Builder
	for k := range n {
		fmt.Fprintf(&b, `<define-gate name="g%d"><gate name="g%d"/></define-gate>`, k, k+1)
	}
	last := fmt.Sprintf(`<define-gate name="g%d"><event name="e"/></define-gate>`, n)
	event := `<define-basic-event name="e"><float value="0.1"/></define-basic-event>`
	spec, _, err := readText(model(b.String() + last + event))
	require.NoError(t, err)
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	e, _ := fleet.Lookup("e")
	require.Len(t, fleet.Closure().Fail(e), n+3)
	_, _, err = readText(model(b.String() + fmt.Sprintf(`<define-gate name="g%d"><gate name="g0"/></define-gate>`, n) + event))
	require.ErrorContains(t, err, "g0 → g1 → g2 → g3 → g4 → g5 → g6 → g7 → g8 → g9 → … → g0")
}

// Whatever is read without an error is a fleet without a fault, and the same each time.
func FuzzRead(f *testing.F) {
	f.Add(model(`<define-basic-event name="e"><float value="0.1"/></define-basic-event>`))
	f.Add(model(groupText("MGL", 3, .2, .1)))
	f.Add(model(groupText("beta-factor", 3, .2)) + "<!-- -->")
	f.Add(model(`<define-basic-event name="e">` + call("periodic-test", .01, .05, 24, 10, 30) + `</define-basic-event>`))
	f.Add(model(`<define-house-event name="e"/><define-gate name="gate"><atleast min="1"><constant value="true"/><not><event name="e"/></not></atleast></define-gate>`))
	f.Add(model(`<define-component name="A" role="private"><define-gate name="a=b"><and><event name="e"/><or><event name="T.A.f"/></or></and></define-gate>` +
		`<define-basic-event name="f"><parameter name="p"/></define-basic-event><define-parameter name="p"><normal-deviate><int value="0"/><pi/></normal-deviate>` +
		`</define-parameter></define-component><define-basic-event name="e"/>`))
	f.Fuzz(func(t *testing.T, text string) {
		spec, findings, err := readText(text)
		if err != nil {
			require.ErrorAs(t, err, &topology.Faults{})
			return
		}
		_, err = topology.New(spec)
		require.NoError(t, err)
		again, findingsAgain, err := readText(text)
		require.NoError(t, err)
		require.Equal(t, spec, again)
		require.Equal(t, findings, findingsAgain)
	})
}
