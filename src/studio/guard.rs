//! Guards: what must hold of a recording, as numbers with limits. Each is one line of the table and one function.

mod blink;
mod card;
mod expression;
mod gaze;
mod gesture;
mod motion;
mod name;
mod nod;
mod posture;
mod signal;
mod timing;

#[cfg(test)]
pub(super) mod specimen;

use super::track::Track;

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// This or less.
    AtMost(f32),
    /// This or more.
    AtLeast(f32),
    /// From the first to the second.
    Within(f32, f32),
}

impl Limit {
    /// How far inside the limit a value is; negative outside. No number is outside.
    #[must_use]
    pub fn margin(self, value: f32) -> f32 {
        let margin = match self {
            Self::AtMost(most) => most - value,
            Self::AtLeast(least) => value - least,
            Self::Within(least, most) => (value - least).min(most - value),
        };
        if margin.is_nan() { f32::NEG_INFINITY } else { margin }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(most) => write!(f, "<= {most}"),
            Self::AtLeast(least) => write!(f, ">= {least}"),
            Self::Within(least, most) => write!(f, "{least} .. {most}"),
        }
    }
}

/// One measured value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// What of the guard was measured, with its unit.
    pub what: &'static str,
    /// The value.
    pub value: f32,
    /// What it may be.
    pub limit: Limit,
    /// Where in the track, seconds from its start.
    pub at_secs: f32,
}

impl Measure {
    /// What was measured, in Chinese.
    #[must_use]
    pub fn zh(&self) -> &'static str {
        name::zh(self.what)
    }

    /// Whether the limit holds. Rounding is forgiven.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.limit.margin(self.value) >= -1e-4 * self.value.abs().max(1.0)
    }
}

/// A guard.
#[derive(Clone, Copy)]
pub struct Guard {
    /// Its number in the test list.
    pub id: &'static str,
    /// What it holds, in Chinese.
    pub zh: &'static str,
    /// What it holds, in English.
    pub en: &'static str,
    /// Measures a track; nothing where the track has nothing that the guard speaks of.
    pub measure: fn(&Track) -> Vec<Measure>,
}

/// A guard that the studio does not measure, with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Its number.
    pub id: &'static str,
    /// Why, in Chinese.
    pub zh: &'static str,
    /// Why, in English.
    pub en: &'static str,
}

macro_rules! guards {
    ($($id:literal $zh:literal $en:literal $measure:path),+ $(,)?) => {
        &[$(Guard { id: $id, zh: $zh, en: $en, measure: $measure }),+]
    };
}

