//! The JSON Schema that is checked in.
use narrows_stacks::StackSpec;
use std::path::Path;

#[test]
fn the_schema_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/narrows.schema.json");
    let now = StackSpec::json_schema();
    if std::env::var_os("NARROWS_REGENERATE").is_some() {
        std::fs::write(&path, format!("{now:#}\n")).unwrap();
    }
    // Members of an object have no order: which one they come in is a feature of serde_json that others may turn on.
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    let checked_in: Option<serde_json::Value> = serde_json::from_str(&checked_in).ok();
    assert!(
        checked_in == Some(now),
        "schema/narrows.schema.json is not what the types say: \
         regenerate it with `NARROWS_REGENERATE=1 cargo test -p narrows-stacks --test schema`"
    );
}
