package main

import (
	"runtime"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// sharedTimes takes the times of thousands of goroutines. A histogram has 100
// KB and more, so there is one for each core, not for each goroutine: else no
// cache would hold them.
type sharedTimes struct{ parts []sharedTimesPart }

type sharedTimesPart struct {
	// mu guards times.
	mu    sync.Mutex
	times *hdrhistogram.Histogram
}

func newSharedTimes() *sharedTimes {
	s := &sharedTimes{make([]sharedTimesPart, runtime.GOMAXPROCS(0))}
	for i := range s.parts {
		s.parts[i].times = newTimes()
	}
	return s
}

// of is the part that goroutine number n shall use.
func (s *sharedTimes) of(n int) *sharedTimesPart { return &s.parts[n%len(s.parts)] }

func (p *sharedTimesPart) record(d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.times.RecordValue(d.Microseconds())
}

// all puts the parts together, when no goroutine uses them any more.
func (s *sharedTimes) all() *hdrhistogram.Histogram {
	all := newTimes()
	for i := range s.parts {
		all.Merge(s.parts[i].times)
	}
	return all
}
