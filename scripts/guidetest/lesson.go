package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// lesson is one page of the guide with everything in it that can be run.
type lesson struct {
	path   string // relative to the root of the tree, as it is printed
	blocks []block
	fences int // runnable fences counted by countFences, without the Markdown parser
}

// syntaxError says that a page breaks the rules for blocks. Pages with such errors are not run at all: half a lesson
// proves nothing.
type syntaxError struct {
	path string
	line int
	why  string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("%s:%d: %s", e.path, e.line, e.why) }

// numbered matches the file name of a lesson which must have something to run; number 00 may be an introduction.
var numbered = regexp.MustCompile(`^[0-9]{2,}-.*\.md$`)

// mustRun says whether a page without any block is an error.
func (l lesson) mustRun() bool {
	name := filepath.Base(l.path)
	return numbered.MatchString(name) && strings.Trim(name[:strings.IndexByte(name, '-')], "0") != ""
}

// findLessons parses every page of root/lab-guide whose file name begins with one of the prefixes (all, where there
// are none). A prefix that fits no page is an error, because a misspelt one would otherwise pass.
func findLessons(root string, prefixes []string) ([]lesson, error) {
	pages, err := filepath.Glob(filepath.Join(root, "lab-guide", "*.md"))
	if err != nil {
		return nil, err
	}
	used := make(map[string]bool)
	var lessons []lesson
	for _, page := range pages {
		if !selected(filepath.Base(page), prefixes, used) {
			continue
		}
		source, err := os.ReadFile(page)
		if err != nil {
			return nil, err
		}
		parsed, err := parseLesson("lab-guide/"+filepath.Base(page), source)
		if err != nil {
			return nil, err
		}
		lessons = append(lessons, parsed)
	}
	for _, prefix := range prefixes {
		if !used[prefix] {
			return nil, fmt.Errorf("no page of %s begins with %q", filepath.Join(root, "lab-guide"), prefix)
		}
	}
	if len(lessons) == 0 {
		return nil, fmt.Errorf("no pages in %s", filepath.Join(root, "lab-guide"))
	}
	return lessons, nil
}

func selected(name string, prefixes []string, used map[string]bool) bool {
	if len(prefixes) == 0 {
		return true
	}
	found := false
	for _, prefix := range prefixes {
		if strings.HasPrefix(name, prefix) {
			used[prefix], found = true, true
		}
	}
	return found
}

// parseLesson takes the runnable blocks out of one page, in the order of the page. The error is a *syntaxError.
func parseLesson(path string, source []byte) (lesson, error) {
	page := lesson{path: path, fences: countFences(source)}
	tree := goldmark.DefaultParser().Parse(text.NewReader(source))
	err := ast.Walk(tree, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		fence, ok := node.(*ast.FencedCodeBlock)
		if !ok || !entering || fence.Info == nil {
			return ast.WalkContinue, nil
		}
		parsed, runnable, err := parseBlock(fenceOf(path, source, fence))
		if runnable && err == nil {
			page.blocks = append(page.blocks, parsed)
		}
		return ast.WalkContinue, err
	})
	return page, err
}

// fence is a fenced code block as the page has it.
type fence struct {
	path string
	line int // of the opening fence
	info string
	body []string // without line ends; body[i] stands on line+1+i of the page
}

func fenceOf(path string, source []byte, node *ast.FencedCodeBlock) fence {
	info := node.Info.Segment
	f := fence{path: path, line: 1 + bytes.Count(source[:info.Start], []byte("\n")), info: string(info.Value(source))}
	for i := range node.Lines().Len() {
		segment := node.Lines().At(i)
		f.body = append(f.body, strings.TrimRight(string(segment.Value(source)), "\r\n"))
	}
	return f
}
