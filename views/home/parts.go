package home

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Part is a piece of Home that is drawn anew when what it shows has changed.
type Part struct {
	ID      string // of its element
	Version string
	View    templ.Component
}

// blank is the version of a part that has nothing to show.
const blank = "blank"

// Parts are Home from top to bottom: always the same ones, so that each has its
// place before there is something in it.
func (p Props) Parts() []Part {
	some, none := p.Webhooks > 0, p.Webhooks == 0 && p.Steps == nil
	return []Part{
		p.part("home-steps", p.Steps != nil, steps),
		p.part("home-answer", some, answer),
		p.part("home-problems", some, problems),
		p.part("home-waiting", some, waiting),
		p.part("home-charts", some, charts),
		p.part("home-nothing", none, nothing),
	}
}

func (p Props) part(id string, shown bool, draw func(Props) templ.Component) Part {
	if !shown {
		return Part{ID: id, Version: blank, View: framed(id, blank, templ.NopComponent)}
	}
	// Ages make a new version once a minute and not once a second.
	calm := p
	calm.Page.Now = p.Page.Now.Truncate(time.Minute)
	version := versionOf(draw(calm))
	return Part{ID: id, Version: version, View: framed(id, version, draw(p))}
}

// versionOf is a short stand-in for how a view looks.
func versionOf(view templ.Component) string {
	var drawn strings.Builder
	// A builder takes everything, and a view that fails does so when it is drawn.
	_ = view.Render(context.Background(), &drawn)
	if strings.TrimSpace(drawn.String()) == "" {
		return blank
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(drawn.String()))
	return fmt.Sprintf("%x", sum.Sum64())
}
