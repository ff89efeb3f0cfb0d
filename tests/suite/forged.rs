//! The avatars that come with the program are what the forge makes of their recipes.

use std::path::Path;
use std::sync::Arc;

use visavis::forge::data::{BodyData, HUMAN};
use visavis::forge::recipe::Recipe;
use visavis::vrm::{Document, Image, Mesh};
use visavis::words::font;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Names, sizes and places agree. Bytes may differ in the last digits: machines round sines their own way.
fn holds_to_its_recipe(recipe: &str, avatar: &str) {
    let path = root().join("assets/forge/recipes").join(recipe);
    let text = std::fs::read_to_string(&path).unwrap();
    let recipe = Recipe::read(&text, &path.display().to_string()).unwrap();
    let data = Arc::new(BodyData::read(HUMAN).unwrap());
    let made = visavis::forge::forge(recipe, data, font::REGULAR, &mut |_| ()).unwrap();
    let made = Document::read(&made, "made").unwrap();
    let kept = std::fs::read(root().join("assets/avatars").join(avatar)).unwrap();
    let kept = Document::read(&kept, avatar).unwrap();

    let mend = "forge the avatar again: visavis avatar forge RECIPE -o FILE";
    let shape = |mesh: &Mesh| {
        let parts = mesh.primitives.iter().map(|part| (part.material, part.vertices, part.triangles));
        (mesh.name.clone(), mesh.targets, parts.collect::<Vec<_>>())
    };
    let shapes = |document: &Document| document.meshes.iter().map(shape).collect::<Vec<_>>();
    assert_eq!(shapes(&made), shapes(&kept), "{mend}");
    assert_eq!(made.meta, kept.meta, "{mend}");
    assert_eq!(made.nodes.len(), kept.nodes.len(), "{mend}");
    for (made, kept) in made.nodes.iter().zip(&kept.nodes) {
        assert_eq!(made.name, kept.name, "{mend}");
        let apart = made.rest.translation.distance(kept.rest.translation);
        assert!(apart < 1.0e-4, "{}: {apart} m apart; {mend}", made.name);
    }
    let names = |document: &Document| document.expressions.iter().map(|e| e.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&made), names(&kept), "{mend}");
    let picture = |image: &Image| (image.name.clone(), image.size);
    let pictures = |document: &Document| document.images.iter().map(picture).collect::<Vec<_>>();
    assert_eq!(pictures(&made), pictures(&kept), "{mend}");
    for (made, kept) in made.images.iter().zip(&kept.images) {
        // A picture painted otherwise takes another number of bytes.
        let ratio = made.bytes as f64 / kept.bytes as f64;
        assert!((0.99..1.01).contains(&ratio), "{}: {ratio}; {mend}", made.name);
    }
}

#[test]
fn the_woman_is_forged_from_her_recipe() {
    holds_to_its_recipe("woman.toml", "agent.vrm");
}

#[test]
fn the_man_is_forged_from_his_recipe() {
    holds_to_its_recipe("man.toml", "agent_man.vrm");
}
