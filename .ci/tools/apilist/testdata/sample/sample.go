// Package sample has one identifier of each kind that a listing tells apart.
package sample

import (
	"errors"
	"io"

	"example.com/sample/inner"
)

// Limit is typed, Third is not.
const (
	Limit inner.Size = 8
	Third            = 1.0 / 3

	hidden = 1
)

var ErrEmpty = errors.New("empty")

func New(r io.Reader, sizes ...inner.Size) (*Node, error) { return nil, ErrEmpty }

func Map[K comparable, V any](m map[K]V, f func(V) V) {}

type Shape interface {
	io.Closer
	Area() float64
}

type Closed interface {
	Shape
	closed()
}

type Pair[A, B any] struct {
	First  A `json:"first"`
	Second B
}

func (Pair[A, B]) Swap() Pair[B, A] { return Pair[B, A]{} }

type Number interface{ ~int | ~float64 }

type Node struct {
	base
	inner.Part
	Children []*Node
	secret   int
}

func (n *Node) Walk(visit func(*Node) bool) {}
func (n Node) Len() int                     { return n.secret + hidden }
func (n *Node) walk()                       {}

type base struct{ Name string }

func (base) Describe() string { return "" }

type Set map[string]struct{}

type Old = inner.Size
