package kube_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/kube"
)

// The same objects, in all the ways in which they are written.
func TestFormats(t *testing.T) {
	objects := []string{
		`{"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"},"status":{"allocatable":{"cpu":"4","memory":"8Gi"}}}`,
		`{"apiVersion":"v1","kind":"Node","metadata":{"name":"n2"},"status":{"allocatable":{"cpu":4,"memory":"8Gi"}}}`,
	}
	bare := []string{strings.Replace(objects[0], `"apiVersion":"v1","kind":"Node",`, "", 1), strings.Replace(objects[1], `"apiVersion":"v1","kind":"Node",`, "", 1)}
	inYAML := func(text string) string {
		written, err := yaml.JSONToYAML([]byte(text))
		require.NoError(t, err)
		return string(written)
	}
	list := `{"apiVersion":"v1","items":[` + strings.Join(objects, ",") + `],"kind":"List"}`
	empty := `{"apiVersion":"v1","items":[],"kind":"List","metadata":{"resourceVersion":""}}`
	want, _, err := kube.Read(strings.NewReader(list), kube.Options{})
	require.NoError(t, err)
	require.Len(t, want.Components, 4)
	for name, text := range map[string]string{
		"typed list":                `{"kind":"NodeList","apiVersion":"v1","metadata":{},"items":[` + strings.Join(bare, ",") + `]}`,
		"a list of jq":              "[" + strings.Join(objects, ",\n") + "]\n",
		"lists of jq":               "[" + empty + "]\n[\n" + list + "]",
		"typed list, items typed":   `{"kind":"NodeList","apiVersion":"v1","items":[` + strings.Join(objects, ",") + `]}`,
		"one after the other":       strings.Join(objects, "\n"),
		"without a break":           strings.Join(objects, ""),
		"lists":                     empty + list + "\n" + empty,
		"a list of lists":           `{"items":[` + empty + `,` + list + `],"kind":"List"}`,
		"no items":                  list + `{"kind":"List","items":null}`,
		"YAML list":                 inYAML(list),
		"YAML typed list":           inYAML(`{"kind":"NodeList","apiVersion":"v1","items":[` + strings.Join(bare, ",") + `]}`),
		"YAML documents":            inYAML(objects[0]) + "---\n" + inYAML(objects[1]),
		"marks and comments":        "\ufeff# Nodes\n\n---\n# one\n---\n" + inYAML(objects[0]) + "...\n--- # two\n" + inYAML(objects[1]) + "---\n",
		"byte order marks":          "\ufeff" + objects[0] + "\n---\n\ufeff" + objects[1] + "\ufeff",
		"CR LF":                     strings.ReplaceAll(inYAML(objects[0])+"---\n"+inYAML(objects[1]), "\n", "\r\n"),
		"YAML in braces":            "{apiVersion: v1, kind: NodeList, items: [" + strings.Join(bare, ", ") + "]}",
		"JSON, then YAML":           objects[0] + "\n---\n" + inYAML(objects[1]),
		"JSON between marks":        "---\n" + objects[0] + "\n---\n" + objects[1] + "\n---\n",
		"YAML, then JSON":           inYAML(objects[0]) + "---\n" + objects[1],
		"other kinds":               `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"}}` + list,
		"other kinds of one name":   `{"apiVersion":"serving.knative.dev/v1","kind":"Service","metadata":{"name":"s"}}` + list,
		"kind behind":               strings.Replace(objects[0], `"apiVersion":"v1","kind":"Node",`, "", 1)[:1] + strings.TrimSuffix(bare[0], "}")[1:] + `,"kind":"Node","apiVersion":"v1"}` + objects[1],
		"twice, the last as before": strings.Replace(objects[0], `"4"`, `"9"`, 1) + list,
	} {
		got, _, err := kube.Read(strings.NewReader(text), kube.Options{})
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
		got, _, err = kube.Read(iotest.OneByteReader(strings.NewReader(text)), kube.Options{})
		require.NoError(t, err, name)
		require.Equal(t, want, got, name)
	}
}

