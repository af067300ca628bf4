package analysis

// budget counts steps, each of which is about one machine word looked at. It
// is a count and not a time, so that the same file has the same answers on every
// computer.
type budget struct {
	pool int // left for all questions together
	most int // for one question
	min  int // for one question once the pool is used up
	left int // for this question
	stop <-chan struct{}
}

// DefaultBudget is how many steps an analysis or a comparison may take by
// default: they take a second at most.
const DefaultBudget = 1 << 30

// newBudget returns the budget that options give.
func newBudget(o Options) budget {
	steps := o.Budget
	if steps <= 0 {
		steps = DefaultBudget
	}
	return budget{pool: steps, most: max(1, steps>>4), min: max(1, steps>>14), stop: o.Stop}
}

// ask begins a question. After a stop each is out at once.
func (b *budget) ask() {
	if b.stopped() {
		b.pool, b.left = 0, -1
		return
	}
	b.left = min(b.most, max(b.pool, b.min))
}

func (b *budget) stopped() bool {
	select {
	case <-b.stop:
		return true
	default:
		return false
	}
}

func (b *budget) spend(steps int) {
	b.left -= steps
	b.pool -= min(steps, b.pool)
}

// out reports whether the question has used up what it may.
func (b *budget) out() bool { return b.left < 0 }

// empty reports whether nothing is left but for the smallest questions.
func (b *budget) empty() bool { return b.pool == 0 }
