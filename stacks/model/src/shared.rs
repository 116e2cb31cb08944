use std::ops::Deref;
use std::sync::Arc;

/// A list whose clones share its items: values are handed on many times, and seldom changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Shared<T>(Option<Arc<[T]>>);

impl<T> Shared<T> {
    /// Whether both are one list in memory, or both are empty; others may be equal too.
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        }
    }
}

impl<T: Clone> Shared<T> {
    /// The items as a list of their own.
    pub fn into_vec(self) -> Vec<T> {
        self.to_vec()
    }

    /// Changes items, which other clones do not see.
    pub fn make_mut(&mut self) -> &mut [T] {
        self.0.as_mut().map_or(&mut [], Arc::make_mut)
    }

    /// Changes the list, which other clones do not see.
    pub fn edit<R>(&mut self, edit: impl FnOnce(&mut Vec<T>) -> R) -> R {
        let mut items = std::mem::take(self).into_vec();
        let found = edit(&mut items);
        *self = items.into();
        found
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Shared<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<T> From<Vec<T>> for Shared<T> {
    fn from(items: Vec<T>) -> Self {
        Self((!items.is_empty()).then(|| items.into()))
    }
}

impl<T> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items: Arc<[T]> = items.into_iter().collect();
        Self((!items.is_empty()).then_some(items))
    }
}

impl<'a, T> IntoIterator for &'a Shared<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T: Clone> IntoIterator for &'a mut Shared<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.make_mut().iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_items_until_one_is_changed() {
        let one: Shared<u8> = [1, 2].into_iter().collect();
        let mut other = one.clone();
        assert!(one.is_same(&other) && !one.is_same(&[1, 2].into_iter().collect()));
        other.edit(|items| items.push(3));
        other.make_mut()[0] = 9;
        assert_eq!((&*one, &*other), (&[1, 2][..], &[9, 2, 3][..]));
        assert_eq!(Shared::from(Vec::<u8>::new()), Shared::default());
    }
}