const web = `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},"spec":%s}`

// Each error names its place, and what would be right.
func TestErrors(t *testing.T) {
	pod := func(resources string) string {
		return fmt.Sprintf(web, `{"template":{"spec":{"containers":[{"name":"a"},{"resources":`+resources+`}]}}}`)
	}
	for text, want := range map[string]string{
		"":                  "document 1: not found: no nodes, pods or workloads: write `kubectl get nodes,pods,deployments,statefulsets,services -A -o json`, or give manifests",
		"# nothing\n":       "document 1: not found: no nodes, pods or workloads: write `kubectl get nodes,pods,deployments,statefulsets,services -A -o json`, or give manifests",
		"\xff\xfe{\x00":     "bad syntax: the text is UTF-16: save it as UTF-8, in PowerShell with `| Out-File -Encoding utf8`",
		"hello":             `document 1: bad syntax: found "\"hello\"" where an object is wanted: it has the fields apiVersion, kind and metadata`,
		"[]":                "document 1: not found: no nodes, pods or workloads: write `kubectl get nodes,pods,deployments,statefulsets,services -A -o json`, or give manifests",
		"[a, b]":            `document 1: bad syntax: found "[\"a\",\"b\"]" where an object is wanted: it has the fields apiVersion, kind and metadata`,
		"a: 1":              "document 1: kind: bad syntax: it is missing: every object has apiVersion and kind (of a list, before its items)",
		"{}":                "document 1: kind: bad syntax: it is missing: every object has apiVersion and kind (of a list, before its items)",
		`{"items":[{}]}`:    "document 1, item 1: kind: bad syntax: it is missing: every object has apiVersion and kind (of a list, before its items)",
		`{"items":{}}`:      "document 1: bad syntax: items is not a list",
		`{"items":[1]}`:     "document 1, item 1: kind: bad syntax: it is missing: every object has apiVersion and kind (of a list, before its items)",
		`{"kind":"Li`:       "document 1: bad syntax: the text ends within an object: it was cut off",
		`{"kind":"Node",]}`: "document 1: bad syntax: this is not JSON: invalid character ']' looking for beginning of object key string, 15 bytes into it",
		`{"kind":"A"}` + "\n\ufeff" + `{"kind":"Node",]}`: "document 2: bad syntax: this is not JSON: invalid character ']' looking for beginning of object key string, 15 bytes into it",
		"a: 1\n---\n\nb: {":                                                                                      "2 faults",
		`{"apiVersion":"v1","kind":"Secret"}`:                                                                    "document 1: not found: no nodes, pods or workloads: write `kubectl get nodes,pods,deployments,statefulsets,services -A -o json`, or give manifests; found 1 × Secret",
		"{kind: Pod, metadata: {name: a}, status: {phase: Pending}}":                                             "not found: no nodes, and no workload of which a pod runs and is ready, where DaemonSets and Jobs are none: there is nothing to make a fleet of",
		`{"apiVersion":"v1","kind":"Pod"}`:                                                                       "document 1: metadata.name: not found: a Pod without a name",
		`{"kind":"PodList","items":[{"metadata":3}]}`:                                                            "document 1, item 1: metadata: bad syntax: found a number where an object is wanted",
		`{"kind":"Pod","metadata":{"name":"a[1]"}}`:                                                              `document 1, pod default/a[1]: metadata.name: bad syntax: "a[1]": a name has small letters, digits, - and . only`,
		`{"kind":"Pod","metadata":{"name":"a","namespace":"/"}}`:                                                 `document 1, pod /a: metadata.namespace: bad syntax: "/" is no name of a namespace`,
		`{"kind":"Node","metadata":{"name":"a","labels":{"topology.kubernetes.io/zone":"a b"}}}`:                 `document 1, node a: metadata.labels.topology.kubernetes.io/zone: bad syntax: "a b" is no value of a label`,
		`{"kind":"Pod","metadata":{"name":"a","ownerReferences":[{"kind":"a/b","name":"x","controller":true}]}}`: `document 1, pod default/a: metadata.ownerReferences: bad syntax: "a/b" "x" is no kind and name`,
		`{"kind":"Pod","metadata":{"name":"a"},"status":{"phase":"Walking"}}`:                                    `document 1, pod default/a: status.phase: bad syntax: "Walking" is no phase of a pod`,
		fmt.Sprintf(web, `{"replicas":-1}`):                                                                      "document 1, deployment shop/web: spec.replicas: bad number: -1: write how many are wanted, from 0",
		fmt.Sprintf(web, `{"replicas":1000000000}`):                                                              "document 1, deployment shop/web: spec.replicas: too large: 1000000000: a topology has at most 5000000 components",
		fmt.Sprintf(web, `{"replicas":1e99}`):                                                                    "document 1, deployment shop/web: spec.replicas: bad syntax: found a number 1e99 where a whole number is wanted",
		fmt.Sprintf(web, `{"replicas":"3"}`):                                                                     "document 1, deployment shop/web: spec.replicas: bad syntax: found a text where a whole number is wanted",
		fmt.Sprintf(web, `{"template":[]}`):                                                                      "document 1, deployment shop/web: spec.template: bad syntax: found a list where an object is wanted",
		pod(`{"limits":{"cpu":"1x"}}`):                                                                           `document 1, deployment shop/web: spec.template.spec.containers[1].resources.limits.cpu: bad number: "1x" is no quantity: write a number such as "500m", "2", or "512Mi"`,
		pod(`{"requests":{"memory":"-1Gi"}}`):                                                                    "document 1, deployment shop/web: spec.template.spec.containers[1].resources.requests.memory: bad number: -1Gi: write a quantity from 0 to 1e+15",
		pod(`{"requests":{"memory":"1e999"}}`):                                                                   `document 1, deployment shop/web: spec.template.spec.containers[1].resources.requests.memory: bad number: "1e999" is no quantity: write a number such as "500m", "2", or "512Mi"`,
		pod(`{"requests":{"memory":{}}}`):                                                                        `document 1, deployment shop/web: spec.template.spec.containers[1].resources.requests.memory: bad number: "{}" is no quantity: write a number such as "500m", "2", or "512Mi"`,
		`{"kind":"PodDisruptionBudget","metadata":{"name":"b"},"spec":{"minAvailable":"half"}}`:                  `document 1, poddisruptionbudget default/b: spec.minAvailable: bad number: "half": write a number of pods, or a part of them such as "50%"`,
		`{"kind":"PodDisruptionBudget","metadata":{"name":"b"},"spec":{"selector":{"matchExpressions":[{"key":"a","operator":"Is"}]}}}`: `document 1, poddisruptionbudget default/b: spec.selector: bad syntax: "Is" is not a valid label selector operator`,
		fmt.Sprintf(web, `{"replicas":3000000}`) + strings.Replace(fmt.Sprintf(web, `{"replicas":3000000}`), "web", "api", 1):           "document 2, deployment shop/api: spec.replicas: too large: 3000000: a topology has at most 5000000 components",
		`{"kind":"Status","status":"Failure","message":"nodes is forbidden"}` + fmt.Sprintf(web, "{}"):                                  `document 1: not found: the API server answered with an error: "nodes is forbidden"`,
		"kind: Node\nmetadata: {name: y}": `document 1: metadata.name: bad syntax: found a bool where a text is wanted: in YAML, a text such as "y", "no" or "12" stands in quotes`,
	} {
		_, _, err := kube.Read(strings.NewReader(text), kube.Options{})
		var faults topology.Faults
		require.ErrorAs(t, err, &faults, text)
		if want == fmt.Sprint(len(faults), " faults") {
			continue
		}
		require.Equal(t, want, err.Error(), text)
	}
	_, _, err := kube.Read(iotest.ErrReader(io.ErrClosedPipe), kube.Options{})
	require.Equal(t, io.ErrClosedPipe, err)
	_, _, err = kube.Read(io.MultiReader(strings.NewReader(`{"a":`), iotest.ErrReader(io.ErrClosedPipe)), kube.Options{})
	require.Equal(t, io.ErrClosedPipe, err)
	_, _, err = kube.Read(io.MultiReader(strings.NewReader("a:\n"), iotest.ErrReader(io.ErrClosedPipe)), kube.Options{})
	require.Equal(t, io.ErrClosedPipe, err)
}

