package ui

// FlashKind sorts what a message is about.
type FlashKind string

const (
	FlashOK    FlashKind = "ok"
	FlashInfo  FlashKind = "info"
	FlashError FlashKind = "error"
)

// Flash is one sentence about what just happened. Text may quote what people
// typed: it is always drawn as text.
type Flash struct {
	Kind FlashKind
	Text string
	Link Crumb // where it leads on; no Text for nowhere
}

func (f Flash) icon() string {
	switch f.Kind {
	case FlashOK:
		return "circle-check"
	case FlashError:
		return "circle-alert"
	}
	return "info"
}
