package check

import "testing"

func TestAmong(t *testing.T) {
	for _, test := range []struct {
		heard, text string
		same        int
		complete    bool
	}{
		{"HELLOQUIT", "HELLO", 9, true},
		{"HEQUITLLOQUIT", "HELLO", 13, true},
		{"HELLO", "HELLO", 5, false},
		{"HELLOQU", "HELLO", 7, false},
		{"HELLO\nQUIT", "HELLO", 5, false},
		{"HEQUXT", "HELLO", 4, false},
		{"QUEQUIT", "QUE", 7, true}, // Q begins both
		{"QUITQUIT", "QUIT", 8, true},
		{"QUIT", "QUIT", 4, false},
		{"", "", 0, false},
		{"QUIT", "", 4, true},
	} {
		same, complete := among(test.heard, test.text, "QUIT")
		if same != test.same || complete != test.complete {
			t.Errorf("%q as %q: %d, %v", test.heard, test.text, same, complete)
		}
	}
}