// What is printed for people, and two objects in one document, are told at the line where they stand.
func TestStray(t *testing.T) {
	const node = "apiVersion: v1\nkind: Node\nmetadata: {name: a}\n"
	const json = `{"apiVersion":"v1","kind":"Node","metadata":{"name":"a"}}`
	const see = ": see to it, and give what is printed on standard output alone"
	const people = ", which is for people: get objects, with kubectl's -o json or helm template"
	for text, want := range map[string]string{
		node + node: "4:1: document 1: bad syntax: apiVersion stands here again: write a line of --- between two objects",
		node + "---\n" + node + "# again\r\n\r\n" + node:          "10:1: document 2: bad syntax: apiVersion stands here again: write a line of --- between two objects",
		"Warning: v1 Endpoints is deprecated in v1.33+\n" + json:  `1:1: document 1: bad syntax: found "Warning: v1 Endpoints is deprecated in v1.33+"` + see,
		json + "\nError from server (NotFound): no such resource": `document 2: bad syntax: found "Error from server (NotFound): no such resource"` + see,
		node + "error: no such resource\n":                        `4:1: document 1: bad syntax: found "error: no such resource"` + see,
		"E0602 12:00:00.000000 7 memcache.go:287] no\n" + json:    `1:1: document 1: bad syntax: found "E0602 12:00:00.000000 7 memcache.go:287] no"` + see,
		"No resources found in default namespace.\n":              `1:1: document 1: bad syntax: found "No resources found in default namespace."` + see,
		"NAME   STATUS   ROLES\nn1     Ready    <none>\n":         `1:1: document 1: bad syntax: found "NAME   STATUS   ROLES"` + people,
		"NAMESPACE   NAME\n":                                      `1:1: document 1: bad syntax: found "NAMESPACE   NAME"` + people,
		"Name:             web-1\nNamespace: shop\n":              `1:1: document 1: bad syntax: found "Name:             web-1"` + people,
		"NAME: web\nSTATUS: pending-install\n":                    `1:1: document 1: bad syntax: found "NAME: web"` + people,
	} {
		_, _, err := kube.Read(strings.NewReader(text), kube.Options{})
		require.EqualError(t, err, want, text)
	}
	_, _, err := kube.Read(strings.NewReader(node+"data:\n  note: |\n    error: none\n    apiVersion: v1\n"), kube.Options{})
	require.NoError(t, err)
}

