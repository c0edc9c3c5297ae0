package table_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/internal/table"
)

// readAll returns the header and the rows of a table, and what is wrong with each.
func readAll(text string) (rows [][]string, wrong []string) {
	t, err := table.NewReader(strings.NewReader(text))
	if err != nil {
		return nil, []string{err.Error()}
	}
	rows = append(rows, t.Header)
	for {
		row, err := t.Next()
		switch {
		case err == io.EOF:
			return rows, wrong
		case err != nil:
			wrong = append(wrong, err.Error())
		default:
			rows = append(rows, append([]string{}, row...))
		}
	}
}

func TestReader(t *testing.T) {
	for _, text := range []string{
		"a,b c\n1,\n\" x,\ny\",\"\"\"\"\n",
		"\uFEFFA,B C\r\n\r\n#1,2,3\r\n1 , \r\n   \r\n\"x,\ny\",\"\"\"\"",
		"# one, two, three\n A ;b C\n1;\n\" x,\ny\";\"\"\"\"\n",
		"\n\na\tB c \n1\t\n\"x,\ny\"\t\"\"\"\"\n",
		",,\na,b c\n1,\n , \n\" x,\ny\",\"\"\"\"\n,\n,,,\n", // as spreadsheets write rows that were emptied
	} {
		rows, wrong := readAll(strings.ReplaceAll(text, "\ny", " y"))
		require.Empty(t, wrong)
		require.Equal(t, [][]string{{"a", "b c"}, {"1", ""}, {"x, y", `"`}}, rows, "%q", text)
	}
	rows, wrong := readAll("a\n1\n\n2")
	require.Empty(t, wrong)
	require.Equal(t, [][]string{{"a"}, {"1"}, {"2"}}, rows)
}

// After a row that is wrong by itself the next one can be read; after a quote that is, nothing is certain.
func TestReaderFaults(t *testing.T) {
	rows, wrong := readAll("a,b\n1\n2,2\n3,3,3\nx,\x01\n4,4\n5,\"5\n6,6\n")
	require.Equal(t, [][]string{{"a", "b"}, {"2", "2"}, {"4", "4"}}, rows)
	require.Equal(t, []string{
		"2:1: bad syntax: 1 values where the header has 2: give one for each column, empty where there is none",
		"4:1: bad syntax: 3 values where the header has 2: give one for each column, empty where there is none",
		`5:3: b: bad syntax: "\x01": write text in UTF-8, without control characters`,
		`7:1: bad syntax: a quote that is not closed, or one inside a value in quotes: write "" for each inside`,
	}, wrong)

	for text, want := range map[string]string{
		"":                                  "bad syntax: there is no header: the first line names the columns",
		"\uFEFF\n# a\n":                     "bad syntax: there is no header: the first line names the columns",
		"a,,a,\n":                           "1:3: bad syntax: a column needs a name\n1:4: not unique: there is a second column \"a\"\n1:6: bad syntax: a column needs a name",
		"a,b\xff\n":                         `1:3: bad syntax: "b\xff": write text in UTF-8, without control characters`,
		"a" + strings.Repeat(",a", 1000):    "1:1: too large: 1001 columns: a table has at most 1000",
		"\"" + strings.Repeat("a\n", 1<<20): "1:1: too large: more than 1048576 bytes in one row, or in comments before it: is a quote not closed?",
		strings.Repeat("a", 1<<21):          "1:1: too large: more than 1048576 bytes in one row, or in comments before it: is a quote not closed?",
	} {
		_, wrong := readAll(text)
		require.Equal(t, []string{want}, wrong)
	}
	_, err := table.NewReader(iotest.ErrReader(io.ErrNoProgress))
	require.Equal(t, io.ErrNoProgress, err)
}

// A row of a megabyte less what is read ahead is no fault, however many there are.
func TestReaderLongRows(t *testing.T) {
	long := strings.Repeat("x", 1<<20-5000)
	rows, wrong := readAll("a\n" + strings.Repeat(long+"\n", 5))
	require.Empty(t, wrong)
	require.Len(t, rows, 6)
}

func TestColumn(t *testing.T) {
	r, err := table.NewReader(strings.NewReader("a,B\n1,2\n"))
	require.NoError(t, err)
	require.Equal(t, 1, r.Column("b"))
	require.Equal(t, -1, r.Column("c"))
	_, err = r.Next()
	require.NoError(t, err)
	require.Equal(t, 2, r.Line())
	require.EqualError(t, r.FaultAt(1, topology.BadNumber, "%d", 7), "2:3: b: bad number: 7")
}

func TestQuote(t *testing.T) {
	require.Equal(t, `"a\n"`, table.Quote("a\n"))
	require.Equal(t, `"`+strings.Repeat("x", 59)+`…"`, table.Quote(strings.Repeat("x", 59)+"éé"))
}
