package boot

import (
	"io"

	"github.com/sirupsen/logrus"
)

// logSettings are LOG_LEVEL and LOG_FORMAT.
type logSettings struct {
	level, format string
}

func (l *logSettings) declare(s *Settings) {
	s.Choice(&l.level, "LOG_LEVEL", "info", []string{"trace", "debug", "info", "warn", "error"},
		"debug shows each message, trace also the health checks")
	s.Choice(&l.format, "LOG_FORMAT", "text", []string{"text", "json"}, "json is for programs that read logs")
}

// clock is enough where a lesson takes an hour; `docker compose logs -t` adds
// the date.
const clock = "15:04:05.000"

// logger makes the program's one logger. It writes to w, a line at a time.
func (l *logSettings) logger(w io.Writer) *logrus.Logger {
	log := logrus.New()
	log.SetOutput(w)
	if level, err := logrus.ParseLevel(l.level); err == nil {
		log.SetLevel(level)
	}
	log.SetFormatter(newTextFormatter(w))
	if l.format == "json" {
		log.SetFormatter(&logrus.JSONFormatter{})
	}
	return log
}
