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

#[test]
fn the_stack_is_called_as_its_folder() {
    let told = |folder: &str| {
        let ran = narrows(Memory::new(), &["new", folder]);
        let text = ran.files.text(format!("{folder}/narrows.toml")).unwrap();
        let name = text.lines().find(|line| line.starts_with("name = ")).unwrap();
        let check = narrows(ran.files.clone(), &["check", folder, "--as-of", "2026-11-23"]);
        assert_eq!(check.exit, Exit::Clean, "{check}");
        name.split('#').next().unwrap().trim().to_owned()
    };
    assert_eq!(told("stacks/invoices"), r#"name = "invoices""#);
    // What cannot begin the names of buckets and roles stays the example's.
    assert_eq!(told("My Stack"), r#"name = "orders""#);
}
