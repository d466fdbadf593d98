package browsertest

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/browser"
	"hookline/app/service"
	"hookline/models"
)

// cast is a workspace with one shared webhook, one that is not, and people.
type cast struct {
	*apptest.Server
	t             *testing.T
	shared, other models.Webhook
	delivery      string
}

func newCast(t *testing.T) *cast {
	c := &cast{Server: apptest.NewServer(t, nil), t: t}
	r := apptest.NewReceiver(t)
	r.AnswerStatus(http.StatusOK)
	for i, name := range []string{"Orders", "Secret plans"} {
		in := apptest.Draft(name, fmt.Sprintf("%s/%d", r.URL, i), func(d *service.WebhookDraft) {
			d.Settings.Headers = []models.HeaderSettings{{Name: "X-Api-Key", Value: "canary-secret", Secret: true}}
		})
		saved, err := c.Service.Webhooks.Create(t.Context(), apptest.System, in)
		require.NoError(t, err)
		c.shared, c.other = c.other, saved.Webhook
	}
	d, err := c.Service.Webhooks.Test(t.Context(), apptest.System, c.shared.ID, service.TestInput{})
	require.NoError(t, err)
	c.delivery = d.Delivery.ID
	return c
}

// person makes a user, and a tab that is signed in as them.
func (c *cast) person(name, email string, role models.Role) (models.User, *tab) {
	c.t.Helper()
	u, err := c.Service.Accounts.Add(c.t.Context(), email, name, role, password)
	require.NoError(c.t, err)
	b := open(c.t, c.Server)
	b.visit("/login")
	b.do(chromedp.SendKeys(field("email"), email), chromedp.SendKeys(field("password"), password))
	b.follow(chromedp.Submit(field("password")))
	return u, b
}

func (c *cast) give(holder string, level models.Level) {
	c.t.Helper()
	_, err := c.Service.Grants.Give(c.t.Context(), apptest.System, c.shared.ID, holder, level)
	require.NoError(c.t, err)
}

// offers lists what a person can press or follow on the page.
func (b *tab) offers() string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](
		`[...document.querySelectorAll("main a, main button, main summary, .rail nav a")].map(e => (e.getAttribute("aria-label") || e.textContent).trim()).join("|") + "|"`))
	require.NoError(b.t, err)
	return text
}

// status opens a page and says how it was answered.
func (b *tab) status(path string) int64 {
	b.t.Helper()
	return b.follow(chromedp.Navigate(b.BaseURL + path))
}

// D2, Z8: what each role is offered on every page, and what an address typed by
// hand gets them.
func TestD2_Z8_WalkOfEachRole(t *testing.T) {
	c := newCast(t)
	hook := "/webhooks/" + c.shared.ID
	for _, walk := range []struct {
		name    string
		role    models.Role
		level   models.Level
		offered []string // on the shared webhook
		refused []string
	}{
		{"Owner", models.Owner, models.NoGrant, []string{"Delete|", "Duplicate|", "Edit|", "Permissions|", "API tokens|"}, nil},
		{"Manager", models.Manager, models.NoGrant, nil, nil},
		{"Member", models.Member, models.NoGrant, nil, nil},
		{"Viewer", models.Member, models.ViewGrant, []string{"Logs|"}, []string{"Delete|", "Duplicate|", "Edit|", "Send test|", "Permissions|", "API tokens|", "Deliver to"}},
		{"Editor", models.Manager, models.EditGrant, []string{"Edit|", "Deliver to Orders|"}, []string{"Delete|", "Duplicate|", "Permissions|", "API tokens|"}},
	} {
		u, b := c.person(walk.name, walk.name+"@example.com", walk.role)
		if walk.level != models.NoGrant {
			c.give(u.ID, walk.level)
		}
		b.visit("/webhooks")
		sees := walk.role == models.Owner || walk.level != models.NoGrant
		if !sees {
			require.Contains(t, b.text("main"), "No webhook is shared with you")
			require.NotContains(t, b.text("main"), "Orders")
			require.EqualValues(t, http.StatusNotFound, b.status(hook))
			require.EqualValues(t, http.StatusNotFound, b.status("/deliveries/"+c.delivery))
		} else {
			require.EqualValues(t, http.StatusOK, b.status(hook))
			for _, o := range walk.offered {
				require.Contains(t, b.offers(), o, walk.name)
			}
			for _, o := range walk.refused {
				require.NotContains(t, b.offers(), o, walk.name)
			}
			b.shot("role-" + walk.name)
			require.EqualValues(t, http.StatusOK, b.status("/deliveries/"+c.delivery))
			may := walk.role == models.Owner || walk.level == models.EditGrant
			require.Equal(t, may, containsText(b, "Retrigger"), walk.name)
			require.NotContains(t, b.html(), "canary-secret")
		}
		if walk.role == models.Owner {
			continue
		}
		require.EqualValues(t, http.StatusNotFound, b.status("/webhooks/"+c.other.ID), "not shared: as if it were not there")
		for _, path := range []string{"/permissions", "/tokens", "/webhooks/new", hook + "/permissions", hook + "/delete"} {
			require.EqualValues(t, http.StatusForbidden, b.status(path), "%s %s", walk.name, path)
			require.Contains(t, b.text("main"), "Ask an owner")
		}
		b.quiet()
	}
}

