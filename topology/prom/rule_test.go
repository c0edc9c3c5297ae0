package prom

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSelector(t *testing.T) {
	labels := map[string]string{nameLabel: "limits", "resource": "cpu", "container": "app\nx"}
	for text, want := range map[string]bool{
		"":                       true,
		"limits":                 true,
		"limit":                  false,
		`limits{}`:               true,
		` limits `:               false, // does not parse
		`limits{resource="cpu"}`: true, `limits{resource="mem"}`: false, `limits{resource!="mem"}`: true, `limits{resource!="cpu"}`: false,
		`{resource="cpu",}`: true, `{"limits",resource="cpu"}`: true, `{"limit"}`: false,
		`{resource=~"c.u"}`: true, `{resource=~"c|p"}`: false, `{resource=~"cpu|mem"}`: true, `{resource!~"c.*"}`: false, `{resource!~"m.*"}`: true,
		`{container=~"app.x"}`: true, `{namespace=""}`: true, `{namespace!=""}`: false, `{__name__=~"lim.*|req.*"}`: true,
	} {
		s, err := parseSelector(text)
		require.Equal(t, text == " limits ", err != nil, text)
		require.Equal(t, want, err == nil && s.selects(labels), text)
	}
}

func TestSelectorFaults(t *testing.T) {
	for text, want := range map[string]string{
		"a b":         `"b": want a selector and nothing after it`,
		"{}":          "want a name, or a selector",
		`rate(x[5m])`: `"(x[5m])": want a selector and nothing`,
		`{a=~"("}`:    "missing closing",
		`{a="b"`:      "want a comma or }",
		`{a==="b"}`:   "want a text in double quotes",
		`{a`:          "want = after a label",
		`9`:           `"9": want a selector`,
	} {
		_, err := parseSelector(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestTemplate(t *testing.T) {
	labels := map[string]string{"pod": "web-5d9c7-x2x4z", "namespace": "shop", "instance": "[::1]:9100", "odd": "{pod}", "long": strings.Repeat("x", maxPart+1)}
	for text, want := range map[string]string{
		"users":                       "users",
		"{namespace}/{pod}":           "shop/web-5d9c7-x2x4z",
		"{namespace}/{pod%-*-*}":      "shop/web",
		"{pod%-*}":                    "web-5d9c7",
		"{pod%x*}":                    "web-5d9c7-x2",
		"{pod%*}":                     "web-5d9c7-x2x4z", // the shortest end is none
		"{pod%-x2x4z}":                "web-5d9c7",
		"{pod%-x2}":                   "web-5d9c7-x2x4z",
		"{pod%-*5*}":                  "web",
		"{pod%-5*x*}":                 "web",
		"{instance%:*}":               "[::1]",
		"{odd}":                       "{pod}",
		`\{pod\}`:                     "{pod}",
		`a\\{namespace}`:              `a\shop`,
		"{none}":                      "-",
		"{long}":                      "-",
		"x{namespace}y{namespace%p}z": "xshopyshoz",
	} {
		template, err := parseTemplate(text)
		require.NoError(t, err, text)
		name, ok := template.fill(labels)
		if !ok {
			name = "-"
		}
		require.Equal(t, want, name, text)
	}
	for text, want := range map[string]string{
		"": "want the name of a component", "{": "want a label and }", "{}": "want a label", "a{%:*}": "want a label", `a\`: "a backslash at the end", "{a": "want a label and }",
	} {
		_, err := parseTemplate(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestRuleFaults(t *testing.T) {
	_, err := compile([]Rule{
		{Metric: "a b", Component: "{", Field: "load", Factor: -1},
		{Component: "x", Field: Demand},
		{Component: "x", Field: Capacity, Factor: 1e-3, Metric: `a{b=~"["}`},
	})
	require.Equal(t, `rule 1: Metric: bad syntax: "a b": "b": want a selector and nothing after it
rule 1: Component: bad syntax: "{": want a label and } after {
rule 1: Field: not found: "load": write Demand or Capacity
rule 1: Factor: bad number: -1: want a factor above 0, or 0 for none`, err.Error()[:strings.Index(err.Error(), "\nrule 3")])
	require.Contains(t, err.Error(), "rule 3: Metric: bad syntax: ")
}
