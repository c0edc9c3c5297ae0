package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/ridethrough/ridethrough/cascade"
)

// mostPieces is into how many pieces a shard is cut: what is lost when it is killed is less than one of them.
const mostPieces = 64

// A shard is done piece by piece, each of which has a file until all are done.
type shard struct {
	folder     string
	number, of int
	plan       *cascade.Plan
	bar        *bar
	say        func(format string, args ...any)
	known      int // pieces that were done before
}

func (s *shard) span() cascade.Span { return cascade.Shard(s.plan.Items(), s.number, s.of) }

// do returns the shard, or with an error what is known of it.
func (s *shard) do(ctx context.Context) (*cascade.Screening, error) {
	file := shardFile(s.folder, s.number, s.of)
	done, err := s.load(file, s.span())
	if err != nil {
		return nil, err
	}
	if done != nil {
		s.say("%s is done already", file)
		return done, nil
	}
	all, err := s.doPieces(ctx)
	if err != nil {
		return all, err
	}
	if err := write(file, all); err != nil {
		return all, err
	}
	s.say("wrote %s", file)
	for piece := range s.pieces() {
		os.Remove(s.pieceFile(piece)) // all of it is in the file
	}
	return all, nil
}

// pieces returns how many there are.
func (s *shard) pieces() int {
	span := s.span()
	return int(max(1, min(mostPieces, span.To-span.From)))
}

func (s *shard) pieceFile(piece int) string {
	return pieceFile(s.folder, s.number, s.of, piece, s.pieces())
}

// doPieces does those that are not done, and puts all together.
func (s *shard) doPieces(ctx context.Context) (*cascade.Screening, error) {
	var parts []*cascade.Screening
	for piece := range s.pieces() {
		part, err := s.piece(ctx, piece)
		if part == nil {
			return nil, err
		}
		parts = append(parts, part)
		if err != nil {
			s.say("%d of %d pieces are done: the same command goes on from there", piece, s.pieces())
			return together(parts, err)
		}
	}
	if s.known > 0 {
		s.say("%d of %d pieces were done already", s.known, s.pieces())
	}
	return together(parts, nil)
}

// piece does a piece, unless that was done before. With an error it is what is known of it.
func (s *shard) piece(ctx context.Context, piece int) (*cascade.Screening, error) {
	number, of := s.number*s.pieces()+piece, s.of*s.pieces()
	span := cascade.Shard(s.plan.Items(), number, of)
	part, err := s.load(s.pieceFile(piece), span)
	if err != nil {
		return nil, err
	}
	if part != nil {
		s.known++
		return part, nil
	}
	s.bar.piece(s.span(), span)
	if part, err = s.plan.Screen(ctx, number, of); err != nil {
		return part, err
	}
	if err := write(s.pieceFile(piece), part); err != nil {
		return nil, err
	}
	return part, nil
}

// together merges pieces of a shard, which is not the whole.
func together(parts []*cascade.Screening, err error) (*cascade.Screening, error) {
	all, merging := cascade.Merge(parts...)
	if missing := (*cascade.Incomplete)(nil); !errors.As(merging, &missing) && merging != nil {
		return nil, merging
	}
	return all, err
}

// load reads what was written of some items; nil if nothing was.
func (s *shard) load(file string, items cascade.Span) (*cascade.Screening, error) {
	part, err := load(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	}
	if err := s.plan.Check(part); err != nil {
		return nil, fmt.Errorf("%s is of something else: %w: remove it, or write to another folder", file, err)
	}
	return part, complete(file, part, items)
}

// complete says that a file has other items than its name tells.
func complete(file string, part *cascade.Screening, items cascade.Span) error {
	done := part.Done()
	if len(done) == 0 && items.From == items.To || len(done) == 1 && done[0] == items {
		return nil
	}
	return fmt.Errorf("%s should be of items %v, and is of %s: remove it, and do it again", file, items, strings.Trim(fmt.Sprint(done), "[]"))
}