// Lines count from the start of the text, whatever stands before the document.
func TestLinesOfYAML(t *testing.T) {
	_, _, err := kube.Read(strings.NewReader("# one\n---\nkind: A\n---\n\nkind: B\n  a: b\n"), kube.Options{})
	require.ErrorContains(t, err, "7:1: document 2: bad syntax: this is not YAML: mapping values are not allowed in this context")
	_, _, err = kube.Read(strings.NewReader(`{"kind":`+"\n"+`"A"}`+"\n---\na: b\n  c: d\n"), kube.Options{})
	require.EqualError(t, err, "document 2: bad syntax: this is not YAML: mapping values are not allowed in this context")
}

func TestBadOptions(t *testing.T) {
	for want, o := range map[string]kube.Options{
		"options: Load: bad number: -1: write a part of what pods may use, such as 0.6":                         {Load: -1},
		"options: CPU: bad number: a/b uses NaN: leave out what was not measured":                               {CPU: map[string]float64{"a/b": math.NaN()}},
		"options: MemoryAtRest: bad number: 1.5: write a part from 0 to 1":                                      {MemoryAtRest: 1.5},
		`options: Domains[1]: not unique: "b/rack" makes the kind rack, which there is already`:                 {Domains: []string{"a/rack", "b/rack"}},
		`options: Domains[0]: not unique: "node" makes the kind node, which there is already`:                   {Domains: []string{"node"}},
		`options: Domains[0]: bad syntax: "a b" is not the name of a label: write one such as example.com/rack`: {Domains: []string{"a b"}},
		"options: Variables: bad syntax: an empty ending is that of every variable: write one such as _ADDR":    {Variables: []string{""}},
	} {
		_, _, err := kube.Read(strings.NewReader(""), o)
		require.EqualError(t, err, want)
	}
}

