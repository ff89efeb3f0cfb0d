//! The fonts of everything that is written: Noto Sans SC, for Chinese and Latin letters.

/// For running text; has rare characters of names, too.
pub static REGULAR: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Regular.ttf");

/// For headings and buttons; has the common characters only.
pub static BOLD: &[u8] = include_bytes!("../../assets/fonts/NotoSansSC-Bold.ttf");
