//! Seats and the avatars on them, in an app without a renderer.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::collections::BTreeSet;

use bevy::log::LogPlugin;
use bevy::render::RenderPlugin;
use bevy::render::settings::{RenderCreation, WgpuSettings};
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use serde_json::{Value, json};

use super::material::{Surface, Surfaces};
use super::toon::ToonMaterial;
use super::*;
use crate::behavior::Pose;
use crate::schedule;
use crate::vrm::specimen::{Specimen, glb};
use crate::vrm::{ExpressionName, HumanBone, Preset};

fn app() -> App {
    let mut app = App::new();
    register_source(&mut app);
    let nothing = WgpuSettings { backends: None, ..default() };
    app.add_plugins(
        DefaultPlugins
            .build()
            .disable::<LogPlugin>()
            .disable::<WinitPlugin>()
            .set(WindowPlugin { primary_window: None, exit_condition: ExitCondition::DontExit, ..default() })
            .set(RenderPlugin { render_creation: RenderCreation::Automatic(Box::new(nothing)), ..default() }),
    )
    .add_plugins((schedule::plugin, AvatarPlugin));
    app.finish();
    app.cleanup();
    app
}

fn file(name: &str, json: &Value) -> AvatarFile {
    AvatarFile::read(&glb(json, &[0; 72]), name).unwrap()
}

/// An avatar that is told from others by how many expressions it has.
fn specimen(expressions: usize) -> AvatarFile {
    file(&format!("{expressions}.vrm"), &Specimen { joints: 10, colliders: 1, expressions }.json())
}

/// Updates until `done`; loading runs in tasks beside the updates.
fn run(app: &mut App, mut done: impl FnMut(&mut World) -> bool) {
    for _ in 0..1_000_000 {
        app.update();
        if done(app.world_mut()) {
            return;
        }
        std::thread::yield_now();
    }
    panic!("it never came to that");
}

fn state(world: &World, seat: Entity) -> AvatarState {
    world.get::<AvatarState>(seat).unwrap().clone()
}

fn is_ready(seat: Entity) -> impl FnMut(&mut World) -> bool {
    move |world| state(world, seat) == AvatarState::Ready
}

/// How many expressions the avatars have that can be seen.
fn seen(world: &mut World) -> Vec<usize> {
    let mut rigs = world.query::<(&Rig, &Visibility)>();
    let visible = rigs.iter(world).filter(|(_, visibility)| **visibility != Visibility::Hidden);
    visible.map(|(rig, _)| rig.runtime.document().expressions.len()).collect()
}

#[test]
fn however_fast_avatars_are_switched_one_is_seen_and_in_the_end_the_last() {
    let mut app = app();
    let stranger = app.world_mut().spawn_empty().id();
    let seat = seat(app.world_mut(), Transform::IDENTITY, specimen(5));
    run(&mut app, is_ready(seat));
    assert_eq!(seen(app.world_mut()), [5]);
    let meshes = app.world().resource::<Assets<Mesh>>().len();

    let mut met = BTreeSet::new();
    for round in 0..12 {
        for expressions in [6, 7, 8] {
            app.world_mut().trigger(ShowAvatar { seat, file: specimen(expressions) });
            for _ in 0..round {
                app.update();
                let seen = seen(app.world_mut());
                assert_eq!(seen.len(), 1, "in every frame there is one");
                met.extend(seen);
            }
        }
    }
    run(&mut app, |world| {
        let seen = seen(world);
        assert_eq!(seen.len(), 1);
        met.extend(seen);
        state(world, seat) == AvatarState::Ready
    });
    assert_eq!(seen(app.world_mut()), [8]);
    assert!(met.is_subset(&BTreeSet::from([5, 6, 7, 8])), "{met:?}");

    // What was thrown away is gone from memory, too.
    run(&mut app, |world| world.resource::<Assets<Mesh>>().len() == meshes);
    let world = app.world_mut();
    assert_eq!(world.query::<&Rig>().iter(world).count(), 1);

    // Whom nobody seats there stands nowhere.
    app.world_mut().trigger(ShowAvatar { seat: stranger, file: specimen(9) });
    app.world_mut().despawn(seat);
    for _ in 0..20 {
        app.update();
    }
    assert!(seen(app.world_mut()).is_empty());
}

#[test]
fn a_file_that_cannot_be_used_leaves_who_stands_there() {
    let mut app = app();
    let seat = seat(app.world_mut(), Transform::IDENTITY, specimen(5));
    run(&mut app, is_ready(seat));
    app.world_mut().trigger(OpenAvatar { seat, path: "no/such.vrm".into() });
    run(&mut app, |world| matches!(state(world, seat), AvatarState::Failed(_)));
    let AvatarState::Failed(problem) = state(app.world(), seat) else { panic!() };
    assert!(problem.to_string().contains("no/such.vrm"), "{problem}");
    assert_eq!(seen(app.world_mut()), [5]);

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("other.vrm");
    std::fs::write(&path, Specimen { joints: 10, colliders: 1, expressions: 6 }.file()).unwrap();
    app.world_mut().trigger(OpenAvatar { seat, path });
    assert_eq!(state(app.world(), seat), AvatarState::Loading);
    run(&mut app, is_ready(seat));
    assert_eq!(seen(app.world_mut()), [6]);
}

