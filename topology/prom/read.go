package prom

import (
	"bufio"
	"errors"
	"io"
	"regexp"

	"github.com/ridethrough/ridethrough/topology"
)

// Read reads series to the end of r: JSON if it begins with a brace, else text. Either may be several, one after
// the other. A series that is in several of them is one, with the points of all; the order is that in which they begin.
//
// The JSON is that of Prometheus' HTTP API, and of all that speak it (Thanos, Mimir, VictoriaMetrics): answers of
// /api/v1/query and /api/v1/query_range, with a scalar, a vector or a matrix. A native histogram is a series without
// points. What the server warns of, as of stores that did not answer, is a finding each: Suspect, [Warned].
//
// The text is what exporters say at /metrics: Prometheus' text format, or OpenMetrics, where times are in seconds; a
// "# EOF" tells them apart.
//
// An error of r is returned as it is. Any other is a [topology.Faults]: an answer that is an error, with its type and
// message; what is neither of the forms, with line or place; a series with two values at one time; and more than a
// million series, five million points, 256 MiB of labels, 16 MiB of one series, or 1 MiB of one line.
func Read(r io.Reader) ([]Series, topology.Findings, error) {
	c := newCollector()
	in := bufio.NewReader(r)
	first, blank, err := firstByte(in)
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil, topology.Faults{{
			Reason: topology.BadSyntax, Text: "nothing is there: want an answer of Prometheus' HTTP API, or an exporter's text",
		}}
	case err != nil:
		return nil, nil, err
	case first == '{' && !namedInBraces(in):
		err = readAnswers(in, c)
	default:
		err = readText(in, c, blank)
	}
	if err != nil {
		return nil, nil, err
	}
	series, err := c.done()
	if err != nil {
		return nil, nil, err
	}
	return series, c.findings, nil
}

// firstByte returns the first byte that is not blank, and leaves it to be read; the blank lines before it are gone.
func firstByte(in *bufio.Reader) (first byte, blank int, err error) {
	for {
		switch first, err = in.ReadByte(); {
		case err != nil:
			return 0, 0, err
		case first == '\n':
			blank++
		case first != ' ' && first != '\t' && first != '\r':
			return first, blank, in.UnreadByte()
		}
	}
}

var quotedName = regexp.MustCompile(`^\{[ \t]*"([^"\\]|\\.)*"[ \t]*[,}]`)

// namedInBraces reports whether what begins with a brace is text: {"http.requests",code="200"} 3.
func namedInBraces(in *bufio.Reader) bool {
	begin, _ := in.Peek(maxName)
	return quotedName.Match(begin)
}

// maxName is how far the name of a metric is looked for.
const maxName = 1024
