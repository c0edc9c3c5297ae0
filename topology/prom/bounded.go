package prom

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A bounded reader gives no more than maxValue bytes ahead of what has been decoded: the decoder keeps one value in
// memory at a time. Nor does it give maxBlanks blanks in a row: the decoder looks at those again with each that it
// gets.
type bounded struct {
	r       io.Reader
	used    func() int64 // bytes decoded
	given   int64
	blanks  int
	failure error // of r
}

const maxBlanks = 64 << 10

var errTooLong = errors.New("too long")

// Read gives the next bytes.
func (b *bounded) Read(p []byte) (int, error) {
	if b.given-b.used() > maxValue {
		return 0, errTooLong
	}
	n, err := b.r.Read(p)
	for _, c := range p[:n] {
		if b.blanks++; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			b.blanks = 0
		}
		if b.blanks > maxBlanks {
			return 0, errTooLong
		}
	}
	b.given += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.failure = err
	}
	return n, err
}

// fault makes a fault of an error at a place in the answer; nil of none. An error of the reader stays as it is.
func (a *answers) fault(place string, err error) error {
	var faults topology.Faults
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case a.in.failure != nil:
		return a.in.failure
	case errors.As(err, &faults):
		return err
	case errors.Is(err, errTooLong):
		return topology.Faults{{
			Component: fmt.Sprint("answer ", a.number), Field: place, Reason: topology.TooLarge,
			Text: fmt.Sprintf("longer than %d MiB, or with %d KiB of blanks: ask for a shorter range or a longer step", maxValue>>20, maxBlanks>>10),
		}}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return a.bad(place, "it ends in the middle: was the download cut off?")
	case errors.As(err, &wrongType):
		field := strings.ToLower(wrongType.Field)
		if field != "" {
			place = strings.TrimPrefix(place+"."+field, ".")
		}
		return a.bad(place, "here is JSON of the type %s, where Prometheus writes another", wrongType.Value)
	}
	return a.bad(place, "%v", err)
}

func (a *answers) bad(place, format string, args ...any) error {
	return topology.Faults{{
		Component: fmt.Sprint("answer ", a.number), Field: place, Reason: topology.BadSyntax, Text: fmt.Sprintf(format, args...),
	}}
}
