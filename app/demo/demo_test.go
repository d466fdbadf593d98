package demo_test

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/demo"
)

var csrf = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// The demo comes up with what it promises, and leaves nothing behind.
func TestDemo(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	in, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- demo.Run(ctx, demo.Options{Listen: "127.0.0.1:0", Out: out, Log: slog.New(slog.DiscardHandler)})
		_ = out.Close()
	}()
	lines := bufio.NewScanner(in)
	require.True(t, lines.Scan())
	base := regexp.MustCompile(`http://\S+`).FindString(lines.Text())
	require.NotEmpty(t, base, lines.Text())
	require.True(t, lines.Scan())
	sign := regexp.MustCompile(`as (\S+)\s+password (\S+)`).FindStringSubmatch(lines.Text())
	require.Len(t, sign, 3, lines.Text())
	go func() { _, _ = io.Copy(io.Discard, in) }()

	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	get := func(path string) string {
		t.Helper()
		resp, err := client.Get(base + path)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		return string(body)
	}
	token := csrf.FindStringSubmatch(get("/login"))
	require.Len(t, token, 2)
	resp, err := client.PostForm(base+"/login", url.Values{"csrf": token[1:], "email": sign[1:2], "password": sign[2:3]})
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	list := get("/webhooks")
	for _, name := range []string{"Orders to the warehouse", "Contacts to the CRM", "Old survey tool", "answered 410 Gone", "Everything to the data lake"} {
		require.True(t, strings.Contains(list, name), name)
	}
	require.Contains(t, get("/participants"), "Ela Yılmaz")
	id := regexp.MustCompile(`id="row-(wh_\w+)"`).FindStringSubmatch(list)
	require.Len(t, id, 2)
	require.True(t, strings.Contains(get("/webhooks/"+id[1]+"/logs"), "Succeeded"))

	stop()
	require.NoError(t, <-ended)
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
}
