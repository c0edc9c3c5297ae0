// Package table reads tables: text with a value for each column of a header, one row a line, as spreadsheets write it.
//
// The header says what separates values: a comma, a semicolon or a tab, whichever it has most of. A value may stand in
// quotes, and then contain these and line ends; a line that begins with # is a comment. Space around values does not
// count, nor do a byte order mark and lines without a value, nor case in the header. Values are text in UTF-8 without
// control characters.
package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	maxLine    = 1 << 20 // bytes of a row
	maxColumns = 1000
)

// A Reader reads a table row by row, in memory for one of them.
type Reader struct {
	Header []string // the columns' names, in lower case

	csv   *csv.Reader
	limit *limit
	line  int  // where the row read last begins
	over  bool // after a fault of syntax: what follows may be misread
}

// NewReader reads the header. The error is [topology.Faults], or what r returned.
func NewReader(r io.Reader) (*Reader, error) {
	t := &Reader{limit: &limit{r: r, left: maxLine}}
	text := bufio.NewReader(t.limit)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\uFEFF" {
		text.Discard(3)
	}
	t.csv = csv.NewReader(text)
	t.csv.Comma = separator(text)
	t.csv.Comment, t.csv.FieldsPerRecord, t.csv.TrimLeadingSpace, t.csv.ReuseRecord = '#', -1, t.csv.Comma != '\t', true
	header, err := t.record()
	if err == io.EOF {
		return nil, topology.Faults{{Reason: topology.BadSyntax, Text: "there is no header: the first line names the columns"}}
	}
	if err != nil {
		return nil, err
	}
	return t, t.name(header)
}

// separator guesses what separates values from what there is of the header, without reading it.
func separator(text *bufio.Reader) rune {
	ahead, _ := text.Peek(text.Size()) // an error comes back when it is read
	line := []byte{}
	for len(line) == 0 || line[0] == '#' {
		var more bool
		if line, ahead, more = bytes.Cut(ahead, []byte("\n")); !more {
			break
		}
		line = bytes.TrimSpace(line)
	}
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(line, []byte(string(r))) > bytes.Count(line, []byte(string(best))) {
			best = r
		}
	}
	return best
}

// name takes the columns' names.
func (t *Reader) name(header []string) error {
	if len(header) > maxColumns {
		return t.FaultAt(0, topology.TooLarge, "%d columns: a table has at most %d", len(header), maxColumns)
	}
	var faults topology.Faults
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		switch {
		case name == "":
			faults = append(faults, t.FaultAt(i, topology.BadSyntax, "a column needs a name")...)
		case slices.Contains(t.Header, name):
			faults = append(faults, t.FaultAt(i, topology.NotUnique, "there is a second column %q", name)...)
		}
		t.Header = append(t.Header, name)
	}
	if faults != nil {
		return faults
	}
	return nil
}

// Separator returns what separates values: a comma, a semicolon or a tab.
func (t *Reader) Separator() rune { return t.csv.Comma }

// Line returns where the row read last begins, from 1.
func (t *Reader) Line() int { return t.line }

// Column returns the place of a column; -1 if there is none.
func (t *Reader) Column(name string) int { return slices.Index(t.Header, name) }

// Next returns the values of the next row, one for each column, valid until the next call; [io.EOF] after the last.
// A row of another length, or one with what is no text, is a [topology.Faults], after which the next can be read; what
// cannot be split into rows ends the table.
func (t *Reader) Next() ([]string, error) {
	if t.over {
		return nil, io.EOF
	}
	row, err := t.record()
	if err != nil {
		t.over = row == nil
		return nil, err
	}
	if len(row) != len(t.Header) {
		return nil, topology.Faults{{Line: t.line, Column: 1, Reason: topology.BadSyntax,
			Text: fmt.Sprintf("%d values where the header has %d: give one for each column, empty where there is none",
				len(row), len(t.Header))}}
	}
	return row, nil
}

func (t *Reader) record() ([]string, error) {
	for {
		t.limit.left = maxLine
		row, err := t.csv.Read()
		if err != nil {
			return nil, t.fault(err)
		}
		if t.line, _ = t.csv.FieldPos(0); !slices.ContainsFunc(row, isThere) {
			continue
		}
		return row, t.tidy(row)
	}
}

func isThere(value string) bool { return strings.TrimSpace(value) != "" }

// tidy takes space off values, and says what is wrong with one that is no text.
func (t *Reader) tidy(row []string) error {
	for i, value := range row {
		value = strings.TrimSpace(value)
		if !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) {
			return t.FaultAt(i, topology.BadSyntax, "%s: write text in UTF-8, without control characters", Quote(value))
		}
		row[i] = value
	}
	return nil
}

// fault says what is wrong with the text.
func (t *Reader) fault(err error) error {
	var syntax *csv.ParseError
	switch {
	case errors.Is(err, errLong):
		return topology.Faults{{Line: t.line + 1, Column: 1, Reason: topology.TooLarge,
			Text: fmt.Sprintf("more than %d bytes in one row, or in comments before it: is a quote not closed?", maxLine)}}
	case errors.As(err, &syntax):
		return topology.Faults{{Line: syntax.StartLine, Column: 1, Reason: topology.BadSyntax, Text: misquoted(syntax.Err)}}
	}
	return err
}

func misquoted(err error) string {
	switch err {
	case csv.ErrBareQuote:
		return `a quote inside a value: put quotes around the value, and write "" for each inside`
	case csv.ErrQuote:
		return `a quote that is not closed, or one inside a value in quotes: write "" for each inside`
	}
	return err.Error()
}

// FaultAt returns what is wrong with a value of the row read last, with its place.
func (t *Reader) FaultAt(column int, reason topology.Reason, format string, args ...any) topology.Faults {
	f := topology.Fault{Reason: reason, Text: fmt.Sprintf(format, args...)}
	f.Line, f.Column = t.csv.FieldPos(column)
	if column < len(t.Header) {
		f.Field = t.Header[column]
	}
	return topology.Faults{f}
}

// Quote returns a value in quotes, cut where it is long.
func Quote(s string) string {
	const most = 60
	if len(s) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return fmt.Sprintf("%q", s)
}

var errLong = errors.New("too long")

// A limit is a reader that fails when too much is read at once.
type limit struct {
	r    io.Reader
	left int
}

func (l *limit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLong
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}
