package openpsa

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// model puts declarations into a fault tree with a gate over the basic event e.
func model(declarations string) string {
	return `<opsa-mef><define-fault-tree name="T"><define-gate name="top"><event name="e"/></define-gate>` +
		declarations + `</define-fault-tree></opsa-mef>`
}

func readText(texts ...string) (topology.Spec, topology.Findings, error) {
	return Read(Options{MissionTime: 100}, readers(texts...)...)
}

// find returns a component of a spec, by its pattern.
func find(t *testing.T, spec topology.Spec, name string) topology.Component {
	for _, c := range spec.Components {
		if c.Name == name {
			return c
		}
	}
	require.Fail(t, "no component", name)
	return topology.Component{}
}

// floats writes constants.
func floats(xs ...float64) (text string) {
	for _, x := range xs {
		text += fmt.Sprintf(`<float value="%v"/>`, x)
	}
	return text
}

func call(tag string, xs ...float64) string {
	return "<" + tag + ">" + floats(xs...) + "</" + tag + ">"
}

// Each expression, with the value that its definition gives.
func TestExpressions(t *testing.T) {
	for text, want := range map[string]float64{
		floats(.25):                          .25,
		`<int value="1"/>`:                   1,
		`<bool value="true"/>`:               1,
		call("add", .1, .2, .3):              .1 + .2 + .3,
		call("sub", .9, .2, .3):              .9 - .2 - .3,
		call("sub", .9):                      .9,
		call("mul", .5, .5, .5):              .125,
		call("div", 1, 2, 4):                 .125,
		call("min", .5, .25, .75):            .25,
		call("max", .5, .25, .75):            .75,
		call("mean", .5, .25, .75):           .5,
		call("mod", 5.5, 5):                  .5,
		call("pow", .5, 2):                   .25,
		call("sqrt", .25):                    .5,
		call("abs", -.5):                     .5,
		call("exp", 0):                       1,
		call("log10", 10):                    1,
		call("ceil", .2):                     1,
		call("floor", 1.5):                   1,
		call("and", 1, 2):                    1,
		call("or", 0, 0):                     0,
		call("not", 0):                       1,
		call("lt", 1, 2):                     1,
		call("geq", 1, 2):                    0,
		call("df", 1, 2):                     1,
		"<mul><pi/>" + floats(.1) + "</mul>": .3141592653589793,
		"<neg>" + call("neg", .5) + "</neg>": .5,
		"<mul><system-mission-time/>" + floats(.001) + "</mul>": .1,
		call("ite", 1, .3, .4): .3,
		call("ite", 0, .3, .4): .4,
		"<switch>" + call("case", 0, .1) + call("case", 1, .2) + floats(.3) + "</switch>": .2,
		"<switch>" + call("case", 0, .1) + floats(.3) + "</switch>":                       .3,
		"<switch>" + floats(.3) + "</switch>":                                             .3,
		call("exponential", 1e-20, 100):                                                   1e-18, // not 0: 1 − e^−x loses it
		call("exponential", .01, 100):                                                     1 - math.Exp(-1),
		call("GLM", .1, 0, 0, 100):                                                        .1,
		call("GLM", .1, .02, .03, 0):                                                      .1,
		call("GLM", 0, .02, .03, 1e9):                                                     .4,
		call("Weibull", 100, 2, 0, 50):                                                    1 - math.Exp(-.25),
		call("Weibull", 100, 2, 60, 50):                                                   0,
		call("periodic-test", .01, 24, 10, 5):                                             1 - math.Exp(-.05),
		call("periodic-test", .01, 24, 10, 40):                                            1 - math.Exp(-.06),
		call("periodic-test", .01, 24, 10, 34):                                            1 - math.Exp(-.24), // at a test: what it is about to show
		call("uniform-deviate", .2, .4):                                                   .3,
		call("normal-deviate", .2, .4):                                                    .2,
		call("lognormal-deviate", .2, 3, .95):                                             .2,
		call("lognormal-deviate", math.Log(.2), .5):                                       .2 * math.Exp(.125),
		call("gamma-deviate", 2, .1):                                                      .2,
		call("beta-deviate", 1, 3):                                                        .25,
		// Half of the weight between 0 and .2, half between .2 and .6: .5 · .1 + .5 · .4.
		"<histogram>" + floats(0) + call("bin", .2, 3) + call("bin", .6, 3) + "</histogram>": .25,
		`<parameter name="p"/>`:   .125,
		`<parameter name="T.p"/>`: .125,
	} {
		parameters := `<define-parameter name="p"><mul><parameter name="r"/><float value="0.5"/></mul></define-parameter>` +
			`<define-parameter name="r"><float value="0.25"/></define-parameter>`
		spec, findings, err := readText(model(`<define-basic-event name="e"><label>x</label>` + text + "</define-basic-event>" + parameters))
		require.NoError(t, err, text)
		got := find(t, spec, "e").Failing.Unavailability
		require.InDelta(t, want, got, 1e-15+1e-13*want, text)
		if want < 1e-9 {
			require.InEpsilon(t, want+1e-300, got+1e-300, 1e-12, text)
		}
		require.Equal(t, strings.Contains(text, "deviate") || strings.Contains(text, "histogram"), len(findings) == 1, "%s: %s", text, findings)
	}
}

