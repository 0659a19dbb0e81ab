package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Colours that people with any kind of sight can tell apart (Okabe and Ito,
// "Color Universal Design", 2008), and grey.
func colours() []color.Color {
	return []color.Color{
		color.RGBA{0, 114, 178, 255}, color.RGBA{230, 159, 0, 255}, color.RGBA{0, 158, 115, 255}, color.RGBA{204, 121, 167, 255},
	}
}

func grey() color.Color { return color.RGBA{110, 110, 110, 255} }

// Sizes, in points. A page shows the charts at most 830 pixels wide.
const (
	chartWidth  = vg.Length(640)
	titleSize   = vg.Length(13)
	textSize    = vg.Length(11)
	barHeight   = vg.Length(13)
	barDistance = vg.Length(19)
)

// costChart has a bar for each peer: what a message costs it, where it costs the
// lab's server 1.
func costChart(all reports) ([]byte, error) {
	var bars []bar
	for _, r := range all {
		bars = append(bars, r.Bars...)
	}
	if len(bars) == 0 {
		return nil, nil
	}
	p := newPlot("CPU time of a message in other servers, where it takes 1 in the lab's")
	var names []string
	least, most := 1.0, 1.0
	for i := range bars { // the first at the top
		b := bars[len(bars)-1-i]
		names = append(names, b.Label+": "+b.Peer)
		least, most = min(least, b.Ratio), max(most, b.Ratio)
		if err := addBar(p, i, b.Ratio); err != nil {
			return nil, err
		}
	}
	p.NominalY(names...)
	p.Y.Tick.Label.Font = sans(textSize)
	p.X.Min, p.X.Max = math.Log2(least)-0.7, math.Log2(most)+0.7 // room for the numbers
	p.X.Label.Text = "to the right: it costs the other server more than the lab's (logarithmic)"
	p.X.Tick.Marker = plot.TickerFunc(powersOfTwo)
	height := barDistance*vg.Length(len(bars)) + 85
	return drawSVG(height, func(c draw.Canvas) { p.Draw(c) })
}

// addBar adds one, from 1 to the ratio, and its number at its end. Blue: the
// lab's server is the cheaper one.
func addBar(p *plot.Plot, place int, ratio float64) error {
	one, err := plotter.NewBarChart(plotter.Values{math.Log2(ratio)}, barHeight)
	if err != nil {
		return err
	}
	one.Horizontal, one.XMin, one.LineStyle.Width = true, float64(place), 0
	end := plotter.XY{X: math.Log2(ratio), Y: float64(place)}
	label, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{end}, Labels: []string{number(ratio)}})
	if err != nil {
		return err
	}
	style := &label.TextStyle[0]
	style.Font, style.YAlign = sans(textSize), draw.YCenter
	one.Color, style.XAlign, label.Offset.X = colours()[0], draw.XLeft, 4
	if ratio < 1 {
		one.Color, style.XAlign, label.Offset.X = colours()[1], draw.XRight, -4
	}
	label.Offset.Y = 1.5 // to the eye, the middle of digits is higher than that of letters
	p.Add(one, label)
	return nil
}

// powersOfTwo are the marks of an axis of logarithms.
func powersOfTwo(least, most float64) []plot.Tick {
	var ticks []plot.Tick
	for power := math.Ceil(least); power <= most; power++ {
		text := strconv.FormatFloat(math.Exp2(power), 'g', -1, 64)
		if power < 0 {
			text = "1/" + strconv.FormatFloat(math.Exp2(-power), 'g', -1, 64)
		}
		ticks = append(ticks, plot.Tick{Value: power, Label: text})
	}
	return ticks
}

// growthChart has a panel for each growth: CPU time by size, both logarithmic.
func growthChart(all reports) ([]byte, error) {
	var panels []*plot.Plot
	for _, r := range all {
		for _, title := range r.growthTitles() {
			p, err := growthPanel(r, title)
			if err != nil {
				return nil, err
			}
			if p != nil {
				panels = append(panels, p)
			}
		}
	}
	if len(panels) == 0 {
		return nil, nil
	}
	const panelHeight = vg.Length(270)
	return drawSVG(panelHeight*vg.Length(len(panels)), func(c draw.Canvas) {
		var rows [][]*plot.Plot
		for _, p := range panels {
			rows = append(rows, []*plot.Plot{p})
		}
		tiles := draw.Tiles{Rows: len(rows), Cols: 1, PadY: 16}
		for i, row := range plot.Align(rows, tiles, c) {
			rows[i][0].Draw(row[0])
		}
	})
}

