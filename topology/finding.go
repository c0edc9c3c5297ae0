package topology

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Finding is what an importer of a fleet could not know, or what looks wrong in its source.
type Finding struct {
	Class  Class    `json:"class"`
	Reason Reason   `json:"reason"`          // the category: constants of the importer's package
	About  []string `json:"about,omitempty"` // components of the spec or, where there are none, as the source calls it; none: the whole
	Field  string   `json:"field,omitempty"` // of these components: "capacity", "demand"; "" for the whole of them
	Text   string   `json:"text"`            // the rest of the sentence: what was found, what follows, and what would settle it
}

// A Class is a sort of finding.
type Class string

// The classes. What people should look at first comes first.
const (
	Suspect Class = "looks wrong" // the source says it, and it contradicts itself or what its authors will have meant
	Missing Class = "missing"     // the source does not say it, and it was left out
	Assumed Class = "assumed"     // the source does not say it, and something was taken in its place
)

// maxAbout is how many patterns of what a finding is about are printed.
const maxAbout = 3

// String returns the sentence: "assumed: shop/web and 11 more: demand: …".
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(string(f.Class))
	for _, part := range []string{f.about(), f.Field, f.Text} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	return b.String()
}

// about names what a finding is about, in a few words.
func (f Finding) about() string {
	if len(f.About) <= maxAbout {
		return strings.Join(f.About, ", ")
	}
	var parts []string
	shown := 0
	for i, pattern := range Fold(f.About) {
		if i == maxAbout {
			return fmt.Sprintf("%s and %d more", strings.Join(parts, ", "), len(f.About)-shown)
		}
		names, err := Expand(pattern)
		if err != nil { // not what Fold returns
			names = []string{pattern}
		}
		shown += len(names)
		if parts = append(parts, short(pattern)); len(pattern) > maxQuote {
			parts[i] += fmt.Sprintf(" (%d)", len(names))
		}
	}
	return strings.Join(parts, ", ")
}

// Findings is what importers found, in their order.
type Findings []Finding

// String returns the findings, one a line, those that look wrong first.
func (f Findings) String() string {
	sorted := slices.Clone(f)
	slices.SortStableFunc(sorted, func(a, b Finding) int { return cmp.Compare(a.Class.rank(), b.Class.rank()) })
	lines := make([]string, len(sorted))
	for i := range sorted {
		lines[i] = sorted[i].String()
	}
	return strings.Join(lines, "\n")
}

func (c Class) rank() int { return slices.Index([]Class{Suspect, Missing, Assumed}, c) }

// Strict turns assumptions into an error: [Faults], one for each finding that is [Assumed]; nil if there is none.
func (f Findings) Strict() error {
	var faults Faults
	for _, finding := range f {
		if finding.Class == Assumed {
			faults = append(faults, Fault{Component: finding.about(), Field: finding.Field, Reason: finding.Reason, Text: finding.Text})
		}
	}
	if faults == nil {
		return nil
	}
	return faults
}

// Settle returns the findings without what another source has answered: components whose field was missing or assumed.
// A finding that is about others too stays for these.
func (f Findings) Settle(field string, components ...string) Findings {
	answered := make(map[string]bool, len(components))
	for _, name := range components {
		answered[name] = true
	}
	var left Findings
	for _, finding := range f {
		if finding.Field == field && finding.Class != Suspect && len(finding.About) > 0 {
			finding.About = slices.DeleteFunc(slices.Clone(finding.About), func(name string) bool { return answered[name] })
			if len(finding.About) == 0 {
				continue
			}
		}
		left = append(left, finding)
	}
	return left
}
