package topology

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSplitOf(t *testing.T) {
	for need, want := range map[string]struct {
		k    int
		rest string
		err  string
	}{
		"etcd-1":                    {0, "etcd-1", ""},
		"2 of etcd-[1-3]":           {2, "etcd-[1-3]", ""},
		"2  of  x":                  {2, "x", ""},
		"007 of x":                  {7, "x", ""},
		`\2 of x`:                   {0, `\2 of x`, ""},
		"2 ofx":                     {0, "2 ofx", ""},
		"2of x":                     {0, "2of x", ""},
		"2":                         {0, "2", ""},
		"":                          {0, "", ""},
		"0 of x":                    {0, "x", `"0 of x" asks for nothing: write a number from 1, or leave it out`},
		"99999999999999999999 of x": {0, "x", `"99999999999999999999 of x" asks for more than a fleet can have`},
	} {
		k, rest, err := splitOf(need)
		require.Equal(t, want.k, k, need)
		require.Equal(t, want.rest, rest, need)
		if want.err != "" {
			require.EqualError(t, err, want.err)
		} else {
			require.NoError(t, err)
		}
	}
}

func TestSplitLabel(t *testing.T) {
	for s, want := range map[string][]string{
		"zone=a":       {"zone", "a"},
		"zone=":        {"zone", ""},
		"a=b=c":        {"a", "b=c"},
		`a\=b`:         nil,
		`a\=b=c\\\[`:   {"a=b", `c\[`},
		"zone":         nil,
		`zone\`:        nil,
		"zone=a-[1-2]": {"zone", "a-[1-2]"},
	} {
		key, value, ok := splitLabel(s)
		require.Equal(t, want != nil, ok, s)
		if ok {
			require.Equal(t, want, []string{key, value}, s)
		}
	}
}

func TestSubstitute(t *testing.T) {
	brackets, labels := []string{"01", "eu-west"}, map[string]string{"zone": "a", "odd": "x=[1]+y, 2 + 3", "1": "never"}
	for s, want := range map[string]string{
		"rack":           "rack",
		"rack-{1}":       "rack-01",
		"{2}-{1}-{2}":    "eu-west-01-eu-west",
		"{zone}":         "a",
		"{zone}=[1-{1}]": "a=[1-01]",
		"db-[{2},x]":     `db-[eu\-west,x]`,
		"{odd}":          `x\=\[1\]+y, 2 \+ 3`,
		`\{1}`:           `\{1}`,
		`\\{1}`:          `\\01`,
		`a\`:             `a\`,
	} {
		got, err := substitute(s, brackets, labels)
		require.NoError(t, err, s)
		require.Equal(t, want, got, s)
	}
	for s, want := range map[string]string{
		"{3}":                    "there is no {3}: the name has 2 brackets",
		"{0}":                    "there is no {0}: the name has 2 brackets",
		"{row}":                  "there is no {row}: the labels are 1, odd, zone",
		"{}":                     "there is no {}: the labels are 1, odd, zone",
		"a-{1":                   `"a-{1": { is not closed: write } after the name, or \{ for the character itself`,
		"{99999999999999999999}": "there is no {99999999999999999999}: the name has 2 brackets",
	} {
		_, err := substitute(s, brackets, labels)
		require.EqualError(t, err, want)
	}
	_, err := substitute("{zone}", nil, nil)
	require.EqualError(t, err, "there is no {zone}: write {1} for the name's first bracket; there are no labels here")
}

// Whatever is put in stands for itself, in a bracket and outside.
func TestSubstitutedIsLiteral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringMatching(`[a-z0-9\\\[\]{}=;+, \-"]{1,8}`).Draw(t, "value")
		for pattern, want := range map[string][]string{"x{1}": {"x" + value}, "[a,{1}]": {"a", value}} {
			s, err := substitute(pattern, []string{value}, nil)
			require.NoError(t, err)
			names, err := Expand(s)
			require.NoError(t, err)
			require.Equal(t, want, names)
			_, _, isLabel := splitLabel(s)
			require.False(t, isLabel)
			require.False(t, hasTemplate(s))
		}
	})
}

func TestHasTemplate(t *testing.T) {
	for s, want := range map[string]bool{"": false, "a": false, "{1}": true, `\{1}`: false, `\\{1}`: true, `\{{`: true, "}": false} {
		require.Equal(t, want, hasTemplate(s), s)
	}
}

func TestQuote(t *testing.T) {
	require.Equal(t, `"a\[1"`, quote(`a\[1`))
	require.Equal(t, `"a\nb"`, quote("a\nb"))
	require.Equal(t, `"`+strings.Repeat("ü", 30)+`…"`, quote(strings.Repeat("ü", 1_000_000)))
}
