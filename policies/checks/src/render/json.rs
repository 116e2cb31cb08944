//! JSON, version 1: the [`View`] as it is.

use crate::View;

/// The view as indented JSON with a line break at its end; every key is always there.
///
/// # Errors
/// None that a view can cause; the serializer's signature asks for it.
pub fn render(view: &View) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(view)?;
    text.push('\n');
    Ok(text)
}
