//! Square codes, as SVG that any browser prints. Pure.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// The picture of a text, black on white, scalable; `None` if the text is longer than a code holds (about 2,300 bytes).
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// The same as markup that goes into a page; empty if there is none.
pub fn markup(text: &str) -> String {
    let drawn = svg(text).unwrap_or_default();
    drawn.find("<svg").and_then(|at| drawn.get(at..)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_fits_and_a_novel_does_not() {
        let share = super::super::share::Share::draw(1 << 60, 3).text();
        assert!(svg(&share).unwrap().starts_with("<?xml"));
        assert_ne!(svg(&share), svg("other"));
        assert_eq!(svg(&"x".repeat(5_000)), None);
    }
}
