package api

import (
	"testing"

	"github.com/labstack/echo/v4"
)

func BenchmarkMount(b *testing.B) {
	_, s, _ := benchServer(b)
	for b.Loop() {
		if err := Mount(echo.New(), s.Options); err != nil {
			b.Fatal(err)
		}
	}
}
