//! Tickets as QR codes.

use std::fmt::{self, Write as _};

use qrcode::types::{Color, EcLevel};

use super::StopTicket;

/// A stop ticket as a QR code: shown in a terminal by `Display`, or as [`Qr::to_svg`].
///
/// # Security
///
/// Whoever scans it can stop the task, and do nothing else.
#[derive(Clone)]
pub struct Qr {
    width: usize,
    /// Row by row, whether the module is dark.
    dark: Vec<bool>,
}

/// The ticket does not fit into a QR code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stop ticket does not fit into a QR code")]
pub struct QrError;

/// The margin that scanners need, in modules.
const QUIET: usize = 4;

impl StopTicket {
    /// The text form as a QR code, for a phone to scan.
    ///
    /// # Errors
    ///
    /// [`QrError`] if it does not fit, which no ticket is long enough for.
    pub fn to_qr(&self) -> Result<Qr, QrError> {
        let code = qrcode::QrCode::with_error_correction_level(self.to_text(), EcLevel::M);
        let code = code.map_err(|_| QrError)?;
        let dark = code.to_colors().into_iter();
        Ok(Qr {
            width: code.width(),
            dark: dark.map(|color| color == Color::Dark).collect(),
        })
    }
}

impl Qr {
    /// An SVG image, dark on white, that scales to any size.
    pub fn to_svg(&self) -> String {
        let side = self.side();
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
             <path d=\""
        );
        for y in 0..side {
            for x in (0..side).filter(|x| self.is_dark(*x, y)) {
                // Writing to a string does not fail.
                let _ = write!(svg, "M{x} {y}h1v1h-1z");
            }
        }
        svg.push_str("\"/></svg>");
        svg
    }

    /// With the margin on both sides.
    fn side(&self) -> usize {
        self.width.saturating_add(2 * QUIET)
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width);
        let module = inside(x).zip(inside(y));
        module.is_some_and(|(x, y)| self.dark.get(y * self.width + x) == Some(&true))
    }
}

/// Two modules a character, one above the other, as light on dark.
impl fmt::Display for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for y in (0..self.side()).step_by(2) {
            for x in 0..self.side() {
                // Below the last line there is nothing, and nothing is dark.
                let below = y + 1 < self.side() && !self.is_dark(x, y + 1);
                f.write_char(match (!self.is_dark(x, y), below) {
                    (true, true) => '\u{2588}',
                    (true, false) => '\u{2580}',
                    (false, true) => '\u{2584}',
                    (false, false) => ' ',
                })?;
            }
            f.write_char('\n')?;
        }
        Ok(())
    }
}

/// Leaves out what could be scanned.
impl fmt::Debug for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Qr")
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revoke::ticket::ticket_for_tests;

    #[test]
    fn every_ticket_fits_and_is_drawn_with_its_margin() {
        for id in ["t", &"x".repeat(256)] {
            let qr = ticket_for_tests(id).to_qr().unwrap();
            let lines: Vec<_> = qr.to_string().lines().map(str::to_owned).collect();
            assert_eq!(lines.len(), qr.side().div_ceil(2));
            let full = "\u{2588}".repeat(qr.side());
            assert_eq!([&lines[0], &lines[1]], [&full, &full]);
            assert!(lines.iter().all(|line| line.chars().count() == qr.side()));
            // The first row of a finder: seven dark modules, and white around them.
            assert!((QUIET..QUIET + 7).all(|x| qr.is_dark(x, QUIET)));
            assert!(!qr.is_dark(QUIET + 7, QUIET) && !qr.is_dark(QUIET - 1, QUIET));
            assert_eq!(
                qr.to_svg().matches("h1v1").count(),
                qr.dark.iter().filter(|dark| **dark).count()
            );
        }
    }

    #[test]
    fn nothing_that_can_be_scanned_is_in_debug_output() {
        let debug = format!("{:?}", ticket_for_tests("t").to_qr().unwrap());
        assert!(debug.len() < 40, "{debug}");
    }
}
