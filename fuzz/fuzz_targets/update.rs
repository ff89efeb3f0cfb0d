#![no_main]

use std::sync::{Arc, LazyLock};

use visavis::vrm::Document;

#[path = "../bodies.rs"]
mod bodies;
#[path = "../../tests/suite/sample.rs"]
mod sample;

static AVATAR: LazyLock<Arc<Document>> = LazyLock::new(|| {
    let avatar = sample::moving(sample::Rest::Twisted, sample::Eyes::Expressions);
    Arc::new(Document::read(&avatar.bytes(), "sample.vrm").expect("the sample is sound"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::update(&AVATAR, bytes));