fn rotation(app: &mut App, seat: Entity, bone: HumanBone) -> Quat {
    let world = app.world_mut();
    let (rig, _) = world.query::<(&Rig, &ChildOf)>().iter(world).find(|(_, child)| child.parent() == seat).unwrap();
    let node = rig.runtime.document().humanoid.node(bone).unwrap();
    let entity = rig.entities[node].unwrap();
    world.get::<Transform>(entity).unwrap().rotation
}

#[test]
fn avatars_in_one_world_move_each_by_itself() {
    let mut app = app();
    let seats = [-1.0, 1.0].map(|x| seat(app.world_mut(), Transform::from_xyz(x, 0.0, 0.0), specimen(5)));
    for seat in seats {
        run(&mut app, is_ready(seat));
    }
    assert_eq!(seen(app.world_mut()), [5, 5]);
    let bow = Quat::from_rotation_x(0.4);
    let mut pose = Pose::REST;
    pose.bones[HumanBone::Spine.index()] = bow;
    app.world_mut().entity_mut(seats[1]).insert(PoseNow(pose));
    app.update();
    assert!(rotation(&mut app, seats[0], HumanBone::Spine).angle_between(Quat::IDENTITY) < 1e-5);
    assert!(rotation(&mut app, seats[1], HumanBone::Spine).angle_between(bow) < 1e-5);
}

#[test]
fn materials_of_the_file_look_again_when_its_textures_have_their_levels() {
    let mut app = app();
    let seat = seat(app.world_mut(), Transform::IDENTITY, specimen(2));
    let mut changed = Vec::new();
    let mut note = |world: &mut World| {
        let events = world.resource::<Messages<AssetEvent<StandardMaterial>>>();
        changed.extend(events.iter_current_update_messages().filter_map(|event| match event {
            AssetEvent::Modified { id } => Some(*id),
            _ => None,
        }));
    };
    run(&mut app, |world| {
        note(world);
        state(world, seat) == AvatarState::Ready
    });
    for _ in 0..2 {
        app.update();
        note(app.world_mut());
    }
    let world = app.world_mut();
    let all: Vec<_> = world.query::<&Surfaces>().iter(world).flat_map(|surfaces| surfaces.all.clone()).collect();
    assert!(!all.is_empty());
    for (index, surface) in all {
        assert!(matches!(surface, Surface::Standard(handle) if changed.contains(&handle.id())), "material {index}");
    }
}

/// A cartoon whose blush colors its only material's shade and base.
fn cartoon() -> AvatarFile {
    let mut json = Specimen { joints: 0, colliders: 0, expressions: 2 }.json();
    json["extensionsUsed"].as_array_mut().unwrap().push(json!("VRMC_materials_mtoon"));
    json["materials"][0]["extensions"] = json!({"VRMC_materials_mtoon": {
        "specVersion": "1.0", "shadeColorFactor": [0.5, 0.4, 0.4],
        "outlineWidthMode": "worldCoordinates", "outlineWidthFactor": 0.002,
    }});
    let blush = json!([
        {"material": 0, "type": "color", "targetValue": [1.0, 0.0, 0.0, 1.0]},
        {"material": 0, "type": "shadeColor", "targetValue": [0.2, 0.0, 0.0, 1.0]},
    ]);
    json["extensions"]["VRMC_vrm"]["expressions"]["preset"]["happy"] = json!({"materialColorBinds": blush});
    file("cartoon.vrm", &json)
}

fn toons(world: &mut World, seat: Entity) -> Vec<ToonMaterial> {
    let mut surfaces = world.query::<(&Surfaces, &ChildOf)>();
    let handles: Vec<_> = surfaces
        .iter(world)
        .filter(|(_, child)| child.parent() == seat)
        .flat_map(|(surfaces, _)| surfaces.all.clone())
        .filter_map(|(_, surface)| if let Surface::Toon(handle) = surface { Some(handle) } else { None })
        .collect();
    let all = world.resource::<Assets<ToonMaterial>>();
    handles.iter().map(|handle| all.get(handle).unwrap().clone()).collect()
}

#[test]
fn an_expression_colors_the_cartoon_that_wears_it_and_no_other() {
    let mut app = app();
    let seats = [-1.0, 1.0].map(|x| seat(app.world_mut(), Transform::from_xyz(x, 0.0, 0.0), cartoon()));
    for seat in seats {
        run(&mut app, is_ready(seat));
    }
    let drawn = toons(app.world_mut(), seats[0]);
    assert_eq!(drawn.len(), 2, "a surface and its outline");
    let world = app.world_mut();
    let meshes = world.query::<&MeshMaterial3d<ToonMaterial>>().iter(world).count();
    assert_eq!(meshes, 4);

    let blush = vec![(ExpressionName::Preset(Preset::Happy), 1.0)];
    app.world_mut().entity_mut(seats[1]).insert(HeldExpressions(blush));
    app.update();
    let red = Color::linear_rgba(1.0, 0.0, 0.0, 1.0);
    assert!(toons(app.world_mut(), seats[1]).iter().all(|toon| toon.base.base_color == red));
    assert!(toons(app.world_mut(), seats[0]).iter().all(|toon| toon.base.base_color != red));

    app.world_mut().entity_mut(seats[1]).insert(HeldExpressions::default());
    app.update();
    assert!(toons(app.world_mut(), seats[1]).iter().all(|toon| toon.base.base_color != red));
}
