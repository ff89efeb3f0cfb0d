//! Brings avatars to their seats: read, load, build, then change places; what nobody waits for any more is let go.

use std::path::PathBuf;

use bevy::asset::io::memory::{Dir, MemoryAssetReader};
use bevy::asset::io::{AssetSourceBuilder, ErasedAssetReader};
use bevy::asset::{AssetApp, LoadContext, LoadState};
use bevy::gltf::GltfAssetLabel;
use bevy::gltf::extensions::{ErasedGltfExtensionHandler, GltfExtensionHandler, GltfExtensionHandlers};
use bevy::prelude::*;
use bevy::tasks::{IoTaskPool, Task, block_on, poll_once};
use bevy::world_serialization::{WorldAsset, WorldAssetRoot, WorldInstanceReady};

use super::file::AvatarFile;
use super::material::Surfaces;
use super::rig::Rig;
use super::seat::{AvatarState, OpenAvatar, Seat, ShowAvatar};
use super::surface::SurfaceHandler;
use crate::problem::Problem;

/// The files on their way, as the engine's loader sees them.
#[derive(Resource, Clone, Default)]
pub(super) struct Shelf(Dir);

impl Shelf {
    /// Named by the request; `.glb` so that the engine's glTF loader takes it.
    fn name(request: u64, seat: Entity) -> PathBuf {
        PathBuf::from(format!("{}-{request}.glb", seat.to_bits()))
    }
}

/// Makes avatars loadable from memory; call before the asset plugin is added.
pub fn register_source(app: &mut App) {
    let shelf = Shelf::default();
    let dir = shelf.0.clone();
    app.insert_resource(shelf).register_asset_source(
        "avatar",
        AssetSourceBuilder::new(move || {
            Box::new(MemoryAssetReader { root: dir.clone() }) as Box<dyn ErasedAssetReader>
        }),
    );
}

/// The glTF node index of an entity of the avatar.
#[derive(Component, Reflect, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[reflect(Component)]
pub(super) struct NodeIndex(pub(super) usize);

/// Writes the node index onto every spawned node, so that bones are found by index and never by name.
#[derive(Clone, Default)]
struct NodeIndexHandler;

impl GltfExtensionHandler for NodeIndexHandler {
    fn dyn_clone(&self) -> Box<dyn ErasedGltfExtensionHandler> {
        Box::new(self.clone())
    }

    fn on_gltf_node(&mut self, _: &mut LoadContext<'_>, node: &gltf::Node<'_>, entity: &mut EntityWorldMut<'_>) {
        entity.insert(NodeIndex(node.index()));
    }
}

pub(super) fn add_handlers(app: &mut App) {
    if let Some(handlers) = app.world().get_resource::<GltfExtensionHandlers>() {
        let mut handlers = handlers.0.write_blocking();
        handlers.push(Box::new(NodeIndexHandler));
        handlers.push(Box::new(SurfaceHandler::default()));
    }
}

/// A request for an avatar.
#[derive(Component, Debug, Clone, Copy)]
pub(super) struct Request {
    pub(super) seat: Entity,
    number: u64,
}

/// A file that is being read.
#[derive(Component)]
pub(super) struct Reading(Task<Result<AvatarFile, Problem>>);

/// Root of an avatar that is on its way to its seat, not seen yet.
#[derive(Component)]
pub(super) struct Candidate {
    pub(super) file: AvatarFile,
    scene: Handle<WorldAsset>,
}

/// On the root of a [`Candidate`]: all its entities exist.
#[derive(Component)]
pub(super) struct Spawned;

/// Numbers a request, so that it is the last.
fn ask(seat: Entity, seats: &mut Query<'_, '_, (&mut Seat, &mut AvatarState)>) -> Option<Request> {
    let (mut place, mut state) = seats.get_mut(seat).ok()?;
    place.latest += 1;
    *state = AvatarState::Loading;
    Some(Request { seat, number: place.latest })
}

fn load(request: Request, file: AvatarFile, shelf: &Shelf, assets: &AssetServer, commands: &mut Commands<'_, '_>) {
    let name = Shelf::name(request.number, request.seat);
    shelf.0.insert_asset(&name, file.bytes.to_vec());
    let scene = assets.load(GltfAssetLabel::Scene(0).from_asset(format!("avatar://{}", name.display())));
    commands.spawn((
        Name::new("Avatar"),
        request,
        Candidate { file, scene: scene.clone() },
        WorldAssetRoot(scene),
        Transform::IDENTITY,
        Visibility::Hidden,
        ChildOf(request.seat),
    ));
}

