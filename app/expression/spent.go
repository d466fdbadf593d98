package expression

// Spent is how much of its budget the last evaluation used, from 0 to 1.
func (e *Env) Spent() float64 { return float64(e.work) / maxWork }