/// Every guard that needs neither sound nor a picture nor a window.
pub const GUARDS: &[Guard] = guards!(
    "G-E1" "各情绪级别下的微笑上限" "smile peak by level" expression::smile_cap,
    "G-E2" "不显露怒意" "no display of anger" expression::no_anger,
    "G-E3" "关切时内眉上扬与皱眉之比" "inner brows to lowered brows in concern" expression::concern_ratio,
    "G-E4" "笑时面颊同动" "cheeks go along with a smile" expression::smile_congruence,
    "G-E5" "表情的起落时长" "onset and offset of expressions" expression::onsets,
    "G-E6" "面部变化速度" "speed of the face" expression::speeds,
    "G-E7" "左右不对称" "left against right" expression::asymmetry,
    "G-E8" "对情绪变化的反应时间" "reaction to a change of level" expression::reaction,
    "G-E9" "微笑与关切之间经过中性" "smile and concern meet through neutral" expression::neutral_between,
    "G-B1" "每分钟眨眼次数" "blinks per minute" blink::rate,
    "G-B2" "眨眼间隔" "intervals between blinks" blink::intervals,
    "G-B3" "单次眨眼的时长" "length of a blink" blink::lengths,
    "G-B4" "大幅转移视线时眨眼" "blinks with large gaze shifts" blink::with_shifts,
    "G-B5" "眨眼无节拍" "blinks without a beat" blink::spread,
    "G-G1" "最长连续对视" "longest unbroken gaze at the customer" gaze::longest,
    "G-G2" "注视客户的时间占比" "share of time with eyes at the customer" gaze::shares,
    "G-G3" "注视客户时的视线误差" "error of the gaze at the customer" gaze::error,
    "G-G4" "眼跳的时长与速度" "saccades" gaze::saccades,
    "G-G5" "眼睛最长静止" "longest stillness of the eyes" gaze::stillness,
    "G-G6" "眼球偏转角" "eye eccentricity" gaze::eccentricity,
    "G-G7" "双眼会聚误差" "vergence error" gaze::vergence,
    "G-H1" "缓慢点头" "slow nods" nod::slow,
    "G-H2" "点头回应的时间" "timing of back-channel nods" nod::timing,
    "G-H3" "点头落在停顿处" "nods at pauses" nod::at_pauses,
    "G-P1" "前倾角度与速度" "lean" posture::lean,
    "G-P2" "呼吸" "breath" posture::breath,
    "G-P3" "静立不重复、不僵住" "idle motion neither repeats nor freezes" posture::idle,
    "G-M1" "手势动作的平滑度" "smoothness of strokes" gesture::smoothness,
    "G-M2" "每帧转动" "steps per frame" motion::steps,
    "G-M3" "重复帧" "duplicate frames" motion::duplicates,
    "G-M4" "脚底滑动" "sliding feet" motion::feet,
    "G-M5" "切换处的速度跳变" "jumps of speed at switches" motion::switches,
    "G-S1" "手势与重音" "strokes against stressed syllables" gesture::on_words,
    "G-S2" "视线先于指示的手" "gaze leads the pointing hand" gesture::pointing,
    "G-T1" "首个可见回应" "first visible response" timing::response,
    "G-T2" "被打断后停下" "barge-in" timing::barge_in,
    "G-U2" "说话时上半脸的活动" "upper face during speech" timing::upper_face,
    "G-V1" "与客户的距离" "distance to the customer" card::distance,
    "G-V2" "卡片的位置" "place of cards" card::place,
);

/// Every guard that the studio does not measure.
pub const LEFT_OUT: &[LeftOut] = &[
    LeftOut { id: "G-L1", zh: "需要声音", en: "needs sound" },
    LeftOut {
        id: "G-L2",
        zh: "需要音素时间；时间线只有音节",
        en: "needs the times of phones; the timeline has syllables",
    },
    LeftOut { id: "G-L3", zh: "拼音表由语音测试检查", en: "is about the pinyin table, not about motion" },
    LeftOut { id: "G-U1", zh: "需要画面", en: "needs a picture" },
    LeftOut { id: "G-U3", zh: "需要画面和表情识别", en: "needs a picture and a recognizer of expressions" },
    LeftOut { id: "G-V3", zh: "需要窗口", en: "needs the window" },
    LeftOut { id: "G-V4", zh: "需要窗口", en: "needs the window" },
];

/// The outcome of one value of one guard over a whole scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Number of the guard.
    pub id: &'static str,
    /// The value nearest to its limit, or farthest beyond, in seconds of the scene.
    pub measure: Measure,
}

/// Measures a part of a scene into the outcomes of the parts before: of each value the worst stays.
pub fn measure(track: &Track, outcomes: &mut Vec<Outcome>) {
    for guard in GUARDS {
        for mut measure in (guard.measure)(track) {
            measure.at_secs += track.start_secs;
            let known = outcomes.iter_mut().find(|o| o.id == guard.id && o.measure.what == measure.what);
            match known {
                Some(known) => {
                    if measure.limit.margin(measure.value) < known.measure.limit.margin(known.measure.value) {
                        known.measure = measure;
                    }
                }
                None => outcomes.push(Outcome { id: guard.id, measure }),
            }
        }
    }
}

/// The value that is worst by its limit, over many places.
fn worst(what: &'static str, limit: Limit, values: impl IntoIterator<Item = (f32, f32)>) -> Option<Measure> {
    let mut found: Option<Measure> = None;
    for (value, at_secs) in values {
        if found.is_none_or(|known| limit.margin(value) < limit.margin(known.value)) {
            found = Some(Measure { what, value, limit, at_secs });
        }
    }
    found
}