// A component that is tested and repaired, followed in small steps: the slow twin of periodic-test.
func testedInSteps(lambda, mu, between, first, time float64) float64 {
	const dt = 1.0 / 256
	up, failed, repair := 1.0, 0.0, 0.0
	for k := 0; float64(k)*dt < time; k++ {
		if since := float64(k)*dt - first; since >= 0 && math.Mod(since, between) == 0 {
			repair, failed = repair+failed, 0
		}
		fails, mends := up*(1-math.Exp(-lambda*dt)), repair*(1-math.Exp(-mu*dt))
		up, failed, repair = up-fails+mends, failed+fails, repair-mends
	}
	return 1 - up
}

func TestPeriodicTestTwin(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		lambda, mu := r.Float64()*.1, r.Float64()*.5
		if seed%5 == 0 {
			mu = lambda
		}
		between, first, time := float64(1+r.IntN(30)), float64(r.IntN(30)), float64(r.IntN(200))+.5
		got, wrong := periodicTest([]float64{lambda, mu, between, first, time})
		require.Empty(t, wrong)
		require.InDelta(t, testedInSteps(lambda, mu, between, first, time), got, 2e-4, "%v %v %v %v %v", lambda, mu, between, first, time)
		at, _ := periodicTest([]float64{lambda, between, first, time})
		fast, _ := periodicTest([]float64{lambda, 1e9, between, first, time})
		require.InDelta(t, at, fast, 1e-6) // a repair that takes no time is one at a great rate
	}
	never, _ := periodicTest([]float64{0, 0, 1, 1, 1e9})
	require.Zero(t, never)
	long, _ := periodicTest([]float64{1e-3, 1e-3, 1e-3, 0, 1e9})
	require.InDelta(t, .5, long, 1e-3)
}

// group writes a CCF group of n members e, m2, m3 and so on.
func groupText(name string, n int, factors ...float64) string {
	var text strings.Builder
	text.WriteString(`<define-CCF-group name="P" model="` + name + `"><members><basic-event name="e"/>`)
	for k := 2; k <= n; k++ {
		text.WriteString(fmt.Sprintf(`<basic-event name="m%d"/>`, k))
	}
	text.WriteString(`</members><distribution><float value="0.1"/></distribution><factors>`)
	for _, f := range factors {
		text.WriteString("<factor>" + floats(f) + "</factor>")
	}
	return text.String() + "</factors></define-CCF-group>"
}

