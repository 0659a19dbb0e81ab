package boot

import (
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/sirupsen/logrus"
)

// textFormatter writes a line exactly as logrus.TextFormatter does where there are
// no colours, at a third of the cost: at LOG_LEVEL=debug a server logs each message,
// and most of what that took was not the line's way to the disk but its making. What
// it does not know it leaves to logrus.
type textFormatter struct {
	logrus *logrus.TextFormatter
}

// newTextFormatter makes the formatter of what is written to w. On a terminal that
// is logrus' own, which has colours.
func newTextFormatter(w io.Writer) logrus.Formatter {
	own := &logrus.TextFormatter{FullTimestamp: true, TimestampFormat: clock}
	if file, ok := w.(*os.File); ok {
		// Other devices are no terminals either, but logrus knows those.
		if info, err := file.Stat(); err != nil || info.Mode()&fs.ModeCharDevice != 0 {
			return own
		}
	}
	return textFormatter{own}
}

// usualLine is how many bytes most lines fit in.
const usualLine = 512

// Format makes the line in the entry's own buffer, which logrus uses again.
func (f textFormatter) Format(e *logrus.Entry) ([]byte, error) {
	if e.Buffer == nil || e.Caller != nil {
		return f.logrus.Format(e)
	}
	e.Buffer.Grow(usualLine)
	b := append(e.Buffer.AvailableBuffer(), `time="`...)
	b = append(e.Time.AppendFormat(b, clock), `" level=`...)
	b = append(b, e.Level.String()...)
	if e.Message != "" {
		b = appendText(append(b, " msg="...), e.Message)
	}
	var few [8]string
	keys := few[:0]
	for key := range e.Data {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if isTaken(key) {
			return f.logrus.Format(e)
		}
		b = append(append(append(b, ' '), key...), '=')
		var known bool
		if b, known = appendValue(b, e.Data[key]); !known {
			return f.logrus.Format(e)
		}
	}
	return append(b, '\n'), nil
}

// isTaken tells whether key has a meaning of logrus' own.
func isTaken(key string) bool {
	switch key {
	case logrus.FieldKeyTime, logrus.FieldKeyLevel, logrus.FieldKeyMsg, logrus.FieldKeyLogrusError:
		return true
	}
	return false
}

func appendValue(b []byte, value any) (_ []byte, known bool) {
	switch v := value.(type) {
	case string:
		return appendText(b, v), true
	case int:
		return strconv.AppendInt(b, int64(v), 10), true
	case int64:
		return strconv.AppendInt(b, v, 10), true
	case uint64:
		return strconv.AppendUint(b, v, 10), true
	}
	return b, false
}

// appendText quotes what might be taken for more than one value.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if !isPlain(text[i]) {
			return strconv.AppendQuote(b, text)
		}
	}
	return append(b, text...)
}

func isPlain(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("-._/@^+", c) >= 0
}