pub(super) fn show_avatar(
    asked: On<'_, '_, ShowAvatar>,
    mut seats: Query<'_, '_, (&mut Seat, &mut AvatarState)>,
    shelf: Res<'_, Shelf>,
    assets: Res<'_, AssetServer>,
    mut commands: Commands<'_, '_>,
) {
    if let Some(request) = ask(asked.seat, &mut seats) {
        load(request, asked.file.clone(), &shelf, &assets, &mut commands);
    }
}

pub(super) fn open_avatar(
    asked: On<'_, '_, OpenAvatar>,
    mut seats: Query<'_, '_, (&mut Seat, &mut AvatarState)>,
    mut commands: Commands<'_, '_>,
) {
    if let Some(request) = ask(asked.seat, &mut seats) {
        let path = asked.path.clone();
        let task = IoTaskPool::get().spawn(async move { AvatarFile::open(&path) });
        commands.spawn((Name::new("Avatar file"), request, Reading(task)));
    }
}

/// Lets go of everything whose seat is gone or waits for something else by now.
pub(super) fn drop_stale(
    requests: Query<'_, '_, (Entity, &Request), Or<(With<Candidate>, With<Reading>)>>,
    seats: Query<'_, '_, &Seat>,
    shelf: Res<'_, Shelf>,
    mut commands: Commands<'_, '_>,
) {
    for (entity, request) in &requests {
        if seats.get(request.seat).is_ok_and(|seat| seat.latest == request.number) {
            continue;
        }
        shelf.0.remove_asset(&Shelf::name(request.number, request.seat));
        commands.entity(entity).try_despawn();
    }
}

/// Takes files that were read.
pub(super) fn finish_reading(
    mut files: Query<'_, '_, (Entity, &Request, &mut Reading)>,
    mut states: Query<'_, '_, &mut AvatarState>,
    shelf: Res<'_, Shelf>,
    assets: Res<'_, AssetServer>,
    mut commands: Commands<'_, '_>,
) {
    for (entity, request, mut reading) in &mut files {
        let Some(read) = block_on(poll_once(&mut reading.0)) else { continue };
        commands.entity(entity).try_despawn();
        match read {
            Ok(file) => load(*request, file, &shelf, &assets, &mut commands),
            Err(problem) => fail(request.seat, problem, &mut states),
        }
    }
}

fn fail(seat: Entity, problem: Problem, states: &mut Query<'_, '_, &mut AvatarState>) {
    error!("{problem}");
    if let Ok(mut state) = states.get_mut(seat) {
        *state = AvatarState::Failed(problem);
    }
}

/// Takes note of loads that failed.
pub(super) fn watch_loading(
    candidates: Query<'_, '_, (Entity, &Request, &Candidate)>,
    mut states: Query<'_, '_, &mut AvatarState>,
    shelf: Res<'_, Shelf>,
    assets: Res<'_, AssetServer>,
    mut commands: Commands<'_, '_>,
) {
    for (entity, request, candidate) in &candidates {
        let LoadState::Failed(error) = assets.load_state(&candidate.scene) else { continue };
        let way_on = "choose another file, or the built-in avatar";
        fail(request.seat, Problem::new("cannot load avatar", &candidate.file.place, error, way_on), &mut states);
        shelf.0.remove_asset(&Shelf::name(request.number, request.seat));
        commands.entity(entity).try_despawn();
    }
}

/// Runs once when the entities of an avatar exist.
pub(super) fn note_spawned(
    ready: On<'_, '_, WorldInstanceReady>,
    candidates: Query<'_, '_, (), With<Candidate>>,
    mut commands: Commands<'_, '_>,
) {
    if candidates.contains(ready.entity) {
        commands.entity(ready.entity).try_insert(Spawned);
    }
}

/// Seats what is complete in place of what stood there.
pub(super) fn change_places(
    complete: Query<'_, '_, (Entity, &Request, &Candidate), (With<Spawned>, With<Rig>, With<Surfaces>)>,
    mut seats: Query<'_, '_, (&mut Seat, &mut AvatarState)>,
    shelf: Res<'_, Shelf>,
    mut commands: Commands<'_, '_>,
) {
    for (entity, request, candidate) in &complete {
        let Ok((mut seat, mut state)) = seats.get_mut(request.seat) else { continue };
        if seat.latest != request.number {
            continue;
        }
        if let Some(before) = seat.shown.replace(entity) {
            commands.entity(before).try_despawn();
        }
        seat.document = Some(candidate.file.document.clone());
        *state = AvatarState::Ready;
        shelf.0.remove_asset(&Shelf::name(request.number, request.seat));
        commands.entity(entity).insert(Visibility::Inherited).remove::<(Candidate, Spawned)>();
    }
}
