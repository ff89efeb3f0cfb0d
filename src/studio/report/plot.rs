//! Curves as inline SVG.

use std::fmt::Write as _;

use super::{Take, escaped};

const WIDTH: f32 = 1000.0;
const HEIGHT: f32 = 110.0;

/// Curves that are drawn together: title in Chinese and English, curves with their colors.
const PLOTS: &[(&str, &str, &[(&str, &str)])] = &[
    (
        "微笑与关切",
        "smile and concern",
        &[("mouthSmileLeft", "#2a9d4a"), ("browInnerUp", "#c0392b"), ("browDownLeft", "#7d3cbe")],
    ),
    ("眨眼与口型", "lids and mouth", &[("eyeBlinkLeft", "#1f6fb2"), ("aa", "#d98e04"), ("ou", "#8a8a8a")]),
    ("视线（度）", "gaze, degrees", &[("gazeYaw_deg", "#1f6fb2"), ("gazePitch_deg", "#c0392b")]),
    (
        "头与躯干（度）",
        "head and trunk, degrees",
        &[("headPitch_deg", "#c0392b"), ("headYaw_deg", "#1f6fb2"), ("lean_deg", "#2a9d4a")],
    ),
    ("双手高度（米）", "height of the hands, m", &[("leftHand_y_m", "#1f6fb2"), ("rightHand_y_m", "#d98e04")]),
];

/// All plots of a take, with marks where a limit is broken and where something happened.
pub(super) fn plots(take: &Take, id: &str) -> String {
    let end = take.curves.secs.last().copied().unwrap_or(1.0).max(1.0);
    let x = |secs: f32| WIDTH * secs / end;
    let mut text = String::new();
    for (nth, (zh, en, curves)) in PLOTS.iter().enumerate() {
        let known: Vec<(&str, &str, &[f32])> =
            curves.iter().filter_map(|(name, color)| Some((*name, *color, take.curves.get(name)?))).collect();
        let values = || known.iter().flat_map(|(_, _, values)| values.iter().copied());
        let (low, high) = (values().fold(f32::MAX, f32::min), values().fold(f32::MIN, f32::max));
        if low > high {
            continue;
        }
        let room = (high - low).max(1e-3);
        let _ = write!(
            text,
            "<figure id=\"{id}-p{nth}\"><figcaption><span class=zh>{zh}</span><span class=en>{en}</span> \
             [{low:.2}, {high:.2}]"
        );
        for (name, color, _) in &known {
            let _ = write!(text, " <b style=\"color:{color}\">{name}</b>");
        }
        let _ = write!(text, "</figcaption><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\">");
        for event in take.events.iter().filter(|event| event.secs <= end && event.what.name() != "accent") {
            let at = x(event.secs);
            let name = escaped(&event.what.name());
            let _ = write!(
                text,
                "<path class=event d=\"M{at:.1} 0V{HEIGHT}\"><title>{name} {:.2} s</title></path>",
                event.secs
            );
        }
        for outcome in take.outcomes.iter().filter(|o| !o.measure.passes() && o.measure.at_secs <= end) {
            let (at, measure) = (x(outcome.measure.at_secs), outcome.measure);
            let _ = write!(
                text,
                "<path class=broken d=\"M{at:.1} 0V{HEIGHT}\"><title>{} {} {:.3}</title></path>",
                outcome.id, measure.what, measure.value
            );
        }
        // Where the table leads to.
        for (at, outcome) in take.outcomes.iter().enumerate().filter(|_| nth == 0) {
            let x = x(outcome.measure.at_secs.min(end));
            let _ = write!(text, "<path class=moment id=\"{id}-m{at}\" d=\"M{x:.1} 0V{HEIGHT}\"/>");
        }
        for (_, color, values) in &known {
            let _ = write!(text, "<polyline stroke=\"{color}\" points=\"");
            for (value, secs) in values.iter().zip(&take.curves.secs) {
                let y = (HEIGHT - 4.0) * (1.0 - (value - low) / room) + 2.0;
                let _ = write!(text, "{:.1},{y:.1} ", x(*secs));
            }
            text.push_str("\"/>");
        }
        text.push_str("</svg></figure>\n");
    }
    text
}
