package openpsa

import (
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	aralia = "../../../shared/data/aralia"
	scram  = "/usr/share/scram/input"
)

// need skips where files from elsewhere are not there.
func need(t *testing.T, folder string) {
	if _, err := os.Stat(folder); err != nil {
		t.Skip(folder, "is not here")
	}
}

func openAll(t *testing.T, folder, names string) (files []io.Reader) {
	for name := range strings.FieldsSeq(names) {
		f, err := os.Open(filepath.Join(folder, name))
		require.NoError(t, err)
		t.Cleanup(func() { f.Close() })
		files = append(files, f)
	}
	return files
}

// reasons returns the categories of faults, each once.
func reasons(err error) (all []topology.Reason) {
	var faults topology.Faults
	errors.As(err, &faults)
	seen := map[topology.Reason]bool{}
	for _, f := range faults {
		if !seen[f.Reason] {
			seen[f.Reason] = true
			all = append(all, f.Reason)
		}
	}
	return all
}

// The Aralia fault trees: as many gates and basic events as they have elements that declare them.
func TestAralia(t *testing.T) {
	need(t, aralia)
	for name, want := range map[string]string{
		"baobab1":  "84 × gate, 61 × basic event",
		"baobab2":  "40 × gate, 32 × basic event",
		"baobab3":  "107 × gate, 80 × basic event",
		"chinese":  "36 × gate, 25 × basic event",
		"das9201":  "82 × gate, 122 × basic event",
		"das9202":  "36 × gate, 49 × basic event",
		"das9203":  "30 × gate, 51 × basic event",
		"das9205":  "20 × gate, 51 × basic event",
		"das9206":  "112 × gate, 121 × basic event",
		"das9207":  "275 × gate, 276 × basic event",
		"das9601":  "",
		"das9701":  "",
		"edf9201":  "131 × gate, 183 × basic event",
		"edf9203":  "475 × gate, 362 × basic event",
		"edf9205":  "142 × gate, 165 × basic event",
		"edfpa14o": "165 × gate, 311 × basic event",
		"edfpa14r": "120 × gate, 106 × basic event",
		"edfpa15p": "73 × gate, 100 × basic event",
		"edfpa15q": "149 × gate, 283 × basic event",
		"ftr10":    "94 × gate, 175 × basic event",
		"isp9601":  "104 × gate, 143 × basic event",
		"isp9603":  "95 × gate, 91 × basic event",
		"isp9604":  "132 × gate, 215 × basic event",
		"isp9605":  "40 × gate, 32 × basic event",
		"jbd9601":  "315 × gate, 533 × basic event",
		"nus9601":  "1515 × gate, 1567 × basic event",
	} {
		spec, findings, err := Read(Options{}, openAll(t, aralia, name+".xml")...)
		if want == "" {
			require.Equal(t, []topology.Reason{NotCoherent}, reasons(err)[:1], name)
			require.NotContains(t, err.Error(), string(topology.NotFound), name)
			continue
		}
		require.NoError(t, err, name)
		fleet, err := topology.New(spec)
		require.NoError(t, err, name)
		require.Equal(t, want, fleet.String(), name)
		top, err := fleet.Select("top=yes")
		require.NoError(t, err)
		require.Len(t, top, 1, name)
		if name == "nus9601" {
			require.Equal(t, "looks wrong: g948, g1097, g963: a formula has an argument twice: it counts once", findings.String())
		} else {
			require.Empty(t, findings, name)
		}
	}
}

