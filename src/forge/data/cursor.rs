//! Reads little-endian numbers from bytes; every step is checked.

/// A place in the bytes of a file.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or("it ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or("it ends too early")?;
        self.rest = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, String> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(super) fn u16(&mut self) -> Result<u16, String> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, String> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn f32(&mut self) -> Result<f32, String> {
        Ok(f32::from_le_bytes(self.array()?))
    }

    /// A length in decimeters.
    pub(super) fn length(&mut self) -> Result<f32, String> {
        Ok(i32::from_le_bytes(self.array()?) as f32 / super::UNIT)
    }

    /// A number of 0..=1 in two bytes.
    pub(super) fn share(&mut self) -> Result<f32, String> {
        Ok(f32::from(self.u16()?) / f32::from(u16::MAX))
    }

    /// An index below `count`.
    pub(super) fn index(&mut self, count: usize) -> Result<u32, String> {
        let index = self.u16()?;
        if usize::from(index) < count { Ok(index.into()) } else { Err(format!("an index is {index} of {count}")) }
    }

    pub(super) fn text(&mut self) -> Result<String, String> {
        let length = self.u8()?;
        String::from_utf8(self.take(length.into())?.to_vec()).map_err(|error| error.to_string())
    }

    /// `count` elements. Nothing is reserved beyond what the rest of the file could hold.
    pub(super) fn list<T>(
        &mut self,
        count: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut list = Vec::with_capacity(count.min(self.rest.len()));
        for _ in 0..count {
            list.push(read(self)?);
        }
        Ok(list)
    }
}
