package topology

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestExpand(t *testing.T) {
	for pattern, want := range map[string]string{
		"board-1":           "board-1",
		"board-[1-3]":       "board-1 board-2 board-3",
		"a-[1-2,5]":         "a-1 a-2 a-5",
		"a-[5,1-2,5]":       "a-5 a-1 a-2 a-5",
		"a-[08-11]":         "a-08 a-09 a-10 a-11",
		"a-[8-11]x":         "a-8x a-9x a-10x a-11x",
		"a-[0-2]":           "a-0 a-1 a-2",
		"a-[00-02]":         "a-00 a-01 a-02",
		"a-[007]":           "a-007",
		"a-[7-7]":           "a-7",
		"zone-[a-c]":        "zone-a zone-b zone-c",
		"zone-[X-Z]":        "zone-X zone-Y zone-Z",
		"zone-[eu-west,us]": "zone-eu-west zone-us",
		"feed-[a,b]-[1-2]":  "feed-a-1 feed-a-2 feed-b-1 feed-b-2",
		"[1-2][a-b]":        "1a 1b 2a 2b",
		`a\[1-2\]`:          "a[1-2]",
		`\a[1\-2]`:          "a1-2",
		`[a\,b,2024\-01]`:   "a,b 2024-01",
		`a=b`:               "a=b",
		`2 of x`:            "2 of x",
		"köln-[1-2]":        "köln-1 köln-2",
		`\ü`:                "ü",
	} {
		names, err := Expand(pattern)
		require.NoError(t, err, pattern)
		wanted := strings.Fields(want)
		if pattern == "2 of x" {
			wanted = []string{want}
		}
		require.Equal(t, wanted, names, pattern)
	}
}

func TestExpandFaults(t *testing.T) {
	for pattern, want := range map[string]string{
		"":                                    `"": write a name`,
		"a-[1-3":                              `"a-[1-3": a bracket is not closed: write ] after its last item`,
		"a-[1-[2]]":                           `"a-[1-[2]]": [ inside a bracket: write \[ if it belongs to the name, and one bracket after the other`,
		"a-]":                                 `"a-]": ] closes nothing: write \] if it belongs to the name`,
		"a-}":                                 `"a-}": } closes nothing: write \} if it belongs to the name`,
		"a-{1}":                               `"a-{1}": { refers to a bracket or a label only in a component's lists and label values: write \{ if it belongs to the name`,
		"a-[]":                                `"a-[]": a bracket has an empty item: write items with commas between them, as in [a,b,1-3]`,
		"a-[1,,2]":                            `"a-[1,,2]": a bracket has an empty item: write items with commas between them, as in [a,b,1-3]`,
		"a-[3-1]":                             `"a-[3-1]": 3-1 falls: write 1-3`,
		"a-[c-a]":                             `"a-[c-a]": c-a falls: write a-c`,
		"a-[a-C]":                             `"a-[a-C]": a-C is no range: it runs between two numbers or two letters of one case, as in [1-3] or [a-c]; write \- for a hyphen that belongs to the name`,
		"a-[1-030]":                           `"a-[1-030]": 1-030: pad both ends to the same width, as in 001-030, or neither`,
		"a-[01-100]":                          `"a-[01-100]": 01-100: pad both ends to the same width, as in 001-100, or neither`,
		"a-[1-]":                              `"a-[1-]": "1-" is no range: write both of its ends, as in [1-3], or \- for a hyphen that belongs to the name`,
		"a-[-]":                               `"a-[-]": "-" is no range: write both of its ends, as in [1-3], or \- for a hyphen that belongs to the name`,
		"a-[1-2-3]":                           `"a-[1-2-3]": "1-2-3" is no range: write both of its ends, as in [1-3], or \- for a hyphen that belongs to the name`,
		`a\`:                                  `"a\": a backslash at the end says nothing: write \\ for one that belongs to the name`,
		"a-[1-9999999999]":                    `"a-[1-9999999999]" stands for 9999999999 names: at most %d are allowed`,
		"a-[1-99999999]":                      `"a-[1-99999999]" stands for 99999999 names: at most %d are allowed`,
		"a[1-9999999999999999999]":            `"a[1-9999999999999999999]": "1-9999999999999999999" has more than 18 digits: shorten it`,
		strings.Repeat("[1-999999999999]", 3): `"[1-999999999999][1-999999999999][1-999999999999]" stands for far too many names: at most %d are allowed`,
		strings.Repeat("[a]", 101):            `"` + strings.Repeat("[a]", 20) + `…": at most 100 brackets are allowed`,
		strings.Repeat("[", 100_000):          `"` + strings.Repeat("[", 60) + `…": [ inside a bracket: write \[ if it belongs to the name, and one bracket after the other`,
		strings.Repeat("x", 1000) + "[0-1999999]": `"` + strings.Repeat("x", 60) + `…" stands for more than 1 GiB of names: shorten it`,
	} {
		names, err := Expand(pattern)
		require.EqualError(t, err, strings.ReplaceAll(want, "%d", strconv.Itoa(MaxComponents)))
		require.Nil(t, names)
	}
}

