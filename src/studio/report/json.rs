//! The report as JSON.

use serde_json::{Value, json};

use super::Take;
use crate::studio::guard::{GUARDS, LEFT_OUT, Limit};

fn limit(limit: Limit) -> Value {
    match limit {
        Limit::AtMost(most) => json!({ "at_most": most }),
        Limit::AtLeast(least) => json!({ "at_least": least }),
        Limit::Within(least, most) => json!({ "at_least": least, "at_most": most }),
    }
}

/// Every take with every value, and the guards that are not measured.
#[must_use]
pub fn report_json(takes: &[Take]) -> Value {
    let takes: Vec<Value> = takes
        .iter()
        .map(|take| {
            let values: Vec<Value> = take
                .outcomes
                .iter()
                .map(|outcome| {
                    let measure = outcome.measure;
                    json!({
                        "guard": outcome.id, "what": measure.what, "value": measure.value,
                        "limit": limit(measure.limit), "pass": measure.passes(), "at_secs": measure.at_secs,
                    })
                })
                .collect();
            let silent: Vec<&str> = GUARDS
                .iter()
                .map(|guard| guard.id)
                .filter(|id| take.outcomes.iter().all(|outcome| outcome.id != *id))
                .collect();
            json!({
                "scene": take.scene, "title": { "zh": take.title.zh, "en": take.title.en }, "avatar": take.avatar,
                "seed": take.seed, "secs": take.secs, "rate_hz": take.rate_hz, "pass": take.passes(),
                "values": values, "nothing_to_measure": silent,
            })
        })
        .collect();
    let left_out: Vec<Value> =
        LEFT_OUT.iter().map(|left| json!({ "guard": left.id, "zh": left.zh, "en": left.en })).collect();
    let pass = takes.iter().all(|take| take["pass"] == json!(true));
    json!({ "pass": pass, "takes": takes, "left_out": left_out })
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn a_failing_value_fails_the_run_and_tells_its_place() {
        let report = report_json(&[fixture::take()]);
        assert_eq!(report["pass"], json!(false));
        assert_eq!(report["takes"][0]["values"][0]["pass"], json!(false));
        assert_eq!(report["takes"][0]["values"][0]["at_secs"], json!(2.5));
        assert_eq!(report["takes"][0]["values"][1]["pass"], json!(true));
        assert_eq!(report["left_out"].as_array().map(Vec::len), Some(LEFT_OUT.len()));
    }
}
