package choose_test

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/ridethrough/ridethrough/cascade/internal/choose"
)

// Three of two racks: two servers alike at 0 and 1, three alike at 2 to 4.
func ExampleSpace_Next() {
	s := choose.New([]int32{2, 3}, 3)
	pick := make([]int32, 3)
	s.At(0, pick)
	for ok := true; ok; _, ok = s.Next(pick) {
		fmt.Println(pick, s.Multiplicity(pick))
	}
	fmt.Println(s.All(), "in all")
	// Output:
	// [0 1 2] 3
	// [0 2 3] 6
	// [2 3 4] 1
	// 10 in all
}

// subsets returns, by pick, the number of subsets of k positions that take as many of each class, and the picks in
// lexicographic order: each subset is looked at.
func subsets(sizes []int32, k int) (picks [][]int32, times []int64) {
	var class, start []int32
	for c, size := range sizes {
		start = append(start, int32(len(class)))
		for range size {
			class = append(class, int32(c))
		}
	}
	found := map[string]int{}
	for subset := range uint(1) << len(class) {
		if bits.OnesCount(subset) != k {
			continue
		}
		taken, pick := make([]int32, len(sizes)), []int32{}
		for position, c := range class {
			if subset>>position&1 == 1 {
				pick = append(pick, start[c]+taken[c])
				taken[c]++
			}
		}
		at, ok := found[fmt.Sprint(pick)]
		if !ok {
			at = len(picks)
			found[fmt.Sprint(pick)] = at
			picks, times = append(picks, pick), append(times, 0)
		}
		times[at]++
	}
	order := make([]int, len(picks))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(picks[a], picks[b]) })
	sortedPicks, sortedTimes := make([][]int32, len(picks)), make([]int64, len(picks))
	for i, at := range order {
		sortedPicks[i], sortedTimes[i] = picks[at], times[at]
	}
	return sortedPicks, sortedTimes
}

func TestPicksEqualThoseOfAllSubsets(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 3_000 {
		sizes := make([]int32, r.IntN(6))
		for c := range sizes {
			sizes[c] = r.Int32N(3 + r.Int32N(2)) // 0 as well
			if r.IntN(3) > 0 {
				sizes[c] = 1
			}
		}
		n := 0
		for _, size := range sizes {
			n += int(size)
		}
		if n > 12 {
			continue
		}
		k := r.IntN(n+3) - 1
		picks, times := subsets(sizes, k)
		s := choose.New(sizes, k)
		length, ok := s.Len()
		require.True(t, ok)
		require.Equal(t, int64(len(picks)), length, "%v %d", sizes, k)
		all := int64(0)
		for rank, want := range picks {
			pick := make([]int32, k)
			s.At(int64(rank), pick)
			require.Equal(t, want, pick, "%v %d", sizes, rank)
			require.Equal(t, times[rank], s.Multiplicity(pick).Int64())
			all += times[rank]

			changed, ok := s.Next(pick)
			if !ok {
				require.Equal(t, len(picks)-1, rank)
				require.Equal(t, want, pick)
				require.Equal(t, k, changed)
				continue
			}
			require.Equal(t, picks[rank+1], pick)
			require.Equal(t, want[:changed], pick[:changed])
			require.NotEqual(t, want[changed], pick[changed])
		}
		require.Equal(t, all, s.All().Int64())
	}
}

// On lists too long for subsets: a walk from any rank meets the picks of the ranks after it.
func TestAWalkMeetsTheNextRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int32Range(0, rapid.SampledFrom([]int32{1, 2, 40}).Draw(t, "largest")), 1, 60).Draw(t, "sizes")
		n := 0
		for _, size := range sizes {
			n += int(size)
		}
		k := rapid.IntRange(0, n).Draw(t, "k")
		s := choose.New(sizes, k)
		length, ok := s.Len()
		if !ok {
			return
		}
		rank := rapid.Int64Range(0, length-1).Draw(t, "rank")
		pick, want := make([]int32, k), make([]int32, k)
		s.At(rank, pick)
		for range 50 {
			s.At(rank, want)
			require.Equal(t, want, pick)
			_, ok := s.Next(pick)
			require.Equal(t, rank+1 < length, ok)
			if !ok {
				break
			}
			rank++
		}
	})
}

func repeat(size int32, classes int) []int32 { return slices.Repeat([]int32{size}, classes) }