// Texts that would take more time or memory than there is, if something went by what they stand for.
func TestBombs(t *testing.T) {
	var aliases strings.Builder
	aliases.WriteString("a0: &a0 [x]\n")
	for i := 1; i < 40; i++ {
		aliases.WriteString(fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1))
	}
	nested := strings.Repeat(`{"kind":"List","items":[`, 3000)
	for name, text := range map[string]string{
		"aliases":     aliases.String(),
		"lists":       strings.Repeat("[", 1_000_000),
		"mappings":    strings.Repeat("{a: ", 200_000),
		"JSON":        strings.Repeat(`{"a":`, 200_000),
		"JSON lists":  nested,
		"closed":      nested + strings.Repeat("]}", 3000),
		"deep object": `{"kind":"Node","metadata":{"labels":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}}`,
		"dashes":      strings.Repeat("- ", 300_000),
		"documents":   strings.Repeat("---\n", 300_000),
		"nothings":    strings.Repeat("{}", 300_000),
		"comments":    strings.Repeat("# a\n", 300_000),
		"one comment": "#" + strings.Repeat("a", 10_000_000),
		"small":       strings.Repeat("--- 1\n", 100_000),
		"long text":   `{"kind":"` + strings.Repeat("a", 20<<20),
		"long YAML":   "a: " + strings.Repeat("b", 20<<20),
		"quantity":    `{"kind":"Node","metadata":{"name":"a"},"status":{"allocatable":{"cpu":"1e-1000000000"}}}`,
		"exponent":    `{"kind":"Node","metadata":{"name":"a"},"status":{"allocatable":{"cpu":1E-1000000000}}}`,
		"replicas":    fmt.Sprintf(web, `{"replicas":4999999}`) + fmt.Sprintf(web, `{"replicas":2147483647}`),
	} {
		start, before := time.Now(), allocated()
		_, _, err := kube.Read(strings.NewReader(text), kube.Options{})
		require.Less(t, time.Since(start), 20*time.Second, name)
		require.Less(t, allocated()-before, uint64(600<<20), name)
		require.Error(t, err, name)
	}
}

// Variables that grow twofold, each made of the one before: the last would have 2¹⁰⁰ bytes.
func TestVariablesThatGrow(t *testing.T) {
	var env strings.Builder
	for i := range 100 {
		fmt.Fprintf(&env, `,{"name":"V%d_ADDR","value":"$(V%d_ADDR)$(V%d_ADDR)x"}`, i+1, i, i)
	}
	_, _, err := kube.Read(strings.NewReader(fmt.Sprintf(web,
		`{"template":{"spec":{"containers":[{"env":[{"name":"V0_ADDR","value":"x"}`+env.String()+`]}]}}}`)), kube.Options{})
	require.NoError(t, err)
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// inputs are the files in testdata, and the shared ones where they are.
func inputs(t testing.TB) map[string][]byte {
	all := map[string][]byte{}
	for _, file := range []string{"testdata/cluster.json", "testdata/metrics.json", "testdata/manifests.yaml", "testdata/odd.yaml"} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		all[file] = text
	}
	return all
}