// What a pattern promises before it is expanded is what it then gives.
func TestPatternCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := parsePattern(anyPattern().Draw(t, "pattern"))
		require.NoError(t, err)
		n, bytes, longest := 0, 0, 0
		p.each(func(name []byte) bool {
			became := p.became(n)
			n, bytes, longest = n+1, bytes+len(name), max(longest, len(name))
			require.Len(t, became, len(p.brackets))
			require.Equal(t, string(name), p.texts[0]+joinPieces(p, became))
			return true
		})
		require.Equal(t, n, p.count())
		require.Equal(t, n*longest, p.size())
		require.LessOrEqual(t, bytes, p.size())
	})
}

func joinPieces(p pattern, brackets []string) string {
	var b strings.Builder
	for i, s := range brackets {
		b.WriteString(s + p.texts[i+1])
	}
	return b.String()
}

func anyPattern() *rapid.Generator[string] {
	text := rapid.SampledFrom([]string{"", "a", "chat-", "-x", `\[`, "1", "ü"})
	bracket := rapid.SampledFrom([]string{"[1-3]", "[08-11]", "[9-11,x]", "[a-c]", "[a,b]", "[eu-west,1]", "[5]", "[7-7]"})
	return rapid.Custom(func(t *rapid.T) string {
		var s strings.Builder
		s.WriteString("n" + text.Draw(t, "text"))
		for range rapid.IntRange(0, 3).Draw(t, "brackets") {
			s.WriteString(bracket.Draw(t, "bracket") + text.Draw(t, "text"))
		}
		return s.String()
	})
}

func TestEachStops(t *testing.T) {
	p, err := parsePattern("[1-3][a-c]")
	require.NoError(t, err)
	var names []string
	p.each(func(name []byte) bool {
		names = append(names, string(name))
		return name[0] != '2'
	})
	require.Equal(t, []string{"1a", "1b", "1c", "2a"}, names)
}

func TestCountSaturates(t *testing.T) {
	p, err := parsePattern(strings.Repeat("[1-999999999999999999]", 100))
	require.NoError(t, err)
	require.Equal(t, math.MaxInt, p.count())
	require.Equal(t, math.MaxInt, p.size())
}

func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"a", "a-[1-3]", "[a-c][01-09,x]", `\[\-`, "a-[1-9999999999]", "[[[[", "2 of a", "x=y", "{1}", "[ü-ÿ]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePattern(s)
		if err != nil || p.count() > 10_000 {
			return
		}
		names, err := Expand(s)
		require.NoError(t, err)
		require.Len(t, names, p.count())
		require.Equal(t, names, expandAll(t, Fold(names)))
	})
}

func expandAll(t require.TestingT, patterns Names) []string {
	var names []string
	for _, p := range patterns {
		k, rest, err := splitOf(p)
		require.NoError(t, err)
		require.Zero(t, k, p)
		_, _, isLabel := splitLabel(p)
		require.False(t, isLabel, p)
		some, err := Expand(rest)
		require.NoError(t, err)
		names = append(names, some...)
	}
	return slices.Clip(names)
}
