//! `visavis avatar render`: a portrait, or a sheet of faces and gestures, without a window.

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;

use crate::avatar::AvatarFile;
use crate::manner::Manner;
use crate::problem::Problem;
use crate::settings::{QualityChoice, Settings};
use crate::studio::look::{Look, Weighted};
use crate::studio::portrait::{Portrait, PortraitConfig, Shot};
use crate::studio::sheet;

#[derive(Debug, Args)]
#[command(
    after_help = "Faces of the service: polite (smile), attentive, interested, mild_concern, concern, apology, thinking.\nAny blend shape or expression of the file can be mixed in.\n\nExamples:\n  visavis avatar render -o agent.png\n  visavis avatar render woman.vrm --expression concern --camera face -o concern.png\n  visavis avatar render --expression happy=0.5 --expression jawOpen=0.2 --pose offer --camera half -o offer.png\n  visavis avatar render man.vrm --sheet -o sheet.png"
)]
pub(super) struct RenderArgs {
    /// The file; the avatar of the settings when left out
    file: Option<PathBuf>,
    /// A face or expression with its weight 0..1; may be given several times
    #[arg(long, value_name = "NAME=W")]
    expression: Vec<Weighted>,
    /// Pose of arms and hands
    #[arg(long, value_name = "NAME", default_value = "stand", conflicts_with = "sheet")]
    pose: String,
    /// How much of the avatar the picture shows
    #[arg(long, value_enum, default_value_t = Camera::Bust, conflicts_with = "sheet")]
    camera: Camera,
    /// Turn of the avatar to its left, in degrees
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_negative_numbers = true)]
    yaw: f32,
    /// Size of the picture in pixels; of each picture on a sheet
    #[arg(long, value_name = "WxH", default_value = "720x900")]
    size: Size,
    /// All faces and gestures of the service with their names instead of one portrait
    #[arg(long, conflicts_with = "expression")]
    sheet: bool,
    /// The PNG file to write
    #[arg(long, short, value_name = "PNG")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Camera {
    /// Chin to hairline
    Face,
    /// Head and shoulders
    Bust,
    /// Down to the hips
    Half,
    /// The whole body
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    width: u32,
    height: u32,
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const SIDES: std::ops::RangeInclusive<u32> = 16..=8192;
        let side = |text: &str| text.parse().ok().filter(|side| SIDES.contains(side));
        text.split_once('x')
            .and_then(|(width, height)| Some(Self { width: side(width)?, height: side(height)? }))
            .ok_or_else(|| format!("write it like 720x900, each from {} to {}", SIDES.start(), SIDES.end()))
    }
}

pub(super) fn run(settings: &Settings, args: &RenderArgs) -> Result<ExitCode, Problem> {
    let avatar = match &args.file {
        Some(file) => AvatarFile::open(file)?,
        None => super::preview::open_avatar(settings)?,
    };
    if !args.yaw.is_finite() {
        return Err(Problem::new("cannot draw portrait", "--yaw", "it is no angle", "give degrees, such as 30"));
    }
    let lexicon = Manner::of(settings).lexicon()?;
    // Portraits are looked at closely: draw them as well as can be, whatever the adapter.
    let quality = match settings.quality {
        QualityChoice::Auto => QualityChoice::High,
        chosen => chosen,
    };
    let mut portrait = Portrait::open(PortraitConfig {
        avatar,
        quality,
        width: args.size.width,
        height: args.size.height,
        yaw_rad: args.yaw.to_radians(),
        label_px: args.sheet.then_some(17.0),
    })?;
    let picture = if args.sheet {
        let bar = ProgressBar::new(sheet::PICTURES as u64);
        let sheet = sheet::draw(&mut portrait, &lexicon, |done| bar.set_position(done as u64));
        bar.finish_and_clear();
        sheet?
    } else {
        portrait.take(&Look::new(&lexicon, &args.expression), &args.pose, args.camera.into(), "")?
    };
    image::DynamicImage::ImageRgba8(picture).to_rgb8().save_with_format(&args.out, image::ImageFormat::Png).map_err(
        |error| Problem::new("cannot write picture", args.out.display(), error, "choose another --out file"),
    )?;
    Ok(ExitCode::SUCCESS)
}

impl From<Camera> for Shot {
    fn from(camera: Camera) -> Self {
        match camera {
            Camera::Face => Self::Face,
            Camera::Bust => Self::Bust,
            Camera::Half => Self::Half,
            Camera::Full => Self::Full,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read() {
        assert_eq!("640x360".parse(), Ok(Size { width: 640, height: 360 }));
        for bad in ["640", "640x", "0x10", "640x99999", "axb"] {
            assert!(bad.parse::<Size>().is_err(), "{bad}");
        }
    }
}