// The models that come with scram: what each becomes, the first of its findings or faults, and the gate whose probability
// scram says with the options given.
var scramModels = []struct{ files, want, found, top, options string }{
	{"BSCU/BSCU.xml", "7 × gate, 8 × basic event", "assumed: ValidityMonitorFailure", "LossOfBrakingCommands", ""},
	{"Baobab/baobab1.xml Baobab/baobab1-basic-events.xml", "84 × gate, 61 × basic event", "", "", ""},
	{"Baobab/baobab2-basic-events.xml Baobab/baobab2.xml", "32 × basic event, 40 × gate", "", "", ""},
	{"Baobab/baobab2.xml", "40 × gate, 32 × basic event", "missing: e[1-6,11,7-10,12-22,25-26,29-30,23,27,31,24,28,32]: failing: taken as basic events", "", ""},
	{"Baobab/baobab1.xml", "", `g1: event: not found: "e1" is declared nowhere`, "", ""},
	{"CEA9601/CEA9601.xml CEA9601/CEA9601-basic-events.xml", "", "g34: not: not coherent: what fails could mend it", "", ""},
	{"Chinese/chinese.xml Chinese/chinese-basic-events.xml", "36 × gate, 25 × basic event", "", "", ""},
	{"Chinese/chinese.xml Chinese/high-prob.xml", "36 × gate, 25 × basic event", "", "", ""},
	{"Chinese/chinese.xml Chinese/mcs_prob.xml", "36 × gate, 25 × basic event", "assumed: e[1,10-19,2,20-25,3-9]: failing: the probability", "", ""},
	{"Chinese/chinese.xml Chinese/mixed_mcs_prob.xml", "36 × gate, 25 × basic event", "assumed: e[1,10-19,2,20-25,3-4]: failing: the probability", "", ""},
	{"EventTrees/attack.xml", "", "not found: no gate", "", ""},
	{"EventTrees/attack.xml EventTrees/attack_alignment.xml", "", "not found: no gate", "", ""},
	{"EventTrees/bcd.xml", "", "not found: no gate", "", ""},
	{"EventTrees/mef_example.xml", "", "not found: no gate", "", ""},
	{"EventTrees/gas_leak/gas_leak.xml", "2 × gate, 4 × basic event", "missing: initiating-event Gas-Leak, event-tree", "", ""},
	{"EventTrees/gas_leak/gas_leak_reactive.xml", "5 × gate, 8 × basic event", "missing: initiating-event", "", ""},
	{"HIPPS/HIPPS.xml", "5 × gate, 9 × basic event", "assumed: LogicSolverFailure", "top", ""},
	{"Lift/lift.xml", "13 × gate, 14 × basic event", "", "LiftDoor", ""},
	{"SmallTree/SmallTree.xml", "3 × gate, 4 × basic event", "assumed: e[1-4]: failing: the probability is computed from the means", "top", ""},
	{"Theatre/theatre.xml", "2 × gate, 3 × basic event", "", "Theatre", ""},
	{"ThreeMotor/three_motor.xml", "12 × gate, 21 × basic event", "looks wrong: E[3,5,8-10,12]: by constants", "E1", ""},
	{"ThreeMotor/event_tree.xml", "", "not found: no gate", "", ""},
	{"TwoTrain/two_train.xml", "3 × gate, 4 × basic event", "", "TopEvent", ""},
	{"TwoTrain/common_cause.xml", "3 × gate, 6 × basic event", "", "TopEvent", "--ccf 1"},
	{"TwoTrain/two_train_alignment.xml", "5 × gate, 6 × basic event", "missing: alignment Maintenance", "", ""},
	{"TwoTrain/two_train.xml TwoTrain/event_tree.xml", "3 × gate, 4 × basic event", "missing: initiating-event I, event-tree EventTree", "", ""},
	{"TwoTrain/substitutions.xml", "3 × gate, 6 × basic event", "missing: substitution ExclusiveValves", "", ""},
	{"TwoTrain/nondeclarative_substitutions.xml", "3 × gate, 6 × basic event", "missing: substitution ExchangeValves", "", ""},
	{"TwoTrain/config.xml", "", "<scram> where <opsa-mef> begins a model", "", ""},
	{"ne574/ne574.xml", "5 × gate, 7 × basic event", "", "System", ""},
}

func TestScramModels(t *testing.T) {
	need(t, scram)
	listed := map[string]bool{}
	for _, m := range scramModels {
		for name := range strings.FieldsSeq(m.files) {
			listed[filepath.Join(scram, name)] = true
		}
		spec, findings, err := Read(Options{}, openAll(t, scram, m.files)...)
		if m.want == "" {
			require.ErrorContains(t, err, m.found, m.files)
			continue
		}
		require.NoError(t, err, m.files)
		fleet, err := topology.New(spec)
		require.NoError(t, err, m.files)
		require.Equal(t, m.want, fleet.String(), m.files)
		if m.found == "" {
			require.Empty(t, findings, m.files)
		} else {
			require.True(t, strings.HasPrefix(findings.String(), m.found), "%s: %s", m.files, findings)
		}
	}
	require.NoError(t, filepath.WalkDir(scram, func(path string, _ os.DirEntry, err error) error {
		require.True(t, err != nil || !strings.HasSuffix(path, ".xml") || listed[path], path)
		return err
	}))
}

// chance returns the probability that a component is down, over all states of what may fail.
func chance(t *testing.T, fleet *topology.Topology, top string) float64 {
	id, ok := fleet.Lookup(top)
	require.True(t, ok)
	events, err := fleet.Select(BasicEvent)
	require.NoError(t, err)
	c, sum := fleet.Closure(), 0.0
	var from func(n int, p float64)
	from = func(n int, p float64) {
		if p == 0 || n == len(events) {
			if c.Down(id) {
				sum += p
			}
			return
		}
		q := fleet.Unavailability(events[n])
		from(n+1, p*(1-q))
		lost := c.Fail(events[n])
		from(n+1, p*q)
		c.Undo(lost)
	}
	from(0, 1)
	return sum
}

var probability = regexp.MustCompile(`<sum-of-products name="([^"]*)".* probability="([^"]*)"`)

// scramSays returns what scram computes for the top event of a file.
func scramSays(t *testing.T, path, options string) (string, float64) {
	args := append(strings.Fields(options), "--bdd", "--probability", "1", path)
	out, err := exec.Command("scram", args...).Output()
	require.NoError(t, err, path)
	m := probability.FindSubmatch(out)
	require.NotNil(t, m, path)
	p, err := strconv.ParseFloat(string(m[2]), 64)
	require.NoError(t, err)
	return string(m[1]), p
}

// requireSame holds the probability of a top event against scram's, which has six digits.
func requireSame(t *testing.T, want, got float64, name string) {
	require.LessOrEqual(t, math.Abs(got-want), 1e-5*want, "%s: %v, scram says %v", name, got, want)
}

func TestScramProbabilities(t *testing.T) {
	if _, err := exec.LookPath("scram"); err != nil {
		t.Skip("scram is not installed")
	}
	for _, m := range scramModels {
		if m.top == "" {
			continue
		}
		spec, _, err := Read(Options{}, openAll(t, scram, m.files)...)
		require.NoError(t, err)
		top, want := scramSays(t, filepath.Join(scram, m.files), m.options)
		require.Equal(t, m.top, top)
		requireSame(t, want, chance(t, topology.Must(topology.New(spec)), m.top), m.files)
	}
}
