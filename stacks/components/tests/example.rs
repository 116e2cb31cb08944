//! The shipped example.
use narrows_stacks::StackSpec;

const EXAMPLE: &str = include_str!("../../../examples/three-regions/narrows.toml");

#[test]
fn the_example_is_the_template() {
    assert_eq!(
        EXAMPLE,
        StackSpec::template(),
        "copy stacks/components/template/narrows.toml to examples/three-regions"
    );
}

#[test]
fn the_example_composes() {
    let spec = StackSpec::parse("narrows.toml", EXAMPLE).unwrap_or_else(|error| panic!("{error}"));
    let order = spec.compose().deployment.in_order().unwrap();
    assert_eq!(order.len(), spec.compose().deployment.resources().count());
}
