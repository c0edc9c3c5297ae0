package openpsa

import "slices"

import "math"

// operators returns the operators by their elements.
func operators() map[string]operator {
	all := map[string]operator{
		"pi":  {0, 0, func([]float64) (float64, string) { return math.Pi, "" }, false},
		"and": {1, maxElements, allTrue, false},
		"or":  {1, maxElements, anyTrue, false},
		"not": {1, 1, func(x []float64) (float64, string) { return number(x[0] == 0), "" }, false},
		"mean": {1, maxElements, func(x []float64) (float64, string) {
			return left(x, func(a, b float64) float64 { return a + b }) / float64(len(x)), ""
		}, false},

		"exponential":       {2, 2, exponential, false},
		"GLM":               {4, 4, glm, false},
		"Weibull":           {4, 4, weibull, false},
		"periodic-test":     {4, 11, periodicTest, false},
		"uniform-deviate":   {2, 2, uniform, true},
		"normal-deviate":    {2, 2, normal, true},
		"lognormal-deviate": {2, 3, lognormal, true},
		"gamma-deviate":     {2, 2, gamma, true},
		"beta-deviate":      {2, 2, beta, true},
	}
	for tag, f := range map[string]func(float64) float64{
		"neg": func(x float64) float64 { return -x }, "abs": math.Abs, "acos": math.Acos, "asin": math.Asin, "atan": math.Atan,
		"cos": math.Cos, "cosh": math.Cosh, "exp": math.Exp, "log": math.Log, "log10": math.Log10, "sin": math.Sin,
		"sinh": math.Sinh, "tan": math.Tan, "tanh": math.Tanh, "sqrt": math.Sqrt, "ceil": math.Ceil, "floor": math.Floor,
	} {
		all[tag] = operator{1, 1, func(x []float64) (float64, string) { return f(x[0]), "" }, false}
	}
	for tag, f := range map[string]func(a, b float64) float64{
		"add": func(a, b float64) float64 { return a + b }, "sub": func(a, b float64) float64 { return a - b },
		"mul": func(a, b float64) float64 { return a * b }, "div": func(a, b float64) float64 { return a / b },
		"min": math.Min, "max": math.Max,
	} {
		all[tag] = operator{1, maxElements, func(x []float64) (float64, string) { return left(x, f), "" }, false}
	}
	for tag, f := range map[string]func(a, b float64) float64{
		"mod": math.Mod, "pow": math.Pow,
		"eq": func(a, b float64) float64 { return number(a == b) }, "df": func(a, b float64) float64 { return number(a != b) },
		"lt": func(a, b float64) float64 { return number(a < b) }, "gt": func(a, b float64) float64 { return number(a > b) },
		"leq": func(a, b float64) float64 { return number(a <= b) }, "geq": func(a, b float64) float64 { return number(a >= b) },
	} {
		all[tag] = operator{2, 2, func(x []float64) (float64, string) { return f(x[0], x[1]), "" }, false}
	}
	return all
}

// left applies f to the first two, then to what comes of it and the third, and so on.
func left(x []float64, f func(a, b float64) float64) float64 {
	sum := x[0]
	for _, next := range x[1:] {
		sum = f(sum, next)
	}
	return sum
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func allTrue(x []float64) (float64, string) {
	if slices.Contains(x, 0) {
		return 0, ""
	}
	return 1, ""
}

func anyTrue(x []float64) (float64, string) {
	for _, one := range x {
		if one != 0 {
			return 1, ""
		}
	}
	return 0, ""
}
