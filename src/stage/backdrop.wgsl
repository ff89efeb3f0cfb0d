// The service room behind the avatar, in exact colors: no light, no tone curve.
#import bevy_pbr::forward_io::VertexOutput

struct Backdrop {
    center: vec4<f32>,
    edge: vec4<f32>,
    floor: vec4<f32>,
    panel: vec4<f32>,
}

@group(#{MATERIAL_BIND_GROUP}) @binding(0) var<uniform> backdrop: Backdrop;

// Breaks the banding that long gradients show at eight bits.
fn dither(p: vec2<f32>) -> f32 {
    return (fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0;
}

@fragment
fn fragment(in: VertexOutput) -> @location(0) vec4<f32> {
    let p = in.world_position.xyz;
    // A pool of light behind head and shoulders.
    let pool = exp(-(pow(p.x / 1.55, 2.0) + pow((p.y - 1.55) / 1.25, 2.0)));
    var color = mix(backdrop.edge.rgb, backdrop.center.rgb, pool);
    // Two quiet panels give the room scale without drawing the eye.
    let panel = smoothstep(1.02, 1.035, abs(p.x)) * (1.0 - smoothstep(1.86, 1.875, abs(p.x)))
        * smoothstep(0.0, 0.4, p.y) * smoothstep(-2.05, -2.15, p.z);
    let slat = 0.965 + 0.035 * smoothstep(0.02, 0.07, abs(fract((abs(p.x) - 1.02) / 0.14) - 0.5));
    color = mix(color, backdrop.panel.rgb * slat * (0.82 + 0.22 * pool), panel * 0.55);
    // Floor, with a soft contact shadow where the avatar stands.
    let floor_part = 1.0 - smoothstep(-0.2, 0.75, p.y + max(0.0, -1.2 - p.z));
    color = mix(color, backdrop.floor.rgb, floor_part * 0.8);
    let contact = exp(-dot(p.xz / vec2(0.34, 0.26), p.xz / vec2(0.34, 0.26))) * (1.0 - smoothstep(0.0, 0.02, p.y));
    color *= 1.0 - 0.55 * contact;
    return vec4(color + vec3(dither(in.position.xy)), 1.0);
}
