package expression

import "errors"

// Bounds on what a source may ask for.
const (
	MaxSource = 64 << 10 // bytes of a source
	MaxOutput = 1 << 20  // bytes that a rendering may append
	maxNodes  = 2000     // parts of one expression
	maxNested = 64       // brackets within brackets
	maxRange  = 10_000   // numbers of 1..n
	// maxWork is at most about 20 ms of one core: BenchmarkWork. It is counted, not
	// measured, so that a busy machine does not make a delivery fail. A unit is about
	// 0.1 µs, and buys so many bytes:
	maxWork      = 200_000
	bytesScanned = 64
	bytesMade    = 32
	maxMissing   = 50
)

// ErrTooLong says that a rendering is longer than MaxOutput.
var ErrTooLong = errors.New("the result is longer than 1 MiB; leave out what the receiver does not need")

var errTooMuch = errors.New("this takes too long: it goes through too much data; use smaller lists or fewer steps")

// Env is the values of one rendering, read as far as they are asked for. All
// expressions evaluated with it share one budget of work. It is for one goroutine.
type Env struct {
	roots   [rootCount]object
	work    int
	missing []string
	marks   *Marks // of a preview alone
}

// NewEnv makes the environment of one attempt. It reads nothing yet.
func NewEnv(v Values) *Env {
	e := &Env{}
	for i, raw := range [rootCount][]byte{
		rootEvent: v.Event, rootData: v.Data, rootContact: v.Contact, rootOpportunity: v.Opportunity,
		rootWorkflow: v.Workflow, rootStep: v.Step, rootSteps: v.Steps, rootParams: v.Params,
		rootLiveData: v.LiveData, rootWebhook: v.Webhook, rootSite: v.Site,
	} {
		e.roots[i].raw = trimSpace(raw)
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

// spend takes from the budget; an error says that it is used up.
func (e *Env) spend(units int) error {
	e.work += units
	if e.work > maxWork || units < 0 {
		e.work = maxWork
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
}

// walk finds a path's bytes; nil when there is nothing.
func (e *Env) walk(p *path) ([]byte, error) {
	root := &e.roots[p.root]
	if len(p.keys) == 0 {
		return root.raw, e.spend(1)
	}
	raw, err := e.first(root, p.keys[0])
	for i := 1; i < len(p.keys) && raw != nil && err == nil; i++ {
		if err = e.spend(1 + len(raw)/bytesScanned); err == nil {
			raw = p.keys[i].in(raw)
		}
	}
	if err == nil && raw == nil && !p.quiet {
		e.note(p.text)
	}
	return raw, err
}

// first finds a root's member. A root is scanned once, however many paths begin with it.
func (e *Env) first(root *object, k key) ([]byte, error) {
	if k.isIndex || len(root.raw) == 0 || root.raw[0] != '{' {
		return k.in(root.raw), e.spend(1 + len(root.raw)/bytesScanned)
	}
	if err := root.read(e); err != nil {
		return nil, err
	}
	m := root.member(k.name)
	if m == nil {
		return nil, e.spend(1 + len(root.members)/8)
	}
	return m.raw, e.spend(1 + len(root.members)/8)
}
