//! The report as one page that needs nothing else: a table of guards, curves, links to the moments.

use std::fmt::Write as _;

use base64::Engine as _;

use super::{Take, escaped, plot};
use crate::studio::guard::{GUARDS, LEFT_OUT};
use crate::words::Language;

const STYLE: &str = "body{font:15px/1.5 'Noto Sans SC',system-ui,sans-serif;margin:2rem auto;max-width:68rem;padding:0 1rem;\
color:#222;background:#fff}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.25rem .5rem;\
text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}.ok{color:#1d7a35}.no{color:#b3261e;font-weight:600}\
svg{width:100%;height:7rem;background:#f6f6f4}polyline{fill:none;stroke-width:1.4;vector-effect:non-scaling-stroke}\
path{vector-effect:non-scaling-stroke;fill:none}img{max-width:100%}.moment:target{stroke:#d98e04;stroke-width:4}.event{stroke:#bbb}.broken{stroke:#b3261e;stroke-dasharray:4 3}\
figure{margin:.6rem 0}figcaption{font-size:.85rem}body.zh .en,body.en .zh{display:none}summary{cursor:pointer}\
:target{outline:3px solid #d98e04}@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}svg{background:#222}\
td,th{border-color:#444}.ok{color:#6fcf87}.no{color:#ff8a80}}";

fn both(zh: &str, en: &str) -> String {
    format!("<span class=zh>{}</span><span class=en>{}</span>", escaped(zh), escaped(en))
}

/// The page, first shown in a language; a button shows the other.
#[must_use]
pub fn index_html(takes: &[Take], language: Language) -> String {
    let shown = if language == Language::ZhCn { "zh" } else { "en" };
    let mut text = format!(
        "<!doctype html><html lang={}><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Visavis studio</title><style>{STYLE}</style></head><body class={shown}>\n<h1>Visavis {}</h1>\n\
         <button onclick=\"document.body.className=document.body.className=='zh'?'en':'zh'\">中文 / English</button>\n",
        language.tag(),
        both("动作检验", "studio"),
    );
    let passed = takes.iter().filter(|take| take.passes()).count();
    let _ = writeln!(
        text,
        "<p>{}</p>",
        both(
            &format!("共 {} 次播放，{passed} 次全部达标。", takes.len()),
            &format!("{passed} of {} takes keep every limit.", takes.len())
        )
    );
    let _ = writeln!(
        text,
        "<table><tr><th>{}<th>{}<th>{}<th></tr>",
        both("场景", "Scene"),
        both("形象与种子", "Avatar and seed"),
        both("未达标", "Broken")
    );
    for (nth, take) in takes.iter().enumerate() {
        let broken = take.outcomes.iter().filter(|outcome| !outcome.measure.passes()).count();
        let _ = writeln!(
            text,
            "<tr><td><a href=\"#t{nth}\">{}</a><td>{} {}<td class=n>{broken}<td class={}>{}</tr>",
            both(&take.title.zh, &take.title.en),
            escaped(&take.avatar),
            take.seed,
            if broken == 0 { "ok" } else { "no" },
            both(if broken == 0 { "通过" } else { "未通过" }, if broken == 0 { "pass" } else { "fail" }),
        );
    }
    text.push_str("</table>\n");
    for (nth, take) in takes.iter().enumerate() {
        section(take, &format!("t{nth}"), &mut text);
    }
    let _ = writeln!(text, "<h2>{}</h2><ul>", both("未测量的指标", "Not measured"));
    for left in LEFT_OUT {
        let _ = writeln!(text, "<li>{} {}</li>", left.id, both(left.zh, left.en));
    }
    text.push_str("</ul></body></html>\n");
    text
}

fn section(take: &Take, id: &str, text: &mut String) {
    let _ = writeln!(
        text,
        "<h2 id={id}>{} · {} {}</h2>",
        both(&take.title.zh, &take.title.en),
        escaped(&take.avatar),
        take.seed
    );
    let _ = writeln!(
        text,
        "<details {}><summary>{}</summary><table><tr><th>{}<th><th>{}<th>{}<th>{}<th></tr>",
        if take.passes() { "" } else { "open" },
        both("指标", "Guards"),
        both("指标", "Guard"),
        both("数值", "Value"),
        both("限值", "Limit"),
        both("时刻", "Moment"),
    );
    for (nth, outcome) in take.outcomes.iter().enumerate() {
        let measure = outcome.measure;
        let guard = GUARDS.iter().find(|guard| guard.id == outcome.id);
        let passes = measure.passes();
        let _ = writeln!(
            text,
            "<tr><td>{} {}<td>{}<td class=n>{:.3}<td>{}<td class=n><a href=\"#{id}-m{nth}\">{:.2} s</a><td class={}>{}</tr>",
            outcome.id,
            guard.map(|guard| both(guard.zh, guard.en)).unwrap_or_default(),
            both(measure.zh(), measure.what),
            measure.value,
            escaped(&measure.limit.to_string()),
            measure.at_secs,
            if passes { "ok" } else { "no" },
            both(if passes { "通过" } else { "未通过" }, if passes { "pass" } else { "fail" }),
        );
    }
    text.push_str("</table></details>\n");
    if let Some(sheet) = &take.sheet {
        let png = base64::engine::general_purpose::STANDARD.encode(sheet);
        let _ = writeln!(text, "<p><img alt=\"{}\" src=\"data:image/png;base64,{png}\"></p>", escaped(&take.key()));
    }
    text.push_str(&plot::plots(take, id));
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_page_needs_no_network_and_speaks_both_languages() {
        let page = index_html(&[fixture::take()], Language::ZhCn);
        assert!(!page.contains("http") && !page.contains("<script"), "{page}");
        assert!(page.contains("甲 &lt;b&gt;") && page.contains(">A<") && page.contains("未通过"));
        assert!(page.contains("<polyline") && page.contains("class=broken"));
    }
}
