package browsertest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/browser"
	"hookline/app/config"
	"hookline/app/service/account"
	"hookline/models"
)

var inMail = regexp.MustCompile(`https?://[^\s"]+/(?:invite|reset)/[0-9A-Za-z]+`)

// linkIn is the link of a letter's text part.
func linkIn(t *testing.T, l apptest.Letter) string {
	t.Helper()
	found := inMail.FindString(strings.ReplaceAll(l.Raw, "=\n", ""))
	require.NotEmpty(t, found, l.Raw)
	return found
}

func mailed(t *testing.T) (*apptest.Server, *apptest.Mailbox) {
	box := apptest.NewMailbox(t, nil, false)
	return apptest.NewServer(t, func(c *config.Server) { c.SMTPURL = "smtp://" + box.Address + "?from=desk@example.com" }), box
}

// D2: an owner invites by keyboard alone, the mail comes, and in a second
// browser it makes a member who sees what members see; a forgotten password
// comes back the same way.
func TestD2_InviteAcceptForget(t *testing.T) {
	s, box := mailed(t)
	owner, kim := open(t, s), open(t, s)
	owner.setUp()
	owner.visit("/team")
	owner.follow(browser.Press("n"))
	require.Equal(t, "/team/invitations", owner.at())
	owner.do(chromedp.SendKeys(field("email"), "kim@example.com"))
	owner.follow(browser.Press(kb.Enter))
	shown := strings.TrimSpace(owner.text("#invite-link"))
	require.Contains(t, owner.text("main"), "It was sent to kim@example.com.")
	owner.shot("invite")
	letter := box.Next(t)
	require.Equal(t, []string{"kim@example.com"}, letter.To)
	link := linkIn(t, letter)
	require.Equal(t, shown, link)
	require.True(t, strings.HasPrefix(link, s.BaseURL+"/invite/"))

	kim.do(chromedp.Navigate(link))
	kim.shot("accept")
	kim.do(chromedp.SendKeys(field("name"), "Kim Larsen"), chromedp.SendKeys(field("password"), password))
	kim.follow(browser.Press(kb.Enter))
	require.NotContains(t, kim.text("nav"), "Team")
	kim.visit("/webhooks")
	require.Contains(t, kim.text("main"), "No webhook is shared with you")
	kim.visit("/profile")
	require.Contains(t, kim.text("main"), "This browser")
	kim.shot("profile")

	// A role counts from the next click, and disabling ends the session.
	u, err := s.Service.People.List(t.Context(), apptest.System, "kim", models.PageRequest{})
	require.NoError(t, err)
	owner.visit("/team?q=kim")
	owner.follow(chromedp.Click(chromedp.CSS(`#results a[href^="/team/users/"]`)))
	owner.do(chromedp.Click(chromedp.CSS(`input[name="role"][value="owner"]`)))
	owner.follow(chromedp.Click(button("Save")))
	kim.visit("/team")
	require.Contains(t, kim.text("main"), "Kim Larsen")
	owner.visit("/team/users/" + u.Items[0].ID)
	owner.follow(chromedp.Click(button("Disable user")))
	kim.visit("/team")
	require.True(t, strings.HasPrefix(kim.at(), "/login"), kim.at())
	owner.follow(chromedp.Click(button("Enable user")))

	kim.follow(chromedp.Click(button("Forgot password?")))
	kim.do(chromedp.SendKeys(field("email"), "KIM@example.com"))
	kim.follow(browser.Press(kb.Enter))
	require.Contains(t, kim.text("main"), "Look into your mailbox")
	kim.do(chromedp.Navigate(linkIn(t, box.Next(t))))
	kim.do(chromedp.SendKeys(field("password"), "another horse battery"))
	kim.follow(browser.Press(kb.Enter))
	require.Equal(t, "/login", kim.at())
	kim.do(chromedp.SendKeys(field("email"), "kim@example.com"), chromedp.SendKeys(field("password"), "another horse battery"))
	kim.follow(browser.Press(kb.Enter))
	kim.visit("/team")
	require.Contains(t, kim.text("main"), "Kim Larsen")
	owner.quiet()
	kim.quiet()
}

// ui.md: teams, and ending a session, with plain forms alone.
func TestZ8_PeopleWithoutJavaScript(t *testing.T) {
	s, _ := mailed(t)
	b := open(t, s)
	b.withoutScript()
	b.setUp()
	kim, err := s.Service.Accounts.Add(t.Context(), "kim@example.com", "Kim Larsen", models.Member, password)
	require.NoError(t, err)
	b.visit("/team/teams")
	b.do(chromedp.SendKeys(field("name"), "Logistics"))
	b.follow(chromedp.Click(button("Create team")))
	b.do(chromedp.SendKeys(field("q"), "larsen"))
	b.follow(chromedp.Click(button("Search")))
	b.follow(chromedp.Click(button("Add")))
	require.Contains(t, b.text("#members"), "Kim Larsen")
	teams, err := s.Service.Teams.List(apptest.System)
	require.NoError(t, err)
	require.Equal(t, []string{kim.ID}, teams[0].Members)
	b.follow(chromedp.Click(button("Remove")))
	require.Contains(t, b.text("#members"), "Nobody is in this team")
	b.follow(chromedp.Click(button("Delete")))
	b.follow(chromedp.Click(button("Delete team")))
	require.Equal(t, "/team/teams", b.at())

	_, err = s.Service.Accounts.Login(t.Context(), email, password, account.Visitor{Network: "192.0.2.1"})
	require.NoError(t, err)
	b.visit("/profile")
	require.Contains(t, b.text("main"), "Unknown device")
	b.follow(chromedp.Click(button("End all others")))
	require.NotContains(t, b.text("main"), "Unknown device")
	b.follow(chromedp.Click(button("Sign out")))
	require.Equal(t, "/login", b.at())
}
