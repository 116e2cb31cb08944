//! `narrows new`.

use crate::narrows;
use narrows::{Exit, Memory};

#[test]
fn a_description_to_start_from() {
    let ran = narrows(Memory::new(), &["new", "stacks/orders"]);
    insta::assert_snapshot!(ran, @r"
    exit 0
    wrote stacks/orders/narrows.toml

    Next, put your account, buckets and roles into it; then
      narrows check stacks/orders    prove what it says, writing nothing
      narrows synth stacks/orders    write the files that terraform or tofu deploys
    ");
    let paths: Vec<_> = ran.files.paths().collect();
    assert_eq!(paths, [std::path::Path::new("stacks/orders/narrows.toml")]);
    assert_eq!(ran.files.text("stacks/orders/narrows.toml"), Some(narrows_stacks::StackSpec::template()));
}

#[test]
fn a_description_that_exists_stays() {
    let ran = narrows(Memory::new().with("orders/narrows.toml", "mine"), &["new", "orders"]);
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran, @r"
    exit 2
      × `orders/narrows.toml` exists already, and stays as it is
      help: change it, or name another folder
    ");
    assert_eq!(ran.files.text("orders/narrows.toml"), Some("mine"));
}

#[test]
fn a_file_is_no_folder() {
    let ran = narrows(Memory::new().with("orders", ""), &["new", "orders"]);
    insta::assert_snapshot!(ran, @r"
    exit 2
      × `orders` is a file: expected a folder
      help: name the folder that the description goes into
    ");
}