// growthPanel is nil where no CPU time was measured at several sizes.
func growthPanel(r *report, title string) (*plot.Plot, error) {
	p := newPlot(r.Suite + ": " + title)
	lowest, highest, lines := math.Inf(1), 0.0, 0
	for _, c := range r.Curves {
		if c.Title != title || c.Figure != growthFigure(title) || len(c.Sizes) < 2 || c.fallsToZero() {
			continue
		}
		var points plotter.XYs
		for i, size := range c.Sizes {
			points = append(points, plotter.XY{X: float64(size), Y: c.Values[i]})
			lowest, highest = min(lowest, c.Values[i]), max(highest, c.Values[i])
		}
		line, dots, err := plotter.NewLinePoints(points)
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = colours()[lines%len(colours())], vg.Points(2)
		dots.Color, dots.Shape, dots.Radius = line.Color, glyphs()[lines%len(glyphs())], vg.Points(3.5)
		p.Add(line, dots)
		p.Legend.Add(c.legend(), line, dots)
		p.X.Label.Text = c.Of
		lines++
	}
	if lines == 0 {
		return nil, nil
	}
	p.Y.Label.Text = "CPU µs a message"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.TickerFunc(powersOfTen), plot.TickerFunc(oneTwoFive)
	p.Y.Min, p.Y.Max = lowest/1.6, highest*4 // room for the legend
	p.Legend.Padding = 3
	p.Legend.Top, p.Legend.Left, p.Legend.XOffs, p.Legend.YOffs = true, true, 8, -4
	return p, nil
}

// growthFigure is the one that is drawn. CPU seconds a million messages are
// microseconds a message.
func growthFigure(title string) string {
	if title == heldTitle {
		return heldFigures()[0].name
	}
	return cpuPerMessage().name
}

func (c curve) fallsToZero() bool {
	for _, value := range c.Values {
		if value <= 0 {
			return true
		}
	}
	return false
}

// legend is the server, and how its cost grows.
func (c curve) legend() string {
	if c.Exponent == nil {
		return c.Server
	}
	return fmt.Sprintf("%s (exponent %.2f)", c.Server, *c.Exponent)
}

func glyphs() []draw.GlyphDrawer {
	return []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, draw.CrossGlyph{}}
}

func powersOfTen(least, most float64) []plot.Tick { return ticksAt(least, most, 1) }

func oneTwoFive(least, most float64) []plot.Tick { return ticksAt(least, most, 1, 2, 5) }

// ticksAt marks these numbers times each power of ten.
func ticksAt(least, most float64, numbers ...float64) []plot.Tick {
	var ticks []plot.Tick
	for power := math.Pow(10, math.Floor(math.Log10(least))); power <= most; power *= 10 {
		for _, n := range numbers {
			if at := n * power; least <= at && at <= most {
				text := whole(at)
				if at < 1 {
					text = strconv.FormatFloat(at, 'g', 1, 64)
				}
				ticks = append(ticks, plot.Tick{Value: at, Label: text})
			}
		}
	}
	return ticks
}

// newPlot has a white ground, so that it can be read on a dark page too.
func newPlot(title string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.White
	p.Title.Text = title
	p.Title.TextStyle.Font = sans(titleSize)
	p.Title.TextStyle.Font.Weight = 2 // bold
	p.Title.Padding = 8
	p.Legend.TextStyle.Font = sans(textSize)
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font, axis.Tick.Label.Font = sans(textSize), sans(textSize)
		axis.LineStyle.Color, axis.Tick.LineStyle.Color = grey(), grey()
	}
	return p
}

func sans(size vg.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// drawSVG is a picture with a margin. Liberation Sans has the widths of Arial
// and Helvetica, which more computers have.
func drawSVG(height vg.Length, paint func(draw.Canvas)) ([]byte, error) {
	const margin = 10
	picture := vgsvg.New(chartWidth, height)
	c := draw.New(picture)
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	paint(draw.Crop(c, margin, -2*margin, margin, -margin))
	var text bytes.Buffer
	if _, err := picture.WriteTo(&text); err != nil {
		return nil, err
	}
	return bytes.ReplaceAll(text.Bytes(), []byte("font-family:Liberation Sans"),
		[]byte("font-family:Liberation Sans,Arial,Helvetica,sans-serif")), nil
}
