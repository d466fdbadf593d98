// Package static serves the files that pages load: style, script, icons, font.
// They are embedded, and their URLs carry a hash of the content, so that a
// browser may keep them for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed css/app.css js/*.js img/* fonts/*.woff2
var files embed.FS

// Prefix is where Handler must stand in the site.
const Prefix = "/static/"

// mimeTypes is also the list of what may be served: the types of the host's
// own MIME tables vary from machine to machine.
var mimeTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".woff2": "font/woff2",
}

type asset struct {
	mime, hash string
	raw, gz    []byte // gz is nil when it would not be smaller
}

// assets is made at the first use: a command that serves no pages need not wait
// for the compression.
var assets = sync.OnceValue(load)

func load() map[string]asset {
	found := map[string]asset{}
	walk := func(name string, d fs.DirEntry, err error) error {
		mime := mimeTypes[path.Ext(name)]
		if err != nil || d.IsDir() || mime == "" {
			return err
		}
		raw, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		found[name] = asset{mime: mime, hash: hex.EncodeToString(sum[:6]), raw: raw, gz: compress(raw)}
		return nil
	}
	if err := fs.WalkDir(files, ".", walk); err != nil {
		panic("static: the embedded files cannot be read: " + err.Error())
	}
	return found
}

func compress(raw []byte) []byte {
	var out bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = zip.Write(raw) // into memory: cannot fail
	_ = zip.Close()
	if out.Len() > len(raw)*9/10 {
		return nil
	}
	return out.Bytes()
}

// URL is the address of a file, e.g. css/app.css → /static/css/app.3f2a….css.
// It panics for a file that is not there, which every test of a page would see.
func URL(name string) string {
	a, ok := assets()[name]
	if !ok {
		panic("static: there is no " + name)
	}
	ext := path.Ext(name)
	return Prefix + strings.TrimSuffix(name, ext) + "." + a.hash + ext
}

// Handler serves what URL names. It expects the full path, Prefix included.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET is allowed here.", http.StatusMethodNotAllowed)
		return
	}
	a, hashed, ok := find(strings.TrimPrefix(r.URL.Path, Prefix))
	if !ok {
		http.Error(w, "There is no such file.", http.StatusNotFound)
		return
	}
	send(w, r, a, hashed)
}

// find splits the hash off. A file asked for with another hash, as a page of an
// older version does during an upgrade, is served as it is now, but not kept.
func find(name string) (a asset, immutable, ok bool) {
	if a, ok = assets()[name]; ok {
		// The style sheet names fonts without a hash; their own names change
		// with their content.
		return a, strings.HasPrefix(name, "fonts/"), true
	}
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	hash := strings.TrimPrefix(path.Ext(stem), ".")
	a, ok = assets()[strings.TrimSuffix(stem, "."+hash)+ext]
	return a, hash == a.hash, ok
}

func send(w http.ResponseWriter, r *http.Request, a asset, immutable bool) {
	h := w.Header()
	h.Set("Content-Type", a.mime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", `"`+a.hash+`"`)
	h.Set("Cache-Control", "no-cache")
	if immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == `"`+a.hash+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.raw
	if a.gz != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.gz
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}
