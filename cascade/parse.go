package cascade

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParseFamily reads the text form of a [Family]. An empty text is the zero value.
func ParseFamily(text string) (Family, error) {
	switch strings.TrimSpace(text) {
	case "", "each":
		return Family{}, nil
	case "none":
		return Family{groups: []group{}}, nil
	}
	var f Family
	for _, part := range splitText(text, ";") {
		g, err := parseGroup(strings.TrimSpace(part))
		if err != nil {
			return Family{}, fmt.Errorf("scenarios %q: %w", text, err)
		}
		f.groups = append(f.groups, g)
	}
	return f, nil
}

// splitText cuts at a separator that is not in quotes, nor after a backslash.
func splitText(text, separator string) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '"' && (quoted || strings.TrimSpace(text[start:i]) == ""):
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], separator):
			parts = append(parts, text[start:i])
			start = i + len(separator)
			i = start - 1
		}
	}
	return append(parts, text[start:])
}

func parseGroup(text string) (group, error) {
	var g group
	if strings.HasPrefix(text, `"`) {
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return g, fmt.Errorf(`%s: a name ends with a quote: "fire": board-1`, text)
		}
		rest, ok := strings.CutPrefix(strings.TrimSpace(text[len(quoted):]), ":")
		if !ok {
			return g, fmt.Errorf(`%s: a colon follows a name: "fire": board-1`, text)
		}
		g.fixed.Name, _ = strconv.Unquote(quoted)
		text = strings.TrimSpace(rest)
	}
	if text == "nothing" {
		return g, nil
	}
	for _, term := range splitText(text, " + ") {
		if err := g.add(strings.TrimSpace(term)); err != nil {
			return g, err
		}
	}
	return g, nil
}

// add reads one term of a scenario.
func (g *group) add(term string) error {
	word, rest, _ := strings.Cut(term, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case term == "", strings.HasSuffix(term, " +"), strings.HasPrefix(term, "+ "):
		return fmt.Errorf(`there is nothing between two separators: write "board-1 + ups-2; each feed"`)
	case word == "each":
		g.choices = append(g.choices, choice{exactly, 1, rest})
	case word == "any" && rest != "":
		return g.addChoice(exactly, word, rest, "feed")
	case word == "up" && strings.HasPrefix(rest, "to "):
		return g.addChoice(upTo, "up to", strings.TrimSpace(rest[3:]), "feed")
	case word == "random" && rest != "":
		return g.addChoice(random, word, rest, "server")
	case word == "independent" && rest != "":
		g.choices = append(g.choices, choice{independent, 0, rest})
	case word == "drain" && rest != "":
		g.fixed.Drain = append(g.fixed.Drain, rest)
	case word == "load" && rest != "":
		factor, err := strconv.ParseFloat(rest, 64)
		if err != nil || !(factor >= leastLoad && factor <= mostLoad) || g.fixed.Load != 0 {
			return fmt.Errorf(`%q: write one factor, from %v to %v: "load 1.2"`, term, leastLoad, mostLoad)
		}
		g.fixed.Load = factor
	default:
		g.fixed.Lose = append(g.fixed.Lose, term)
	}
	return nil
}

func (g *group) addChoice(of sets, words, rest, example string) error {
	number, pattern, ok := strings.Cut(rest, " of ")
	k, err := strconv.Atoi(strings.TrimSpace(number))
	pattern = strings.TrimSpace(pattern)
	if !ok || err != nil || k < 1 || pattern == "" {
		return fmt.Errorf(`"%s %s": write how many of what: "%s 2 of %s"`, words, rest, words, example)
	}
	g.choices = append(g.choices, choice{of, k, pattern})
	return nil
}

// plain writes a pattern with a backslash before what would otherwise separate it, or be read as the word of a term.
func plain(pattern string) string {
	word, _, more := strings.Cut(pattern, " ")
	switch {
	case pattern == "nothing", pattern == "none", pattern == "each", strings.HasPrefix(pattern, `"`),
		more && slices.Contains([]string{"each", "any", "up", "random", "independent", "drain", "load"}, word):
		pattern = `\` + pattern
	}
	pattern = strings.Join(splitText(pattern, ";"), `\;`)
	return strings.Join(splitText(pattern, " + "), ` \+ `)
}
