package boot

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
)

// A line is what logrus would have written, whatever is in it.
func TestTextLog(t *testing.T) {
	for _, fields := range []logrus.Fields{
		{},
		{"conn": uint64(7), "peer": "127.0.0.1:40000", "in": int64(-1), "out": int64(1 << 40), "why": "client closed"},
		{"data": "hello\n", "size": 6},
		{"data": "", "quote": `"`, "euro": "€", "broken": "\xff\x80", "nul": "\x00", "plain": "a-Z.0_9/@^+"},
		{"took": 1500 * time.Millisecond, "on": true, "part": 0.5, "nothing": nil, "bytes": []byte("a b")},
		{"error": errors.New("no space left on device")},
		{"time": "noon", "a": 1},
		{"level": "sea"},
		{"msg": "another"},
		{"logrus_error": "none of its"},
		{"k1": 1, "k2": 2, "k3": 3, "k4": 4, "k5": 5, "k6": 6, "k7": 7, "k8": 8, "k9": 9, "k10": 10},
	} {
		for _, message := range []string{"Listening", "Client connected", "", "two\nlines"} {
			wantSameLine(t, message, fields)
		}
	}
}

func FuzzTextLog(f *testing.F) {
	f.Add("Received", "data", "hello\n", int64(6), uint64(1))
	f.Add("", "", "\xff", int64(-1), uint64(0))
	f.Fuzz(func(t *testing.T, message, key, text string, signed int64, unsigned uint64) {
		wantSameLine(t, message, logrus.Fields{key: text, "n": signed, "u": unsigned, "i": int(signed)})
	})
}

func wantSameLine(t *testing.T, message string, fields logrus.Fields) {
	t.Helper()
	at := time.Date(2025, 1, 2, 3, 4, 5, 6_000_000, time.UTC)
	var got, want bytes.Buffer
	for to, formatter := range map[*bytes.Buffer]logrus.Formatter{
		&got:  newTextFormatter(&got),
		&want: &logrus.TextFormatter{FullTimestamp: true, TimestampFormat: clock},
	} {
		log := logrus.New()
		log.SetOutput(to)
		log.SetFormatter(formatter)
		log.WithTime(at).WithFields(fields).Warn(message)
	}
	if got.String() != want.String() {
		t.Errorf("the line is\n%q\nlogrus writes\n%q", &got, &want)
	}
}

// On a terminal a line has colours: that is logrus' business. (A pipe and a file
// are none; of other devices logrus finds out by itself.)
func TestTextLogOnDevice(t *testing.T) {
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	if f, ok := newTextFormatter(device).(*logrus.TextFormatter); !ok {
		t.Errorf("for a device it is %T", f)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if _, ok := newTextFormatter(w).(textFormatter); !ok {
		t.Error("for a pipe it is logrus' own")
	}
}

func BenchmarkTextLog(b *testing.B) {
	for name, formatter := range map[string]logrus.Formatter{
		"ours":   newTextFormatter(io.Discard),
		"logrus": &logrus.TextFormatter{FullTimestamp: true, TimestampFormat: clock},
	} {
		b.Run(name, func(b *testing.B) {
			entry := &logrus.Entry{Level: logrus.DebugLevel, Message: "Received", Time: time.Now(), Buffer: new(bytes.Buffer)}
			entry.Data = logrus.Fields{"conn": uint64(7), "size": 64, "data": "hello, everybody, how are you this morning?\n"}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := formatter.Format(entry); err != nil {
					b.Fatal(err)
				}
				entry.Buffer.Reset()
			}
		})
	}
}
