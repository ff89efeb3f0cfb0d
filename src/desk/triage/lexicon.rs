//! Expressions that tell issue and emotion. Chinese is matched as it stands, English by whole words.

/// How strongly an expression tells of anger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Alone enough for fury.
    Fury,
    /// Strong words; fury only together with more.
    Strong,
    /// Trouble or displeasure.
    Mild,
    /// Says that the complaint will go further; factual, so it adds little however often it comes.
    Threat,
}

impl Weight {
    pub(super) fn points(self) -> f32 {
        match self {
            Self::Fury => 3.0,
            Self::Strong => 1.5,
            Self::Mild => 1.0,
            Self::Threat => 0.5,
        }
    }
}

pub(super) const ANGER: &[(Weight, &[&str])] = &[
    (
        Weight::Fury,
        &[
            "听不懂人话", "气死", "滚蛋", "他妈", "妈的", "去死", "傻逼", "傻b", "脑残", "智障", "忍无可忍", "受够了", "欺人太甚", "岂有此理",
            "无耻", "不要脸", "有病吧", "什么破", "太过分", "火大", "暴怒", "愤怒", "怒了", "骗钱", "黑心", "生气",
            "furious", "fuck", "fucking", "bullshit", "idiots", "idiot", "pathetic", "outrageous", "ridiculous", "fed up",
            "sick of", "sick and tired", "human language", "useless bot", "stupid", "disgusting", "disgrace", "worst", "angry",
            "had enough", "piece of crap", "damn", "livid",
        ],
    ),
    (
        Weight::Strong,
        &[
            "废品", "废物", "垃圾", "骗子", "骗人", "坑人", "坑爹", "破烂", "烂透", "没人管", "糊弄", "敷衍", "推卸", "踢皮球",
            "scam", "rip-off", "rip off", "garbage", "rubbish", "junk", "terrible", "horrible", "awful", "useless", "liars",
            "unacceptable", "waste of money", "nobody cares",
        ],
    ),
    (
        Weight::Mild,
        &[
            "不满意", "不满", "失望", "差评", "质量差", "太差", "很差", "坏了", "又坏", "坏的", "没解决", "没有解决", "未解决", "还是不行", "连不上", "上不了网",
            "没网", "断网", "打不开", "不制冷", "漏水", "异响", "噪音大", "太慢", "郁闷", "无语", "糟糕", "难用", "不好用", "没用", "故障", "后悔",
            "退货", "退款", "着急", "烦", "麻烦死", "等了很久", "一直没", "没人回", "不满", "抱怨", "不行",
            "disappointed", "disappointing", "unhappy", "not happy", "not satisfied", "dissatisfied", "broken", "doesn't work",
            "does not work", "didn't work", "not working", "stopped working", "still not", "can't connect", "cannot connect",
            "annoying", "annoyed", "frustrated", "frustrating", "upset", "poor", "refund", "leaking", "too slow", "faulty",
            "not solved", "not fixed", "no one answers", "keeps failing", "bad",
        ],
    ),
    (
        Weight::Threat,
        &[
            "投诉", "315", "12315", "曝光", "维权", "消协", "起诉", "律师", "工商局", "媒体",
            "complain", "complaint", "complaints", "lawyer", "sue", "consumer protection", "go public", "report you",
        ],
    ),
];

/// Words that contain an expression above and mean something else.
pub(super) const HARMLESS: &[&str] = &[
    "垃圾桶", "垃圾袋", "麻烦您", "麻烦你", "不麻烦", "麻烦了", "麻烦问", "麻烦帮", "没用过", "没用完", "行不行", "not bad", "too bad it",
];

pub(super) const CALMING: &[&str] = &[
    "谢谢", "感谢", "多谢", "好的", "好吧", "解决了", "连上了", "可以了", "好了", "能用了", "没问题了", "辛苦", "明白了", "知道了", "太好了", "满意",
    "不错", "放心了", "恢复了", "搞定",
    "thanks", "thank you", "solved", "works now", "working now", "it works", "fixed", "got it", "great", "perfect", "wonderful",
    "okay", "ok", "appreciate", "happy", "satisfied", "connected now",
];

pub(super) const SUGGESTION: &[&str] = &[
    "建议", "希望你们", "希望能", "希望可以", "要是能", "如果能", "能不能增加", "能不能加", "可不可以增加", "可以增加", "改进一下", "有个想法", "有个主意",
    "提个意见", "不妨",
    "suggest", "suggestion", "i have an idea", "an idea", "it would be great if", "it would be nice if", "would be nice if",
    "would be great if", "you could add", "you should add", "how about adding", "feature request", "please add", "i wish",
];

pub(super) const QUESTION: &[&str] = &[
    "吗", "呢", "怎么", "什么", "哪", "多少", "多久", "几", "如何", "能否", "可以", "请问", "是否", "？", "?", "为什么",
    "how", "what", "where", "when", "which", "who", "why", "can i", "can you", "could you", "do you", "does", "is there",
];

/// Expressions that make what stands beside them stronger.
pub(super) const EMPHASIS: &[&str] = &[
    "根本", "简直", "到底", "居然", "竟然", "太过", "每次", "从来", "完全", "一点都", "absolutely", "completely", "utterly", "at all",
    "every single time", "again and again",
];

/// Negations as they stand right before an expression or its fillers; longer ones first.
pub(super) const ZH_NEGATORS: &[&str] =
    &["不是", "没有", "并非", "并不", "不用", "无需", "不必", "不", "没", "别", "未", "无"];

/// May stand between a Chinese negation and what it negates.
pub(super) const ZH_FILLERS: &[&str] = &[
    "来", "想", "要", "去", "觉得", "感到", "感觉", "太", "很", "那么", "这么", "什么", "在", "会", "打算", "准备", "需要", "任何", "特别", "再", "有",
    "你们", "你", "对", "真的", "为了", "说", "你们的", "是",
];

/// Look like negations and are questions or double negations.
pub(super) const ZH_NO_NEGATION: &[&str] = &[
    "是不是", "能不能", "有没有", "会不会", "要不要", "可不可以", "好不好", "不得不", "不能不", "不会不", "要不是", "行不行", "不仅", "不但", "不光",
];

pub(super) const EN_NEGATORS: &[&str] = &["not", "never", "no", "without", "hardly", "neither", "nor", "cannot"];

/// May stand between an English negation and what it negates.
pub(super) const EN_FILLERS: &[&str] = &[
    "here", "to", "a", "an", "the", "really", "very", "that", "at", "all", "so", "being", "going", "am", "any", "feeling", "even",
    "actually", "calling", "writing", "trying", "looking", "been", "be", "with", "you", "for", "want", "making", "my", "quite", "too",
];
