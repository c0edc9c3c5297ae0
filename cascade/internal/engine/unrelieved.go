package engine

type Bound struct {
	Up        int
	Served    bool
	Orderless bool
}

func (e *Engine) Bound() Bound { return Bound{} }
