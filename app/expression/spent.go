package expression

// Spent is how much of a budget the last evaluation used, from 0 to 1.
func (e *Env) Spent() float64 { return float64(e.work) / maxWork }

// Exhausted says that the last evaluation used up what it was allowed.
func (e *Env) Exhausted() bool { return e.work >= e.limit }

// AllowReading gives the reading of the values a budget of its own, for all
// evaluations together: none of them then pays for what the others look at too.
// Each pays for its own cost beyond that.
func (e *Env) AllowReading(budget float64) { e.reading = int(budget * maxWork) }

// ReadingLeft is what is left of that.
func (e *Env) ReadingLeft() float64 { return float64(e.reading) / maxWork }
