//! Writing SVG: a few shapes with presentation attributes, and text that is always escaped.

use std::fmt::Write;

/// Width of every picture, in tenths of a unit.
pub const WIDTH: i64 = 3_600;
/// Size of letters, in tenths of a unit.
pub const LETTER: i64 = 120;
/// Letters are set in the page's own colour, which its print style makes black.
pub const INK: &str = "currentColor";
/// Served, wanted, awarded.
pub const GREEN: &str = "#0b5d4c";
/// What there is beyond that.
pub const SAND: &str = "#d9b25f";
/// Too little, too dear.
pub const RED: &str = "#b42318";
/// Background of a bar, lines of a frame.
pub const GREY: &str = "#c9cfd6";
/// Sellers on the map.
pub const BLUE: &str = "#1d4e89";

/// What a picture is called and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Unique on the page.
    pub id: &'static str,
    /// Its name.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub description: String,
}

/// Where a text stands beside its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It is centred on it.
    Middle,
    /// It ends there.
    End,
}

/// Markup that grows.
#[derive(Debug)]
pub struct Svg {
    out: String,
}

impl Svg {
    /// An empty picture of a height in tenths.
    pub fn new(caption: &Caption, height: i64) -> Self {
        let Caption { id, title, description } = caption;
        let mut out = String::new();
        let _ = write!(
            out,
            "<svg class=\"picture\" viewBox=\"0 0 {} {}\" width=\"{}\" height=\"{}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" font-size=\"{}\">\
             <title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
            tenths(WIDTH),
            tenths(height),
            tenths(WIDTH),
            tenths(height),
            tenths(LETTER),
            escaped(title),
            escaped(description)
        );
        Self { out }
    }

    /// A filled rectangle.
    pub fn rect(&mut self, (x, y): (i64, i64), (width, height): (i64, i64), fill: &str) {
        let _ = write!(
            self.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\"/>",
            tenths(x),
            tenths(y),
            tenths(width.max(0)),
            tenths(height.max(0))
        );
    }

    /// A filled circle.
    pub fn circle(&mut self, (x, y): (i64, i64), radius: i64, fill: &str) {
        let _ = write!(
            self.out,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\" stroke=\"#fff\" stroke-width=\"1\"/>",
            tenths(x),
            tenths(y),
            tenths(radius)
        );
    }

    /// A square standing on its corner: sellers, so that they differ from buyers by shape too.
    pub fn diamond(&mut self, (x, y): (i64, i64), radius: i64, fill: &str) {
        let points = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)];
        let text: Vec<String> = points.iter().map(|&(x, y)| format!("{},{}", tenths(x), tenths(y))).collect();
        let _ = write!(
            self.out,
            "<polygon points=\"{}\" fill=\"{fill}\" stroke=\"#fff\" stroke-width=\"1\"/>",
            text.join(" ")
        );
    }

    /// An open line through a path's text.
    pub fn stroke(&mut self, path: &str, colour: &str, width: i64, opacity_percent: i64) {
        let _ = write!(
            self.out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-opacity=\"0.{opacity_percent:02}\" stroke-linecap=\"round\"/>",
            tenths(width)
        );
    }

    /// A closed shape.
    pub fn shape(&mut self, path: &str, colour: &str, opacity_percent: i64) {
        let _ = write!(self.out, "<path d=\"{path}\" fill=\"{colour}\" fill-opacity=\"0.{opacity_percent:02}\"/>");
    }

    /// A text; a white edge keeps it legible over lines.
    pub fn text(&mut self, (x, y): (i64, i64), anchor: Anchor, text: &str) {
        self.text_in((x, y), anchor, text, INK);
    }

    /// A text in a colour.
    pub fn text_in(&mut self, (x, y): (i64, i64), anchor: Anchor, text: &str, fill: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = write!(
            self.out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\" fill=\"{fill}\" stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>",
            tenths(x),
            tenths(y),
            escaped(text)
        );
    }

    /// The finished markup.
    pub fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }
}

/// A length in tenths as SVG writes it: `12.3`.
pub fn tenths(length: i64) -> String {
    let sign = if length < 0 { "-" } else { "" };
    let (whole, rest) = (length.unsigned_abs() / 10, length.unsigned_abs() % 10);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// Text without anything that markup would read.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Characters that XML forbids.
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// How wide a text will about be, in tenths: letters are a little over half as wide as high.
pub fn text_width(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX / LETTER) * LETTER * 56 / 100
}

/// A text cut to a width in tenths.
pub fn fitting(text: &str, width: i64) -> String {
    if text_width(text) <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if text_width(&short) + 2 * LETTER * 56 / 100 > width {
            break;
        }
        short.push(letter);
    }
    short.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_texts_are_written_as_svg_reads_them() {
        assert_eq!(
            (tenths(123), tenths(120), tenths(-5), tenths(0)),
            ("12.3".into(), "12".into(), "-0.5".into(), "0".into())
        );
        assert_eq!(escaped("<b a='1'>&\"\u{0}"), "&lt;b a=&#39;1&#39;&gt;&amp;&quot; ");
    }

    #[test]
    fn long_names_are_cut_to_their_place() {
        assert_eq!(fitting("Oebobo", 1_000), "Oebobo");
        let cut = fitting("Kelompok Usaha Bersama Nunbaun Delha", 1_000);
        assert!(cut.ends_with('…') && text_width(&cut) <= 1_000, "{cut}");
    }
}
