//! Brings an avatar file into Bevy: checked bytes in memory, node indices kept, failure told once.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use bevy::asset::io::memory::{Dir, MemoryAssetReader};
use bevy::asset::io::{AssetSourceBuilder, ErasedAssetReader};
use bevy::asset::{AssetApp, LoadContext, LoadState};
use bevy::gltf::GltfAssetLabel;
use bevy::gltf::extensions::{ErasedGltfExtensionHandler, GltfExtensionHandler, GltfExtensionHandlers};
use bevy::prelude::*;
use bevy::world_serialization::{WorldAsset, WorldAssetRoot};

use super::held::Turn;
use super::surface::SurfaceHandler;
use crate::problem::Problem;
use crate::vrm::{Document, prepare};

/// The file name inside the in-memory source; `.glb` so that Bevy's glTF loader takes it.
const NAME: &str = "avatar.glb";

/// An avatar that was read and checked.
#[derive(Resource, Clone)]
pub struct AvatarFile {
    /// Where it came from, for messages.
    pub place: String,
    /// The bytes of the file, prepared for the engine's loader.
    pub bytes: Arc<[u8]>,
    /// What is in it.
    pub document: Arc<Document>,
}

impl AvatarFile {
    /// The avatar that comes with the program.
    ///
    /// # Errors
    /// None in a released build: the file is part of it and tested.
    pub fn built_in() -> Result<Self, Problem> {
        Self::from_bytes(crate::vrm::BUILT_IN_AVATAR.into(), "built-in avatar")
    }

    /// Reads an avatar from disk.
    ///
    /// # Errors
    /// A [`Problem`] for a file that cannot be read or is no usable VRM.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let bytes = std::fs::read(path).map_err(|error| {
            Problem::new(
                "cannot open avatar",
                path.display(),
                error,
                "give the path of a .vrm file, or leave the setting out for the built-in avatar",
            )
        })?;
        Self::from_bytes(bytes.into(), &path.display().to_string())
    }

    fn from_bytes(bytes: Arc<[u8]>, place: &str) -> Result<Self, Problem> {
        let document = Document::read(&bytes, place)?;
        let prepared = match prepare(&bytes, place)? {
            Cow::Owned(prepared) => Some(Arc::from(prepared)),
            Cow::Borrowed(_) => None,
        };
        Ok(Self { place: place.to_owned(), bytes: prepared.unwrap_or(bytes), document: Arc::new(document) })
    }
}

/// How far the avatar is.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub enum AvatarState {
    /// Being loaded.
    #[default]
    Loading,
    /// Stands in the room.
    Ready,
    /// Could not be loaded; said to the customer with a way on.
    Failed(Problem),
}

/// The glTF node index of an entity of the avatar.
#[derive(Component, Reflect, Debug, Clone, Copy, PartialEq, Eq, Default)]
#[reflect(Component)]
pub(super) struct NodeIndex(pub(super) usize);

/// Marks the root of the avatar.
#[derive(Component)]
pub(super) struct AvatarRoot;

/// The handle that is watched.
#[derive(Resource)]
pub(super) struct AvatarHandle(Handle<WorldAsset>);

/// Makes the avatar's bytes loadable; call before the asset plugin is added.
pub fn register_source(app: &mut App, file: &AvatarFile) {
    let dir = Dir::default();
    dir.insert_asset(Path::new(NAME), file.bytes.to_vec());
    app.register_asset_source(
        "avatar",
        AssetSourceBuilder::new(move || {
            Box::new(MemoryAssetReader { root: dir.clone() }) as Box<dyn ErasedAssetReader>
        }),
    );
}

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

pub(super) fn spawn_avatar(mut commands: Commands<'_, '_>, assets: Res<'_, AssetServer>, turn: Res<'_, Turn>) {
    let handle = assets.load(GltfAssetLabel::Scene(0).from_asset(format!("avatar://{NAME}")));
    commands.insert_resource(AvatarHandle(handle.clone()));
    commands.spawn((
        Name::new("Avatar"),
        AvatarRoot,
        WorldAssetRoot(handle),
        Transform::from_rotation(Quat::from_rotation_y(turn.0)),
        Visibility::Inherited,
    ));
}

/// Tells a failed load once.
pub(super) fn watch_loading(
    assets: Res<'_, AssetServer>,
    handle: Option<Res<'_, AvatarHandle>>,
    file: Option<Res<'_, AvatarFile>>,
    mut state: ResMut<'_, AvatarState>,
) {
    if *state != AvatarState::Loading {
        return;
    }
    let Some(handle) = handle else { return };
    if let LoadState::Failed(error) = assets.load_state(&handle.0) {
        let place = file.map_or_else(|| NAME.to_owned(), |file| file.place.clone());
        let problem = Problem::new("cannot load avatar", place, error, "choose another file, or the built-in avatar");
        error!("{problem}");
        *state = AvatarState::Failed(problem);
    }
}