func TestLen(t *testing.T) {
	for _, c := range []struct {
		name  string
		sizes []int32
		k     int
		want  int64 // -1: too many
	}{
		{"two of 5,000", repeat(1, 5_000), 2, 12_497_500},
		{"one of a million", repeat(1, 1_000_000), 1, 1_000_000},
		{"two of a million", repeat(1, 1_000_000), 2, 499_999_500_000},
		{"three of a million", repeat(1, 1_000_000), 3, 166_666_166_667_000_000},
		{"four of a million", repeat(1, 1_000_000), 4, -1},
		{"all but one of a million", repeat(1, 1_000_000), 999_999, 1_000_000},
		{"all of a million", repeat(1, 1_000_000), 1_000_000, 1},
		{"half of a million", repeat(1, 1_000_000), 500_000, -1},
		{"racks", []int32{30, 30, 20, 20}, 30, 5_016},
		{"one class", []int32{1_000_000}, 500_000, 1},
		{"one class of 2 billion", []int32{math.MaxInt32}, 1_000_000_000, 1},
		{"a class and one more", []int32{1_000_000, 1}, 500_000, 2},
		{"two classes", []int32{1_000_000, 1_000_000}, 1_000_000, 1_000_001},
		{"two classes of a billion", []int32{1_000_000_000, 1_000_000_000}, 1_000_000_000, -1},
		{"two of a million pairs", repeat(2, 1_000_000), 2, 1_000_000 + 499_999_500_000},
		{"three of a million pairs", repeat(2, 1_000_000), 3, 166_666_166_667_000_000 + 1_000_000*999_999},
		{"half of a million pairs", repeat(2, 1_000_000), 1_000_000, -1},
		{"a thousand of a million pairs", repeat(2, 1_000_000), 1_000, -1},
		{"all but one of a million pairs", repeat(2, 1_000_000), 1_999_999, 1_000_000},
		{"31 of 63", repeat(1, 63), 31, 916312070471295267},
		{"33 of 66, which a word would hold", repeat(1, 66), 33, -1},
		{"nothing of nothing", nil, 0, 1},
		{"one of nothing", nil, 1, 0},
		{"fewer than nothing", []int32{3}, -1, 0},
	} {
		length, ok := choose.New(c.sizes, c.k).Len()
		if require.Equal(t, c.want >= 0, ok, c.name); ok {
			require.Equal(t, c.want, length, c.name)
		}
	}
}

// The number of picks of 62 classes of any size is at most 1<<62 where each gives one or none: the limit itself counts.
func TestLenAtTheLimit(t *testing.T) {
	sizes := append(repeat(1, 62), 62) // the last class takes what the others leave
	length, ok := choose.New(sizes, 62).Len()
	require.True(t, ok)
	require.Equal(t, int64(1)<<62, length)
	pick := make([]int32, 62)
	s := choose.New(sizes, 62)
	s.At(length-1, pick)
	require.Equal(t, int32(62), pick[0])
	_, ok = s.Next(pick)
	require.False(t, ok)

	_, ok = choose.New(append(repeat(1, 62), 1, 62), 62).Len()
	require.False(t, ok)
}

func TestTheLastPickOfAMillion(t *testing.T) {
	for _, c := range []struct {
		sizes []int32
		k     int
		from  int32
	}{
		{repeat(1, 1_000_000), 2, 999_998},
		{repeat(1, 1_000_000), 999_999, 1},
		{repeat(2, 1_000_000), 3, 1_999_996}, // the first of the last pair but one, and the last pair
	} {
		s := choose.New(c.sizes, c.k)
		length, ok := s.Len()
		require.True(t, ok)
		pick := make([]int32, c.k)
		s.At(length-1, pick)
		require.Equal(t, c.from, pick[0])
		_, ok = s.Next(pick)
		require.False(t, ok)
		s.At(length-2, pick)
		_, ok = s.Next(pick)
		require.True(t, ok)
		require.Equal(t, c.from, pick[0])
	}
}

func TestMultiplicityOfLargeClasses(t *testing.T) {
	s := choose.New([]int32{100, 70, 70, 5_000}, 2_185)
	pick := make([]int32, 0, 2_185)
	for _, run := range [][2]int32{{0, 50}, {100, 135}, {170, 170 + 70}, {240, 240 + 2_030}} {
		for position := run[0]; position < run[1]; position++ {
			pick = append(pick, position)
		}
	}
	want := new(big.Int).Binomial(100, 50)
	want.Mul(want, new(big.Int).Binomial(70, 35))
	want.Mul(want, new(big.Int).Binomial(5_000, 2_030))
	require.Equal(t, want.String(), s.Multiplicity(pick).String())
	require.Equal(t, new(big.Int).Binomial(5_240, 2_185), s.All())
	require.Equal(t, int64(0), choose.New([]int32{3}, 4).All().Int64())
	require.Equal(t, new(big.Int).Binomial(5_000, 900), choose.New([]int32{5_000}, 900).All())
}

func TestSingle(t *testing.T) {
	require.True(t, choose.New(repeat(1, 5), 2).Single())
	require.False(t, choose.New([]int32{1, 2}, 2).Single())
	require.False(t, choose.New([]int32{1, 0}, 1).Single())
	require.Equal(t, "1", choose.New(repeat(1, 5), 2).Multiplicity([]int32{1, 3}).String())
}

func TestNextAllocatesNothing(t *testing.T) {
	for _, s := range []*choose.Space{choose.New(repeat(1, 100), 5), choose.New([]int32{30, 30, 20, 20}, 5)} {
		pick := make([]int32, 5)
		s.At(0, pick)
		require.Zero(t, testing.AllocsPerRun(50, func() { s.Next(pick) }))
	}
}

// Ways that were asked for others before, near or far, of the same sizes or not, are the same.
func TestMultiplicityByIsMultiplicity(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	var ways choose.Ways
	sizes := []int32{200, 3, 90, 200, 1, 400}
	for k := range 890 {
		s := choose.New(sizes, k)
		pick := make([]int32, k)
		s.At(0, pick)
		for range r.IntN(20) {
			if _, ok := s.Next(pick); !ok {
				break
			}
			require.Equal(t, s.Multiplicity(pick).String(), s.MultiplicityBy(&ways, pick).String())
		}
	}
}
