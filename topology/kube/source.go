package kube

import (
	"fmt"
	"io"

	"github.com/ridethrough/ridethrough/topology"
)

// maxObject is how many bytes an object in JSON, or a document in YAML, may have.
const maxObject = 16 << 20

// chunk is how many bytes are read at once.
const chunk = 64 << 10

// A source is a reader that takes back what was read too far, and counts.
type source struct {
	r       io.Reader
	pending []byte // read before r
	line    int    // lines that lie before
	lost    bool   // and are not counted any more: JSON was read
	left    int    // bytes that may be read before the next reset
	err     error  // of r
}

// errTooLarge is what Read returns once left is used up.
var errTooLarge = topology.Faults{{Reason: topology.TooLarge, Text: fmt.Sprintf(
	"an object of more than %d MiB: Kubernetes keeps none above 1.5 MiB", maxObject>>20)}}

func (s *source) reset() { s.left = maxObject }

// Read reads what was taken back, then the rest.
func (s *source) Read(p []byte) (int, error) {
	if s.left <= 0 {
		return 0, errTooLarge
	}
	if len(s.pending) > 0 {
		n := copy(p, s.pending)
		s.pending = s.pending[n:]
		s.left -= n
		return n, nil
	}
	n, err := s.fill(p[:min(len(p), chunk)])
	s.left -= n
	return n, err
}

// place returns a line, and its first column; zero if lines are not counted.
func (s *source) place(line int) (int, int) {
	if s.lost {
		return 0, 0
	}
	return line, 1
}

// fill reads from r, and keeps its error for whoever asks again.
func (s *source) fill(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// back takes back what was read too far.
func (s *source) back(r io.Reader) error {
	rest, err := io.ReadAll(r)
	s.pending = append(rest, s.pending...)
	return err
}

// peek returns up to n of the bytes that come next, and fewer only at the end.
func (s *source) peek(n int) ([]byte, error) {
	for len(s.pending) < n {
		more := make([]byte, chunk)
		got, err := s.fill(more)
		s.pending = append(s.pending, more[:got]...)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	return s.pending[:min(n, len(s.pending))], nil
}
