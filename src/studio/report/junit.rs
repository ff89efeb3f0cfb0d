//! The report as JUnit XML: a suite a take, a case a value.

use std::fmt::Write as _;

use super::{Take, escaped};

/// For machines that collect test results.
#[must_use]
pub fn junit_xml(takes: &[Take]) -> String {
    let count = |take: &Take| (take.outcomes.len(), take.outcomes.iter().filter(|o| !o.measure.passes()).count());
    let (tests, failures) = takes.iter().map(count).fold((0, 0), |sum, now| (sum.0 + now.0, sum.1 + now.1));
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(text, "<testsuites name=\"visavis studio\" tests=\"{tests}\" failures=\"{failures}\">");
    for take in takes {
        let (tests, failures) = count(take);
        let key = escaped(&take.key());
        let _ = writeln!(text, "  <testsuite name=\"{key}\" tests=\"{tests}\" failures=\"{failures}\">");
        for outcome in &take.outcomes {
            let measure = outcome.measure;
            let name = escaped(&format!("{} {}", outcome.id, measure.what));
            let _ = write!(text, "    <testcase classname=\"{key}\" name=\"{name}\"");
            if measure.passes() {
                text.push_str("/>\n");
                continue;
            }
            let why = format!("{} is not {} at {:.2} s", measure.value, measure.limit, measure.at_secs);
            let _ = writeln!(text, "><failure message=\"{}\"/></testcase>", escaped(&why));
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn failures_are_counted_and_markup_is_escaped() {
        let text = junit_xml(&[fixture::take()]);
        assert!(text.contains("tests=\"2\" failures=\"1\""), "{text}");
        assert!(text.contains("4.5 is not &lt;= 3.3 at 2.50 s"), "{text}");
    }
}
