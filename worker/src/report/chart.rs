//! Burn-up charts as inline SVG: no script, no font, no picture from elsewhere.

use std::fmt::Write;

use domain::progress::Point;

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 120.0;
/// Room for the goal's number at the left, and for the line's width above.
const LEFT: f64 = 34.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 8.0;

/// A burn-up chart of a figure by project month: reported as steps, planned dashed, the goal as a
/// level line. `None` if no month has a figure.
pub(super) fn burn_up(
    points: &[Point],
    months: usize,
    goal: i64,
    colour: &str,
    title: &str,
) -> Option<String> {
    let highest = points
        .iter()
        .filter_map(|point| point.planned.max(point.reported))
        .max()?;
    let scale = Scale {
        months: number(i64::try_from(months.max(1)).ok()?),
        top: number(highest.max(goal).max(1)),
    };
    let reported = scale.steps(points, |point| point.reported);
    let planned = scale.steps(points, |point| point.planned);
    let (floor, level) = (scale.y(0), scale.y(goal));
    let last = scale.x(u32::try_from(months).ok()?);
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(title)
    );
    let _ = write!(
        svg,
        "<path d=\"M{LEFT} {floor:.1}H{last:.1}\" stroke=\"#9aa7b2\" fill=\"none\"/>\
         <path d=\"M{LEFT} {level:.1}H{last:.1}\" stroke=\"#4b5a67\" stroke-width=\"0.75\" fill=\"none\"/>\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" font-size=\"11\" fill=\"#4b5a67\">{goal}</text>\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" font-size=\"11\" fill=\"#4b5a67\">0</text>",
        LEFT - 6.0,
        level + 4.0,
        LEFT - 6.0,
        floor + 4.0,
    );
    if let Some((line, end)) = reported {
        let _ = write!(
            svg,
            "<path d=\"{line}V{floor:.1}H{LEFT}Z\" fill=\"{colour}\" fill-opacity=\"0.15\"/>\
             <path d=\"{line}\" stroke=\"{colour}\" stroke-width=\"2\" fill=\"none\"/>\
             <circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>",
            end.0, end.1,
        );
    }
    if let Some((line, _)) = planned {
        let _ = write!(
            svg,
            "<path d=\"{line}\" stroke=\"#4b5a67\" stroke-width=\"1.25\" stroke-dasharray=\"4 3\" fill=\"none\"/>"
        );
    }
    svg.push_str("</svg>");
    Some(svg)
}

struct Scale {
    months: f64,
    top: f64,
}

impl Scale {
    fn x(&self, month: u32) -> f64 {
        LEFT + (WIDTH - LEFT - 6.0) * f64::from(month) / self.months
    }

    fn y(&self, value: i64) -> f64 {
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * number(value) / self.top
    }

    /// A line that rises at the end of each month, and where it ends.
    fn steps(
        &self,
        points: &[Point],
        value: impl Fn(&Point) -> Option<i64>,
    ) -> Option<(String, (f64, f64))> {
        let mut line = String::new();
        let mut end = None;
        for point in points {
            let (month, value) = (point.month, value(point)?);
            let (x, y) = (self.x(month), self.y(value));
            let _ = match end {
                None => write!(line, "M{LEFT} {y:.1}H{x:.1}"),
                Some(_) => write!(line, "V{y:.1}H{x:.1}"),
            };
            end = Some((x, y));
        }
        Some((line, end?))
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures are far below 2^52")]
fn number(value: i64) -> f64 {
    value as f64
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
