package oracle

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

var cases = flag.Int("cases", 1, "how many times as many random projects to try")

// Random projects: both refuse for the same cause, or both read the same.
func TestRandom(t *testing.T) {
	silence(t)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // else half of the time is the collector's
	const parts = 4                                   // that run at the same time
	var read, refused atomic.Int64
	t.Run("parts", func(t *testing.T) {
		for part := range uint64(parts) {
			t.Run(fmt.Sprint(part), func(t *testing.T) {
				t.Parallel()
				for i := range uint64(500 * *cases) {
					if same(t, randomProject(parts*i+part)) {
						read.Add(1)
					} else {
						refused.Add(1)
					}
				}
			})
		}
	})
	require.Greater(t, read.Load(), int64(1200**cases))
	require.Greater(t, refused.Load(), int64(200**cases))
}

// same reports whether both read a project; if so, they read the same, else both refuse.
func same(t *testing.T, p project) bool {
	t.Helper()
	want, theirs := p.theirs()
	got, ours := p.ours(t)
	about := fmt.Sprintf("%s\ntheirs: %v\nours: %v", strings.Join(p.texts, "---\n"), theirs, ours)
	if theirs != nil {
		var faults topology.Faults
		require.ErrorAs(t, ours, &faults, about)
		require.Contains(t, reasons(faults), cause(theirs), about)
		return false
	}
	require.NoError(t, ours, about)
	require.Equal(t, want, got, about)
	return true
}

func reasons(faults topology.Faults) (all []topology.Reason) {
	for _, f := range faults {
		all = append(all, f.Reason)
	}
	return all
}

// cause returns what stands for an error of compose-go.
func cause(err error) topology.Reason {
	for _, known := range []struct {
		text   *regexp.Regexp
		reason topology.Reason
	}{
		{regexp.MustCompile("dependency cycle|Circular reference"), topology.NeedCycle},
		{regexp.MustCompile("set distinct values|container name must be unique"), topology.NotUnique},
		{regexp.MustCompile("undefined service|not found"), topology.NotFound},
	} {
		if known.text.MatchString(err.Error()) {
			return known.reason
		}
	}
	return topology.Reason("unknown: " + err.Error())
}

// A writer writes random Compose files of services s0 to s4, and of s5, which needs none.
type writer struct {
	*rand.Rand
	second bool // the file that is merged over another
}

// randomProject returns one or two files, the same for the same seed.
func randomProject(seed uint64) project {
	w := writer{Rand: rand.New(rand.NewPCG(seed, 7))}
	env := map[string]string{"SET": "2", "P": "P", "B_ADDR": "s0:1"}
	p := project{dir: "/none", env: env, theirEnv: env, profiles: []string{"p"}}
	p.names, p.texts = []string{"f0"}, []string{w.file()}
	if w.second = w.IntN(3) > 0; w.second {
		p.names, p.texts = append(p.names, "f1"), append(p.texts, w.file())
	}
	return p
}

func (w writer) pick(texts ...string) string { return texts[w.IntN(len(texts))] }

func (w writer) file() string {
	var b strings.Builder
	base := w.pick("{restart: always}", "{scale: 2}", "{environment: [E_ADDR=s0]}", "{depends_on: [s0]}")
	b.WriteString("x-b: &base " + base + "\nservices:\n")
	for i := range 5 {
		if !w.second || w.IntN(2) == 0 {
			fmt.Fprintf(&b, "  s%d: {%s}\n", i, strings.Join(w.service(i), ", "))
		}
	}
	b.WriteString("  s5: {image: x}\n")
	return b.String()
}

// service returns the fields of a service; @ stands for another one.
func (w writer) service(i int) []string {
	fields := []string{"image: x"}
	maybe := func(oneIn int, name string, values ...string) {
		if w.IntN(oneIn) == 0 {
			value := strings.ReplaceAll(w.pick(values...), "@", w.other(i))
			fields = append(fields, name+": "+w.mark()+value)
		}
	}
	maybe(4, "scale", "0", "1", "2", `"3"`, `"${N:-4}"`, `"${SET}"`)
	if len(fields) == 1 || w.IntN(20) == 0 { // most that have both are refused
		maybe(5, "deploy", "{replicas: 2}", "{replicas: 0}", "{}", "{mode: global}", `{replicas: "${SET}"}`)
	}
	maybe(30, "container_name", fmt.Sprint("c", i))
	maybe(2, "depends_on", "[@]", "[@]", "[]", "{@: {condition: service_healthy}}",
		"{@: {condition: service_started, required: false}}",
		`{@: {condition: service_completed_successfully, required: "${T:-true}"}}`)
	maybe(4, "links", "[@]", `["@:al"]`)
	maybe(6, "volumes_from", "[@]", "[@:ro]")
	maybe(6, "network_mode", "service:@", "host", "none")
	maybe(12, w.pick("pid", "ipc"), "service:@", "host")
	maybe(2, "environment", "[A_ADDR=@, B_ADDR]", "{A_ADDR: @, C_ADDR: }", `["${P}_ADDR=@"]`, "{B_ADDR: 'http://@:80'}",
		`["D_ADDR=${NONE:-@}"]`, "[A_ADDR=]", "[A_ADDR=al:1]", fmt.Sprintf("[B_ADDR=c%d]", w.IntN(5)))
	maybe(8, "profiles", "[p]", "[q]", "[p, q]", "[]")
	if i > 0 && w.IntN(7) == 0 {
		fields = append(fields, "extends: "+strings.ReplaceAll(w.pick("@", "{service: @}"), "@", w.other(i)))
	}
	// Not with !reset: compose-go leaves such a field out first, and then finds it in what is merged. By YAML's rule for
	// <<, the field that the mapping has itself counts.
	if w.IntN(6) == 0 && !strings.Contains(strings.Join(fields, ""), "!reset") {
		fields = append(fields, "<<: *base")
	}
	return fields
}

// other names another service, mostly an earlier one, so that few wait for each other.
func (w writer) other(i int) string {
	switch {
	case i == 0:
		return "s5"
	case w.IntN(60) == 0:
		return fmt.Sprint("s", w.IntN(5))
	}
	return fmt.Sprint("s", w.IntN(i))
}

// mark returns, in a file that is merged over another, now and then a mark of how.
func (w writer) mark() string {
	if !w.second {
		return ""
	}
	return w.pick("", "", "", "", "", "!override ", "!reset ")
}
