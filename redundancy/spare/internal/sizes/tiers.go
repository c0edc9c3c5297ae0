package sizes

// A part is a fraction of a load that a tier takes, from lo to hi.
type part struct{ lo, hi float64 }

// healthy returns what a tier of a tiered pool takes. Tiers are filled in order, each to its health, which rises with those
// that are live in it and falls with those that are not; all are scaled up if that is not enough.
func (v *view) healthy(p *pool, tier int, placed form) (form, mass) {
	health := make([]part, len(p.tiers))
	all := part{}
	for t := range p.tiers {
		health[t] = v.health(p, t)
		all.lo, all.hi = all.lo+health[t].lo, all.hi+health[t].hi
	}
	left, own := part{1, 1}, part{}
	for t := range tier + 1 {
		h := health[t]
		if sum := h.lo + (all.hi - h.hi); sum < 1 && sum > 0 {
			h.lo /= sum
		}
		if sum := health[t].hi + (all.lo - health[t].lo); sum < 1 && sum > 0 {
			h.hi /= sum
		}
		own = part{min(h.lo, max(0, left.lo)), min(h.hi, max(0, left.hi))}
		left = part{left.lo - own.hi, left.hi - own.lo}
	}
	return form{float64(own.lo * placed.lo), float64(own.hi * placed.hi), placed.under.times(own.lo)}, v.mass(p, tier)
}

// health returns min(1, φ · live / size) of a tier.
func (v *view) health(p *pool, tier int) part {
	live, dead := part{}, part{}
	for _, k := range p.tiers[tier].classes {
		size := v.f.size(k)
		n := v.number(k, v.turns(k))
		live.lo, live.hi = live.lo+n.lo, live.hi+n.hi
		switch out := size.plus(v.turns(k), -1); {
		case !v.most.up[k]:
			dead.lo, dead.hi = dead.lo+size.least(v.box), dead.hi+size.most(v.box)
		case !v.sure[k]:
			dead.lo, dead.hi = dead.lo+out.least(v.box), dead.hi+size.most(v.box)
		default:
			dead.lo, dead.hi = dead.lo+out.least(v.box), dead.hi+out.most(v.box)
		}
	}
	of := func(live, dead float64) float64 {
		if live <= 0 {
			return 0
		}
		return min(1, p.factor*live/(live+dead))
	}
	return part{of(live.lo, dead.hi), of(live.hi, dead.lo)}
}

// spilled returns what a tier of a waterfall takes at least. Each of its owners, which are alike, fills tiers of its own.
func (v *view) spilled(p *pool, tier int, placed form) (form, mass) {
	own := v.mass(p, tier)
	last := true
	for t := tier + 1; t < len(p.tiers); t++ {
		last = last && v.mass(p, t).hi <= 0
	}
	owners := v.number(p.owners[0].class, v.live(p.owners[0].class))
	left := placed
	for t := range tier {
		before := v.mass(p, t)
		left.under = left.under.plus(before.all, -float64(p.factor*owners.hi))
		left.lo = max(0, left.lo-float64(p.factor*owners.hi*max(0, before.hi)))
		left.hi = max(0, left.hi-float64(p.factor*owners.lo*v.surely(p, t)))
	}
	if !last {
		full := float64(p.factor * owners.lo * v.surely(p, tier))
		return form{min(left.lo, full), min(left.hi, float64(p.factor*owners.hi*max(0, own.hi))), affine{c: min(left.lo, full)}}, own
	}
	return left, own
}

// surely returns the weight that a tier has at least, which may be none.
func (v *view) surely(p *pool, tier int) float64 {
	sum := 0.0
	for _, k := range p.tiers[tier].classes {
		if v.sure[k] {
			sum += float64(v.weight(p, tier, k).lo * max(0, v.turns(k).least(v.box)))
		}
	}
	return sum
}
