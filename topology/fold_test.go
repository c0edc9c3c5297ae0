package topology

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	var chat, feeds, grid []string
	for i := 1; i <= 30; i++ {
		chat = append(chat, fmt.Sprintf("chat-%03d", i))
	}
	for _, side := range "ab" {
		for i := 1; i <= 40; i++ {
			feeds = append(feeds, fmt.Sprintf("feed-%c-%02d", side, i))
		}
	}
	for _, zone := range "abc" {
		for row := 1; row <= 2; row++ {
			for i := 9; i <= 11; i++ {
				grid = append(grid, fmt.Sprintf("%c-r%d-%d", zone, row, i))
			}
		}
	}
	for _, test := range []struct{ names, want []string }{
		{nil, nil},
		{chat, []string{"chat-[001-030]"}},
		{feeds, []string{"feed-[a,b]-[01-40]"}},
		{grid, []string{"[a-c]-r[1-2]-[9-11]"}},
		{[]string{"board-1"}, []string{"board-1"}},
		{[]string{"board-1", "board-2"}, []string{"board-[1-2]"}},
		{[]string{"a-1", "a-2", "a-5"}, []string{"a-[1-2,5]"}},
		{[]string{"a-5", "a-2", "a-1"}, []string{"a-[5,2,1]"}},
		{[]string{"a-1", "a-1"}, []string{"a-1", "a-1"}},
		{[]string{"a-1", "a-2", "a-2"}, []string{"a-[1-2,2]"}},
		{[]string{"a-1", "b-1"}, []string{"a-1", "b-1"}},
		{[]string{"zone-a", "zone-b"}, []string{"zone-a", "zone-b"}},
		{[]string{"cat-1", "cat-2", "car-1", "car-2"}, []string{"cat-[1-2]", "car-[1-2]"}},
		{[]string{"a-1-x", "a-2-x", "a-3-y"}, []string{"a-[1-2]-x", "a-3-y"}},
		{[]string{"a-08", "a-09", "a-10", "a-100"}, []string{"a-[08-10,100]"}},
		{[]string{"a-9", "a-10", "a-011"}, []string{"a-[9-10,011]"}},
		{[]string{"a-01", "a-2"}, []string{"a-[01,2]"}},
		{[]string{"12", "13"}, []string{"[12-13]"}},
		{[]string{"a1b1", "a1b1b1"}, []string{"a1b1", "a1b1b1"}},
		{[]string{"a-9999999999999999999", "a-1"}, []string{"a-[9999999999999999999,1]"}},
		{[]string{"2 of x", `"go"`, "a;b", "a + b", "c++", "zone=a", `[{\}]`}, []string{`\2 of x`, `\"go"`, `a\;b`, `a \+ b`, `c++`, `zone\=a`, `\[\{\\\}\]`}},
		{[]string{"2 of x-1", "2 of x-2"}, []string{`\2 of x-[1-2]`}},
		{[]string{"2 of x", "3 of x"}, []string{`[2-3] of x`}},
	} {
		require.Equal(t, Names(test.want), Fold(test.names))
		require.Equal(t, test.names, expandAll(t, Fold(test.names)))
	}
}

func TestFoldUndoesExpand(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "b", "c", "-", "1", "2", "09", "10", " of ", "+", " ", ";", "=", `\`, "[", "]", "{", "}", ",", `"`, "ü"})
	name := rapid.Custom(func(t *rapid.T) string {
		var s strings.Builder
		for _, p := range rapid.SliceOfN(piece, 1, 5).Draw(t, "pieces") {
			s.WriteString(p)
		}
		return s.String()
	})
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(name).Draw(t, "names")
		require.ElementsMatch(t, names, expandAll(t, Fold(names)))
		if len(names) > 0 {
			require.Equal(t, names, expandAll(t, Fold(names)))
		}
	})
}

// What is expanded folds into as many patterns or fewer.
func TestFoldIsShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.SampledFrom([]string{"a-[1-30]", "a-[01-30]", "f-[a,b]-[1-4]", "z[1-3]-r[1-2]-[x,y]-[001-010]", "[a-c][1-2]"}).Draw(t, "pattern")
		names, err := Expand(pattern)
		require.NoError(t, err)
		require.Len(t, Fold(names), 1)
	})
}

func BenchmarkFold1000000(b *testing.B) {
	names, err := Expand("row-[001-100]-rack-[01-40]-server-[001-250]")
	require.NoError(b, err)
	for b.Loop() {
		require.Len(b, Fold(names), 1)
	}
}