func containsText(b *tab, text string) bool {
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`document.querySelector("main").innerText.includes(%q)`, text)))
	require.NoError(b.t, err)
	return found
}

// Z8: with the keyboard alone: type, walk, pick, share; change the level; revoke.
func TestZ8_ShareWithTheKeyboard(t *testing.T) {
	c := newCast(t)
	pat, err := c.Service.Accounts.Add(t.Context(), "pat@example.com", "Pat "+attack[:60], models.Member, password)
	require.NoError(t, err)
	_, b := c.person("Olga", "olga@example.com", models.Owner)
	level := func() models.Level { return c.level(pat) }
	b.visit("/webhooks")
	b.follow(chromedp.Click(button("View permissions")))
	b.follow(chromedp.Click(`//main//a[normalize-space()="Manage"][contains(@aria-label, "Orders")]`))
	b.do(chromedp.Focus(field("q")), browser.Press("pat"))
	b.await(`document.querySelector("[role=combobox]").getAttribute("aria-expanded") === "true"`)
	b.await(`document.querySelectorAll("[role=listbox] [data-value]").length === 1`)
	b.shot("share-suggest")
	b.do(browser.Press(kb.ArrowDown))
	b.await(`document.getElementById(document.activeElement.getAttribute("aria-activedescendant")).textContent.includes("pat@example.com")`)
	b.do(browser.Press(kb.Enter))
	b.await(`document.querySelector("[name=holder]").value !== ""`)
	require.Equal(t, models.NoGrant, level())
	b.do(browser.Press(kb.Enter))
	b.await(`document.querySelector("main").innerText.includes("View by an own grant")`)
	require.Equal(t, models.ViewGrant, level())
	b.shot("share-given")
	b.visit("/webhooks/" + c.shared.ID + "/permissions")

	b.do(chromedp.SetValue(chromedp.CSS("#level-"+pat.ID), "edit"))
	b.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("level-` + pat.ID + `").dispatchEvent(new Event("change", {bubbles: true}))`))
	b.await(`document.querySelector("main").innerText.includes("Edit by an own grant")`)
	require.Equal(t, models.EditGrant, level())
	b.visit("/webhooks/" + c.shared.ID + "/permissions")
	b.do(chromedp.Focus(chromedp.CSS("#grant-"+pat.ID+" .actions button")), browser.Press(kb.Enter))
	b.await(`document.querySelector("main").innerText.includes("Shared with nobody")`)
	require.Equal(t, models.NoGrant, level())
	b.await(`window.pwned === undefined`)
	b.quiet()
}

func (c *cast) level(u models.User) models.Level {
	shared, err := c.Service.Grants.List(c.t.Context(), apptest.System, c.shared.ID)
	require.NoError(c.t, err)
	for _, g := range shared.Grants {
		if g.Grant.UserID == u.ID {
			return g.Grant.Level
		}
	}
	return models.NoGrant
}

// Z8: the same with plain forms; a name that two have is asked back.
func TestZ8_ShareWithoutJavaScript(t *testing.T) {
	c := newCast(t)
	pat, err := c.Service.Accounts.Add(t.Context(), "pat1@example.com", "Pat Miller", models.Member, password)
	require.NoError(t, err)
	_, err = c.Service.Accounts.Add(t.Context(), "pat2@example.com", "Pat Miller", models.Member, password)
	require.NoError(t, err)
	_, b := c.person("Olga", "olga@example.com", models.Owner)
	b.withoutScript()
	b.visit("/webhooks/" + c.shared.ID + "/permissions")
	b.do(chromedp.SendKeys(field("q"), "pat miller"))
	require.EqualValues(t, http.StatusUnprocessableEntity, b.follow(chromedp.Click(button("Share"))))
	b.shot("share-nojs")
	b.do(chromedp.Click(chromedp.CSS(`[name=picked][value="` + pat.ID + `"]`)))
	b.follow(chromedp.Click(button("Share")))
	require.Equal(t, models.ViewGrant, c.level(pat))
	b.do(chromedp.SetValue(chromedp.CSS("#level-"+pat.ID), "edit"))
	b.follow(chromedp.Click(chromedp.CSS("#grant-" + pat.ID + " td form button")))
	require.Equal(t, models.EditGrant, c.level(pat))
	b.follow(chromedp.Click(chromedp.CSS("#grant-" + pat.ID + " .actions button")))
	require.Equal(t, models.NoGrant, c.level(pat))
	b.do(chromedp.SendKeys(field("q"), "nobody of that name"))
	require.EqualValues(t, http.StatusUnprocessableEntity, b.follow(chromedp.Click(button("Share"))))
	require.Contains(t, b.text("main"), "Nobody is called that")
}

// Z8: a grant that is revoked, or made weaker, while a page is open stops the
// next click, says so, and leaves nothing half changed.
func TestZ8_RevokedWhileThePageIsOpen(t *testing.T) {
	c := newCast(t)
	pat, b := c.person("Pat", "pat@example.com", models.Member)
	enabled := func() bool {
		w, err := c.Service.Webhooks.Get(t.Context(), apptest.System, c.shared.ID)
		require.NoError(t, err)
		return w.Enabled
	}
	toggle := func() { b.do(chromedp.Click(chromedp.CSS("#switch-" + c.shared.ID))) }
	toast := func(text string) {
		t.Helper()
		b.await(fmt.Sprintf(`document.getElementById("toasts").innerText.includes(%q)`, text))
		require.True(t, enabled())
		b.await(`document.querySelector("#switch-` + c.shared.ID + `").getAttribute("aria-checked") === "true"`)
	}
	c.give(pat.ID, models.EditGrant)
	b.visit("/webhooks")
	c.give(pat.ID, models.ViewGrant)
	toggle()
	toast("Nothing was changed. This webhook is shared with you to look at only.")
	_, err := c.Service.Grants.Revoke(t.Context(), apptest.System, c.shared.ID, pat.ID)
	require.NoError(t, err)
	toggle()
	toast("no longer shared with you")
	b.shot("revoked")

	// A whole form: 404 in words, and nothing saved.
	c.give(pat.ID, models.EditGrant)
	b.visit("/webhooks/" + c.shared.ID + "/edit")
	_, err = c.Service.Grants.Revoke(t.Context(), apptest.System, c.shared.ID, pat.ID)
	require.NoError(t, err)
	b.do(chromedp.SetValue(field("name"), "Taken over"))
	require.EqualValues(t, http.StatusNotFound, b.follow(chromedp.Click(button("Save changes"))))
	require.Contains(t, b.text("main"), "not shared with you")
	w, err := c.Service.Webhooks.Get(t.Context(), apptest.System, c.shared.ID)
	require.NoError(t, err)
	require.Equal(t, "Orders", w.Name)
}
