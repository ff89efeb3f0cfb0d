//! Chinese names of what guards measure.

/// English and Chinese.
const NAMES: &[(&str, &str)] = &[
    ("%", "%"),
    ("% of the peak in 1/90 s", "1/90 秒内占峰值的 %"),
    ("Hz", "赫兹"),
    ("LDLJ", "LDLJ"),
    ("SPARC", "SPARC"),
    ("angry", "怒"),
    ("arms, degrees/s", "手臂，度/秒"),
    ("autocorrelation", "自相关"),
    ("beyond 25 degrees, s", "超过 25 度，秒"),
    ("brows lowered beyond raised", "皱眉超出扬眉"),
    ("brows, mean", "双眉，平均"),
    ("calm", "平静"),
    ("calm complaint", "平静地投诉"),
    ("close to open", "合与开之比"),
    ("coefficient of variation", "变异系数"),
    ("cycles", "次数"),
    ("degrees", "度"),
    ("degrees/s", "度/秒"),
    ("depth gap, m", "深度差，米"),
    ("depth, degrees", "幅度，度"),
    ("dissatisfied", "不满"),
    ("distance from log-normal", "与对数正态分布的距离"),
    ("distance, m", "距离，米"),
    ("double blinks, %", "连续双眨，%"),
    ("drawn before speech, %", "开口前吸气，%"),
    ("excursion, mm", "起伏，毫米"),
    ("face, 1/s", "面部，1/秒"),
    ("furious", "暴怒"),
    ("gaze before hand, ms", "视线先于手，毫秒"),
    ("greatest", "最大"),
    ("greatest, degrees", "最大，度"),
    ("hands, degrees/s", "手，度/秒"),
    ("head, degrees/s", "头，度/秒"),
    ("head, m/s", "头，米/秒"),
    ("holding line, s", "等候语，秒"),
    ("in any minute", "任一分钟"),
    ("jaw and visemes, 1/s", "下颌与口型，1/秒"),
    ("latency, s", "延迟，秒"),
    ("length against 25 + 2.4 A, %", "时长与 25 + 2.4 A 之差，%"),
    ("lids, 1/s", "眼睑，1/秒"),
    ("listening, %", "倾听时，%"),
    ("long per minute", "长眨，每分钟"),
    ("long, s", "长眨，秒"),
    ("longest without, s", "最长空白，秒"),
    ("longest, s", "最长，秒"),
    ("look back, s", "回看，秒"),
    ("mean per minute", "每分钟平均"),
    ("mean, m", "平均，米"),
    ("mm/s", "毫米/秒"),
    ("nearest, m", "最近，米"),
    ("new poses per second", "每秒新姿态"),
    ("next to this cycle", "下次与本次之比"),
    ("offset to onset", "落与起之比"),
    ("onset, s", "起，秒"),
    ("pause between nods, s", "点头间隔，秒"),
    ("peak against syllable, ms", "峰值与音节之差，毫秒"),
    ("peak, degrees/s", "峰值，度/秒"),
    ("per minute", "每分钟"),
    ("ratio", "比值"),
    ("ray error, degrees", "指向误差，度"),
    ("repeated poses", "重复姿态"),
    ("seconds", "秒"),
    ("shortest, s", "最短，秒"),
    ("shoulders, degrees/s", "肩，度/秒"),
    ("sideways 95 %, degrees", "左右 95 %，度"),
    ("sideways, degrees", "左右，度"),
    ("slide, mm", "滑动，毫米"),
    ("smile, mean", "微笑，平均"),
    ("speaking, %", "说话时，%"),
    ("surprise, s", "惊讶，秒"),
    ("thinking, %", "思考时，%"),
    ("tight lips", "抿唇"),
    ("total stillness, s", "完全静止，秒"),
    ("total, s", "总长，秒"),
    ("trunk, degrees/s", "躯干，度/秒"),
    ("upright 95 %, degrees", "上下 95 %，度"),
    ("upright, degrees", "上下，度"),
    ("upset, degrees", "客户不快时，度"),
];

/// The Chinese name; the English one where there is none yet.
pub(super) fn zh(what: &'static str) -> &'static str {
    NAMES.iter().find(|(en, _)| *en == what).map_or(what, |(_, zh)| zh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::guard::{GUARDS, specimen::Specimen};

    #[test]
    fn all_that_is_measured_has_a_chinese_name() {
        let specimens = [Specimen::Calm, Specimen::Long, Specimen::Furious, Specimen::Pointing, Specimen::Waiting];
        for track in specimens.map(|specimen| specimen.track()) {
            for measure in GUARDS.iter().flat_map(|guard| (guard.measure)(&track)) {
                assert!(NAMES.iter().any(|(en, _)| *en == measure.what), "`{}` has none", measure.what);
            }
        }
    }
}
