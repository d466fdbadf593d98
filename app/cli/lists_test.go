package cli

import (
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"hookline/app/config"
	"hookline/models"
)

func parse(t *testing.T, args ...string) *commands {
	t.Helper()
	var c commands
	parser, err := kong.New(&c)
	require.NoError(t, err)
	_, err = parser.Parse(args)
	require.NoError(t, err)
	return &c
}

func prefixes(t *testing.T, text string) config.Prefixes {
	t.Helper()
	var p config.Prefixes
	require.NoError(t, p.UnmarshalText([]byte(text)))
	return p
}

// Lists take spaces after commas; a flag that is given twice adds up; a flag
// takes the place of its variable.
func TestLists(t *testing.T) {
	c := parse(t, "token", "add", "--name", "x", "--scopes", "events:write, deliveries:read ,", "--scopes=events:read")
	require.Equal(t, scopes{models.EventsWrite, models.DeliveriesRead, models.EventsRead}, c.Token.Add.Scopes)

	for _, name := range []string{"HOOKLINE_ALLOW_TARGETS", "HOOKLINE_TRUSTED_PROXIES", "HOOKLINE_OUTGOING_ADDRESSES"} {
		t.Setenv(name, " 10.0.0.0/8, ::1 ")
	}
	want := prefixes(t, "10.0.0.0/8,::1")
	s := parse(t, "serve").Serve
	require.Equal(t, []config.Prefixes{want, want, want}, []config.Prefixes{s.AllowTargets, s.TrustedProxies, s.OutgoingAddresses})

	s = parse(t, "serve", "--allow-targets", "127.0.0.0/8, fd00::/8", "--allow-targets", "192.0.2.7").Serve
	require.Equal(t, prefixes(t, "127.0.0.0/8,fd00::/8,192.0.2.7"), s.AllowTargets)
	require.Equal(t, want, s.TrustedProxies)
}
