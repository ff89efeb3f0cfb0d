// A card in space: its interface texture in exact colors (no light, no tone curve), premultiplied, fading.
#import bevy_pbr::forward_io::VertexOutput

struct Panel {
    // Part of the texture that the card fills, from the top left corner.
    filled: vec2<f32>,
    opacity: f32,
    _pad: f32,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> panel: Panel;
@group(#{MATERIAL_BIND_GROUP}) @binding(1) var card_texture: texture_2d<f32>;
@group(#{MATERIAL_BIND_GROUP}) @binding(2) var card_sampler: sampler;

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    return textureSample(card_texture, card_sampler, in.uv * panel.filled) * panel.opacity;
}
