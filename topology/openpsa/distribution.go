package openpsa

import "math"

// The built-in distributions of the format, in the order of its arguments, and the means of its deviates.

// failed returns the probability that something that fails at a rate has failed by a time.
func failed(rate, time float64) float64 { return -math.Expm1(-rate * time) }

const negative = "rates and times are not negative"

// exponential: rate, time.
func exponential(x []float64) (float64, string) {
	if x[0] < 0 || x[1] < 0 {
		return 0, negative
	}
	return failed(x[0], x[1]), ""
}

// glm: probability γ of failure on demand, failure rate λ, repair rate μ, time. γ·e^(−(λ+μ)t) + λ/(λ+μ)·(1 − e^(−(λ+μ)t)).
func glm(x []float64) (float64, string) {
	onDemand, lambda, mu, time := x[0], x[1], x[2], x[3]
	rate := lambda + mu
	switch {
	case !(onDemand >= 0 && onDemand <= 1):
		return 0, "the first is a probability, from 0 to 1"
	case lambda < 0 || mu < 0 || time < 0:
		return 0, negative
	case rate == 0:
		return onDemand, ""
	}
	return float64(onDemand*math.Exp(-rate*time)) + float64(lambda/rate*failed(rate, time)), ""
}

// weibull: scale, shape, shift, time.
func weibull(x []float64) (float64, string) {
	scale, shape, shift, time := x[0], x[1], x[2], x[3]
	if !(scale > 0 && shape > 0) || shift < 0 || time < 0 {
		return 0, "scale and shape are above 0, shift and time not negative"
	}
	return failed(math.Pow(max(time-shift, 0)/scale, shape), 1), ""
}

// periodicTest: failure rate, repair rate (left out where a repair takes no time), time between tests, time of the first
// test, time. A test takes no time; it shows whether the component has failed, and then the repair begins.
func periodicTest(x []float64) (float64, string) {
	lambda, mu, rest := x[0], math.Inf(1), x[1:]
	if len(x) == 5 {
		mu, rest = x[1], x[2:]
	}
	between, first, time := rest[0], rest[1], rest[2]
	if lambda < 0 || mu < 0 || first < 0 || time < 0 || !(between > 0) {
		return 0, negative + ", and the time between tests is above 0"
	}
	if time <= first {
		return failed(lambda, time), ""
	}
	tests := math.Floor((time - first) / between) // beside the first
	since := time - first - float64(tests*between)
	if math.IsInf(mu, 1) {
		if since <= 0 { // at a test: what it has not shown yet
			since = between
		}
		return failed(lambda, since), ""
	}
	// Of what is down at a test, kept is down at the next; of what is up, lost is.
	kept, lost := stays(lambda, mu, between), failed(lambda, between)
	down := failed(lambda, first)
	end := lost / (1 - kept + lost) // down → kept·down + lost·(1 − down), and this is where it stays
	if ratio := kept - lost; ratio != 1 {
		down = end + float64((down-end)*math.Pow(ratio, tests))
	}
	return float64(stays(lambda, mu, since)*down) + float64(failed(lambda, since)*(1-down)), ""
}

// stays returns the probability that what was down at a test is down a time later: not repaired yet, or failed again. Up
// it is with μ·(e^(−λt) − e^(−μt))/(μ − λ), here written so that rates may be equal, or nearly so.
func stays(lambda, mu, time float64) float64 {
	apart := math.Abs(mu - lambda)
	part := time
	if apart > 0 {
		part = failed(apart, time) / apart
	}
	return 1 - float64(mu*math.Exp(-min(lambda, mu)*time)*part)
}

func uniform(x []float64) (float64, string) {
	if !(x[0] < x[1]) {
		return 0, "the lower bound is below the upper"
	}
	return x[0]/2 + x[1]/2, ""
}

func normal(x []float64) (float64, string) {
	if !(x[1] > 0) {
		return 0, "the standard deviation is above 0"
	}
	return x[0], ""
}

// lognormal: mean, error factor and its level; or μ and σ of the logarithm.
func lognormal(x []float64) (float64, string) {
	switch {
	case len(x) == 2 && !(x[1] > 0):
		return 0, "the standard deviation of the logarithm is above 0"
	case len(x) == 2:
		return math.Exp(x[0] + float64(x[1]*x[1])/2), ""
	case !(x[0] > 0 && x[1] > 1 && x[2] > 0 && x[2] < 1):
		return 0, "the mean is above 0, the error factor above 1, its level between 0 and 1"
	}
	return x[0], ""
}

// gamma: shape, scale.
func gamma(x []float64) (float64, string) {
	if !(x[0] > 0 && x[1] > 0) {
		return 0, "shape and scale are above 0"
	}
	return x[0] * x[1], ""
}

func beta(x []float64) (float64, string) {
	if !(x[0] > 0 && x[1] > 0) {
		return 0, "both shapes are above 0"
	}
	return 1 / (1 + x[1]/x[0]), ""
}
