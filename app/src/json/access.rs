//! What stands in lists, maps and variants.

use super::{Reader, Result, Unreadable};
use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

/// The items of a list, or the entries of a map.
pub(super) struct Items<'r, 'a> {
    reader: &'r mut Reader<'a>,
    end: u8,
    begun: bool,
}

impl<'r, 'a> Items<'r, 'a> {
    pub(super) fn until(end: u8, reader: &'r mut Reader<'a>) -> Self {
        Self { reader, end, begun: false }
    }

    /// There is another one; it stands here then.
    fn goes_on(&mut self) -> Result<bool> {
        if self.reader.peek() == self.end {
            return Ok(false);
        }
        if std::mem::replace(&mut self.begun, true) {
            self.reader.take(b',')?;
        }
        Ok(true)
    }

    pub(super) fn end(self) -> Result<()> {
        self.reader.take(self.end)
    }
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.goes_on()? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Items<'_, '_> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.goes_on()? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        self.reader.take(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

/// `"Name"`, or the inside of `{"Name": content}`.
pub(super) struct Variant<'r, 'a> {
    pub reader: &'r mut Reader<'a>,
    pub has_content: bool,
}

impl<'r, 'a> Variant<'r, 'a> {
    fn content(self) -> Result<&'r mut Reader<'a>> {
        if self.has_content { Ok(self.reader) } else { Err(Unreadable) }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, '_> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let name = seed.deserialize(&mut *self.reader)?;
        if self.has_content {
            self.reader.take(b':')?;
        }
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<()> {
        if self.has_content { Err(Unreadable) } else { Ok(()) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        serde::Deserializer::deserialize_tuple(self.content()?, len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value> {
        serde::Deserializer::deserialize_struct(self.content()?, "", fields, visitor)
    }
}
