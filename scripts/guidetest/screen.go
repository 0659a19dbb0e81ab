package main

import "strings"

const (
	screenWidth  = 100
	screenHeight = 40
	tabStop      = 8
	screenLimit  = 1 << 20 // cells one terminal may fill in a whole lesson
)

// position is a place on the screen. Rows are counted from the first row that the terminal ever showed, so that a
// position stays right while the screen scrolls.
type position struct{ row, col int }

// row is one row of cells. A soft row continues the row above it, because the text did not fit there.
type row struct {
	cells []rune
	soft  bool
}

// screen holds what a terminal shows and what has scrolled off its top. It is a simple terminal on purpose: it knows
// what line-oriented programs, line editors and progress displays send. Colours are dropped, full-screen programs are
// not for it. It belongs to one goroutine at a time.
type screen struct {
	rows   []row
	at     position
	saved  position
	marks  []mark
	filled int  // cells written, at most screenLimit
	full   bool // something was dropped because of that limit
	decode decoder
}

// mark is an invisible sign that the shell has put at a place: see promptFile.
type mark struct {
	kind byte
	at   position
}

const (
	promptMark       = 'A' // the prompt begins
	readyMark        = 'B' // the prompt has ended, the shell reads
	commandMark      = 'C' // the shell has read a command; what comes now is the command's
	continuationMark = 'P' // the shell wants another line of the same command
)

func newScreen() *screen { return &screen{rows: make([]row, 1)} }

// top is the first row that can still be reached by moving the cursor.
func (s *screen) top() int { return max(0, len(s.rows)-screenHeight) }

func (s *screen) put(char rune) {
	if s.at.col >= screenWidth {
		s.lineFeed()
		s.at.col = 0
		s.rows[s.at.row].soft = true
	}
	cells := &s.rows[s.at.row].cells
	for len(*cells) < s.at.col {
		if !s.fill() {
			return
		}
		*cells = append(*cells, ' ')
	}
	switch {
	case s.at.col < len(*cells):
		(*cells)[s.at.col] = char
	case s.fill():
		*cells = append(*cells, char)
	default:
		return
	}
	s.at.col++
}

// fill counts one more cell and says whether there was room for it.
func (s *screen) fill() bool {
	if s.filled >= screenLimit {
		s.full = true
		return false
	}
	s.filled++
	return true
}

func (s *screen) lineFeed() {
	if s.at.row+1 == len(s.rows) {
		if !s.fill() {
			return
		}
		s.rows = append(s.rows, row{})
	}
	s.at.row++
	s.rows[s.at.row].soft = false
}

// move places the cursor, within the rows and columns of the window. It may go below the last row written so far.
func (s *screen) move(line, col int) {
	top := s.top()
	s.at.row = min(max(line, top), top+screenHeight-1)
	s.at.col = min(max(col, 0), screenWidth-1)
	for len(s.rows) <= s.at.row {
		if !s.fill() {
			s.at.row = len(s.rows) - 1
			return
		}
		s.rows = append(s.rows, row{})
	}
}

// erase blanks the cells from one column up to, without, another of one row.
func (s *screen) erase(row, from, to int) {
	cells := s.rows[row].cells
	if to >= len(cells) {
		s.rows[row].cells = cells[:min(from, len(cells))]
		if row+1 < len(s.rows) {
			s.rows[row+1].soft = false
		}
		return
	}
	for col := from; col < to; col++ {
		cells[col] = ' '
	}
}

// end is where the output ends: at the cursor, or behind the last row below it that has text.
func (s *screen) end() position {
	last := len(s.rows) - 1
	for last > s.at.row && strings.TrimSpace(string(s.rows[last].cells)) == "" {
		last--
	}
	return position{last, len(s.rows[last].cells)}
}

// lineAfter is the start of the first line that begins below p.
func (s *screen) lineAfter(p position) position {
	next := p.row + 1
	for next < len(s.rows) && s.rows[next].soft {
		next++
	}
	return position{next, 0}
}

// lines returns the text between two positions as the lines that programs wrote, however the screen's width has cut
// them, without blanks at their ends. An empty rest at the end is no line; open says that the last line has no end
// yet, because the cursor or the prompt stands right behind it.
func (s *screen) lines(from, to position) (lines []string, open bool) {
	for r := from.row; r <= to.row && r < len(s.rows); r++ {
		cells := s.rows[r].cells
		if r == to.row {
			cells = cells[:min(to.col, len(cells))]
		}
		if r == from.row {
			cells = cells[min(from.col, len(cells)):]
		}
		if r > from.row && s.rows[r].soft {
			lines[len(lines)-1] += string(cells)
			continue
		}
		lines = append(lines, string(cells))
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	if n := len(lines); n > 0 && lines[n-1] == "" {
		return lines[:n-1], false
	}
	return lines, len(lines) > 0
}

// visible returns the rows that a person would see now, without the blank ones at the bottom.
func (s *screen) visible() []string {
	var rows []string
	for _, row := range s.rows[s.top():] {
		rows = append(rows, strings.TrimRight(string(row.cells), " "))
	}
	for len(rows) > 0 && rows[len(rows)-1] == "" {
		rows = rows[:len(rows)-1]
	}
	return rows
}
