//! The JSON Schema that is checked in.
use narrows_stacks::StackSpec;
use std::path::Path;

#[test]
fn the_schema_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/narrows.schema.json");
    let now = format!("{:#}\n", StackSpec::json_schema());
    if std::env::var_os("NARROWS_REGENERATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        checked_in == now,
        "schema/narrows.schema.json is not what the types say: \
         regenerate it with `NARROWS_REGENERATE=1 cargo test -p narrows-stacks --test schema`"
    );
}
