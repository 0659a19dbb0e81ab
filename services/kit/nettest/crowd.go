package nettest

import (
	"sync"
	"testing"
)

// Crowd lets so many clients take b.N turns together, each in a goroutine of its
// own: talk is called once for each client, 0 and up, with how many turns are its
// own. It measures from here, with allocations, and reports turns a second.
func Crowd(b *testing.B, clients int, talk func(client, turns int) error) {
	b.Helper()
	var crowd sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for client := range clients {
		crowd.Go(func() {
			if err := talk(client, (b.N+client)/clients); err != nil {
				b.Error(err)
			}
		})
	}
	crowd.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
}
