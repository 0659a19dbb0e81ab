package main

// A sample is what one window showed.
type sample struct {
	Messages int64   `json:"messages"`
	Bytes    int64   `json:"bytes"` // one way
	Seconds  float64 `json:"seconds"`
	// CPU seconds: the server's, the load generator's, and everybody
	// else's on this machine.
	ServerCPU    float64 `json:"server_cpu_seconds"`
	GeneratorCPU float64 `json:"generator_cpu_seconds"`
	OtherCPU     float64 `json:"other_cpu_seconds"`
	P50          int64   `json:"p50_us"`
	P99          int64   `json:"p99_us"`
	P999         int64   `json:"p99_9_us"`
}

// A figure is something to compare samples by.
type figure struct {
	name string
	of   func(sample) float64
}

func messageRate() figure {
	return figure{"messages/s", func(s sample) float64 { return float64(s.Messages) / s.Seconds }}
}

func byteRate() figure {
	return figure{"MB/s", func(s sample) float64 { return float64(s.Bytes) / s.Seconds / 1e6 }}
}

// cpuPerMessage is the steadiest of them on a machine that others use too: who
// is interrupted takes longer, but does no more work.
func cpuPerMessage() figure {
	return figure{"CPU s/million messages", func(s sample) float64 { return 1e6 * s.ServerCPU / float64(s.Messages) }}
}

// generatorPerMessage tells how fast the generator could be at best.
func generatorPerMessage() figure {
	return figure{"generator CPU s/million messages", func(s sample) float64 { return 1e6 * s.GeneratorCPU / float64(s.Messages) }}
}

func serverCores() figure {
	return figure{"server cores", func(s sample) float64 { return s.ServerCPU / s.Seconds }}
}

func generatorCores() figure {
	return figure{"generator cores", func(s sample) float64 { return s.GeneratorCPU / s.Seconds }}
}

func otherCores() figure {
	return figure{"other cores", others}
}

// others is how much of a core programs used that take no part. The kernel
// counts in hundredths of a second, here and there at other moments: so it may
// be a little less than nothing.
func others(s sample) float64 { return max(0, s.OtherCPU/s.Seconds) }

func p50() figure  { return figure{"p50 µs", func(s sample) float64 { return float64(s.P50) }} }
func p99() figure  { return figure{"p99 µs", func(s sample) float64 { return float64(s.P99) }} }
func p999() figure { return figure{"p99.9 µs", func(s sample) float64 { return float64(s.P999) }} }

func allFigures() []figure {
	return []figure{
		messageRate(), byteRate(), cpuPerMessage(), generatorPerMessage(),
		p50(), p99(), p999(), serverCores(), generatorCores(), otherCores(),
	}
}