// The causes of three members, by the formulas of the format: Q = .1.
func TestGroups(t *testing.T) {
	for text, want := range map[string][3]float64{
		groupText("beta-factor", 3, .2):          {.08, 0, .02},
		groupText("MGL", 3, .2, .1):              {.08, .2 * .9 * .1 / 2, .2 * .1 * .1},
		groupText("MGL", 3, .2):                  {.08, .2 * .1 / 2, 0},
		groupText("alpha-factor", 3, .7, .2, .1): {.1 * .7 / 1.4, .1 * .2 / 1.4, .1 * 3 * .1 / 1.4},
	} {
		spec, findings, err := readText(model(text))
		require.NoError(t, err, text)
		require.Empty(t, findings)
		_, err = topology.New(spec)
		require.NoError(t, err)
		total, causes, ofEach := want[0], 0, 0
		if want[1] > 0 {
			require.InDelta(t, want[1], find(t, spec, "P/1+2").Failing.Unavailability, 1e-15)
			require.InDelta(t, want[1], find(t, spec, "P/2+3").Failing.Unavailability, 1e-15)
			total, causes, ofEach = total+2*want[1], 3, 2
		}
		if want[2] > 0 {
			require.InDelta(t, want[2], find(t, spec, "P/all").Failing.Unavailability, 1e-15)
			total, causes, ofEach = total+want[2], causes+1, ofEach+1
		}
		e := find(t, spec, "m2")
		require.InDelta(t, want[0], e.Failing.Unavailability, 1e-15)
		require.InDelta(t, .1, total, 1e-15) // with all causes, each member has the probability of the group
		require.Len(t, spec.Components, 4+causes)
		names, err := topology.Must(topology.New(spec)).Select(e.Needs...)
		require.NoError(t, err)
		require.Len(t, names, ofEach)
	}
}

// Groups and distributions against scram, where it is installed.
func TestScramValues(t *testing.T) {
	if _, err := exec.LookPath("scram"); err != nil {
		t.Skip("scram is not installed")
	}
	for _, text := range []string{
		groupText("beta-factor", 4, .2), groupText("MGL", 4, .2, .3, .4), groupText("MGL", 4, .2), groupText("alpha-factor", 4, .6, .2, .1, .1),
		`<define-basic-event name="e">` + call("GLM", .1, .002, .03, 40) + `</define-basic-event>`,
		`<define-basic-event name="e">` + call("Weibull", 100, 1.5, 10, 40) + `</define-basic-event>`,
		`<define-basic-event name="e">` + call("periodic-test", .01, 24, 10, 87) + `</define-basic-event>`,
		`<define-basic-event name="e">` + call("periodic-test", .01, .05, 24, 10, 87) + `</define-basic-event>`,
		`<define-basic-event name="e">` + call("periodic-test", .01, .01, 24, 10, 87) + `</define-basic-event>`,
		`<define-basic-event name="e">` + call("periodic-test", .01, .05, 24, 10, 30) + `</define-basic-event>`,
		`<define-basic-event name="e">` + "<histogram>" + floats(0) + call("bin", .2, 3) + call("bin", .6, 2) + "</histogram>" + `</define-basic-event>`,
	} {
		top := `<event name="e"/>`
		if strings.Contains(text, `"m4"`) {
			top = `<atleast min="2"><event name="e"/><event name="m2"/><event name="m3"/><event name="m4"/></atleast>`
		}
		before, after, _ := strings.Cut(model(""), `<event name="e"/>`)
		before = strings.Replace(before, "</define-fault-tree>", "", 1)
		file := before + top + strings.Replace(after, "</define-gate>", "</define-gate>"+text, 1)
		if strings.Contains(text, `MGL"`) || strings.Contains(text, "factor") {
			file = withLevels(file)
		}
		path := filepath.Join(t.TempDir(), "model.xml")
		require.NoError(t, os.WriteFile(path, []byte(file), 0o600))
		_, want := scramSays(t, path, "--ccf 1")
		spec, _, err := readText(file)
		require.NoError(t, err, file)
		requireSame(t, want, chance(t, topology.Must(topology.New(spec)), "top"), text)
	}
}

// withLevels gives factors the levels that scram wants.
func withLevels(file string) string {
	level := map[bool]int{true: 1, false: 2}[strings.Contains(file, "alpha-factor")]
	if strings.Contains(file, "beta-factor") {
		level = 4
	}
	for strings.Contains(file, "<factor>") {
		file = strings.Replace(file, "<factor>", fmt.Sprintf(`<factor level="%d">`, level), 1)
		level++
	}
	return file
}
