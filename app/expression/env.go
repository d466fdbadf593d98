package expression

import "errors"

// Bounds on what a source may ask for.
const (
	MaxSource = 64 << 10 // bytes of a source
	MaxOutput = 1 << 20  // bytes that all renderings with one Env may append together
	maxNodes  = 2000     // parts of one expression
	maxNested = 64       // brackets within brackets
	maxSteps  = 64       // of a path, and JSON is nested no deeper
	maxRange  = 10_000   // numbers of 1..n
	// maxWork is at most about 20 ms of one core: BenchmarkWork. It is counted, not
	// measured, so that a busy machine does not make a delivery fail. A unit is about
	// 0.1 µs, and buys so many bytes:
	maxWork      = 200_000
	bytesScanned = 32
	bytesMade    = 32
	maxMissing   = 50
)

// ErrTooLong says that renderings are longer than MaxOutput.
var ErrTooLong = errors.New("all that is filled in together is longer than 1 MiB; leave out what the receiver does not need")

var errTooMuch = errors.New("this takes too long: it goes through too much data; use smaller lists or fewer steps")

// Env is the values of one rendering, read as far as they are asked for, and once
// for all expressions evaluated with it. These share one budget of work. It is for
// one goroutine.
type Env struct {
	roots   [rootCount]object
	work    int
	limit   int // of work
	output  int // bytes that were appended with these values
	reading int // what is left to read the values with, beside that: see AllowReading
	missing []string
	marks   *Marks // of a preview alone
}

// NewEnv makes the environment of one attempt. It reads nothing yet.
func NewEnv(v Values) *Env {
	e := &Env{limit: maxWork}
	for i, raw := range [rootCount][]byte{
		rootEvent: v.Event, rootData: v.Data, rootContact: v.Contact, rootOpportunity: v.Opportunity,
		rootWorkflow: v.Workflow, rootStep: v.Step, rootSteps: v.Steps, rootParams: v.Params,
		rootLiveData: v.LiveData, rootWebhook: v.Webhook, rootSite: v.Site,
	} {
		e.roots[i].raw, e.roots[i].kept = trimSpace(raw), true
	}
	return e
}

// Missing lists what was looked for and not found, as written, in order, once each,
// 50 at most.
func (e *Env) Missing() []string { return e.missing }

func (e *Env) note(text string) {
	if len(e.missing) >= maxMissing {
		return
	}
	for _, known := range e.missing {
		if known == text {
			return
		}
	}
	e.missing = append(e.missing, text)
}

// Wrote counts bytes that a rendering appended. The error is ErrTooLong: URL, headers
// and body of one request share one bound, so that many parts cost no more than one.
func (e *Env) Wrote(n int) error {
	if e.output += n; e.output > MaxOutput {
		return ErrTooLong
	}
	return nil
}

// spend takes from the budget; an error says that it is used up.
func (e *Env) spend(units int) error {
	e.work += units
	if e.work > e.limit || units < 0 {
		e.work = e.limit
		return errTooMuch
	}
	return nil
}

// spendReading pays for reading. What is kept for all who ask is paid for by all, as
// far as that goes.
func (e *Env) spendReading(units int, kept bool) error {
	if kept && units <= e.reading {
		e.reading -= units
		return nil
	}
	return e.spend(units)
}

// spendDone pays for what is done already, and counts all of it.
func (e *Env) spendDone(units int) error {
	if e.work += units; e.work > e.limit {
		return errTooMuch
	}
	return nil
}

// spendOn pays for making n bytes.
func (e *Env) spendOn(n int) error { return e.spend(1 + n/bytesMade) }

// key is one step of a path: a member's name, or an index when isIndex.
type key struct {
	name    string
	index   int
	isIndex bool
}

// path is a value that is looked up and nothing else.
type path struct {
	root  int
	keys  []key
	text  string // as it is shown
	quiet bool   // it is expected that there may be nothing
	bare  bool   // its root, contact, was left out
}

// found is what a path led to.
type found struct {
	raw []byte  // nil: nothing
	of  *object // whose member it is, or nil
	at  int
	top *object // it is a root
}

// value decodes what was found.
func (f found) value() any {
	switch {
	case f.of != nil:
		return f.of.valueAt(f.at)
	case f.top != nil && len(f.raw) > 0 && f.raw[0] == '{':
		return f.top
	}
	return decode(f.raw)
}

// walk goes along a path.
func (e *Env) walk(p *path) (found, error) {
	root := &e.roots[p.root]
	f, err := found{raw: root.raw, top: root}, error(nil)
	if len(p.keys) == 0 {
		return f, e.spend(1)
	}
	for i := 0; i < len(p.keys) && len(f.raw) > 0 && err == nil; i++ {
		f, err = e.step(f, p.keys[i])
	}
	if err == nil && len(f.raw) == 0 {
		f = found{}
		if !p.quiet {
			e.note(p.text)
		}
	}
	return f, err
}

// step goes to a member, or to an item.
func (e *Env) step(f found, k key) (found, error) {
	switch {
	case k.isIndex && f.raw[0] == '[':
		item, err := e.item(f.raw, k.index)
		return found{raw: item}, err
	case !k.isIndex && f.raw[0] == '{':
		o := f.value().(*object)
		i, err := o.place(e, k.name)
		if err != nil || i < 0 {
			return found{}, err
		}
		return found{raw: o.bytesAt(i), of: o, at: i}, nil
	}
	return found{}, e.spend(1)
}

// item is one of a list's, counted from the end when the index is negative. The list
// is gone through as far as it, and nothing is made of the others.
func (e *Env) item(raw []byte, index int) (item []byte, err error) {
	if index < 0 {
		if err := e.spend(1 + len(raw)/bytesScanned); err != nil {
			return nil, err
		}
		n := 0
		eachItem(raw, func([]byte) bool { n++; return true })
		if index += n; index < 0 {
			return nil, nil
		}
	}
	through, most := 0, (e.limit-e.work)*bytesScanned
	eachItem(raw, func(value []byte) bool {
		through += 1 + len(value)
		if index == 0 {
			item = value
		}
		index--
		return item == nil && through <= most
	})
	return item, e.spendDone(1 + through/bytesScanned)
}
