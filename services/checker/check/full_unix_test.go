//go:build unix

package check

import (
	"errors"
	"strings"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

// A server that takes nobody any more has not ended, and the message says which
// of the two it is.
func TestAServerThatTakesNobody(t *testing.T) {
	c := &Check{Do: func(t *Try) { t.Dial("alice") }}
	limits := Limits{Answer: 300 * time.Millisecond}
	try := newTry(t.Context(), c, &Result{Target: nettest.Full(t)}, nil, Options{Limits: limits})
	var failure *Failure
	if err := do(try, c); !errors.As(err, &failure) || !strings.Contains(failure.What, "in vain for a connection") {
		t.Errorf("it says %v", err)
	}
}
