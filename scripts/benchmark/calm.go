package main

import (
	"context"
	"time"
)

// calm is how much of a core others may use before a sample is suspicious.
const calm = 0.25

// measureCalmly waits for the others to have done, and measures again when
// they came back meanwhile, as often as the pace allows. It returns the least
// disturbed sample, and all are shown with what the others used.
func (c contender) measureCalmly(ctx context.Context, l load, p pace) (best sample, err error) {
	for try := range 1 + p.retries {
		if err := awaitCalm(ctx, p.patience); err != nil {
			return sample{}, err
		}
		got, err := c.measure(ctx, l, p)
		if err != nil {
			return sample{}, err
		}
		if try == 0 || others(got) < others(best) {
			best = got
		}
		if others(best) <= calm {
			break
		}
	}
	return best, nil
}

// awaitCalm returns when the machine has been calm for a moment, or patience
// is at an end.
func awaitCalm(ctx context.Context, patience time.Duration) error {
	const moment = 250 * time.Millisecond
	for limit := time.Now().Add(patience); time.Now().Before(limit); {
		before, err := machineSeconds()
		if err != nil {
			return err
		}
		if err := sleep(ctx, moment); err != nil {
			return err
		}
		after, err := machineSeconds()
		if err != nil {
			return err
		}
		if after-before <= calm*moment.Seconds() {
			return nil
		}
	}
	return nil
}