// requireSound checks that what was read builds, or that the error is one of faults.
func requireSound(t testing.TB, text []byte, o kube.Options) bool {
	t.Helper()
	spec, findings, err := kube.Read(bytes.NewReader(text), o)
	if err != nil {
		var faults topology.Faults
		require.True(t, errors.As(err, &faults), "%v", err)
		require.NotEmpty(t, faults)
		return false
	}
	fleet, err := topology.New(spec)
	require.NoError(t, err)
	fleet.Flow(topology.State{})
	for _, f := range findings {
		require.NotEmpty(t, f.About, "%v", f)
		require.NotEmpty(t, f.String())
		require.NotEmpty(t, f.Reason)
	}
	again, more, err := kube.Read(bytes.NewReader(text), o)
	require.NoError(t, err)
	require.Equal(t, spec, again)
	require.Equal(t, findings, more)
	return true
}

// Good inputs with a few mistakes build a fleet, or give faults.
func TestMutated(t *testing.T) {
	for name, text := range inputs(t) {
		good := 0
		for seed := range uint64(150) {
			if requireSound(t, mutate(text, seed), kube.Options{Domains: []string{"example.com/rack"}}) {
				good++
			}
		}
		t.Logf("%s: %d of 150 are still read", name, good)
	}
}

// mutate makes one to three mistakes in a text.
func mutate(text []byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 3))
	text = bytes.Clone(text)
	for range 1 + r.IntN(3) {
		if len(text) == 0 {
			break
		}
		i, j := r.IntN(len(text)), r.IntN(len(text))
		lines := bytes.SplitAfter(text, []byte("\n"))
		k, l := r.IntN(len(lines)), r.IntN(len(lines))
		switch r.IntN(5) {
		case 0: // leave out a byte
			text = append(text[:i], text[i+1:]...)
		case 1: // change a byte
			const bytes = "\"'{}[]:,-?*&!|>%@0aZ\t\x00\xff \n=\\9m"
			text[i] = bytes[r.IntN(len(bytes))]
		case 2: // exchange two bytes
			text[i], text[j] = text[j], text[i]
		case 3: // leave out a line
			text = bytes.Join(append(append([][]byte{}, lines[:k]...), lines[k+1:]...), nil)
		case 4: // a line in the place of another
			lines[k] = lines[l]
			text = bytes.Join(lines, nil)
		}
	}
	return text
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(fourPods("{requests: {cpu: 500m, memory: 300Mi}, limits: {cpu: 1}}", "2") + usageText("app-x1-0", "1", "1Mi")))
	f.Add([]byte(fmt.Sprintf(web, `{"replicas":2,"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"env":[{"name":"A_ADDR","value":"a"}]}]}}}`) +
		`{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","namespace":"shop"},"spec":{"selector":{"a":"b"}}}`))
	for _, seed := range []string{"a: &a [*a]", "--- {}\n...\n", `{"items":[]}{"kind":"List"}`, "- - - {", "\ufeff{}", "kind: Pod\nmetadata: {name: a}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		requireSound(t, text, kube.Options{Load: .5, Domains: []string{"example.com/rack"}, Variables: []string{"_ADDR", "_HOST"}})
	})
}

// What is written is read back by topology as the same fleet.
func TestSpecIsRightInJSON(t *testing.T) {
	for name, text := range inputs(t) {
		spec, _, err := kube.Read(bytes.NewReader(text), kube.Options{})
		if err != nil {
			require.Contains(t, name, "metrics")
			continue
		}
		written, err := json.Marshal(spec)
		require.NoError(t, err)
		_, err = topology.Read(bytes.NewReader(written))
		require.NoError(t, err)
	}
}
