package deliver

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/egress"
	"hookline/models"
)

// W6: whatever the client calls a failure, people get words for it.
func TestW6_EveryCauseIsExplained(t *testing.T) {
	for _, cause := range append(egress.Causes(), string(models.CauseNotBuilt), string(models.CauseSealed), string(models.CauseNoKey), string(models.CauseCaptureGone)) {
		require.True(t, models.Cause(cause).Explained(), cause)
	}
}
