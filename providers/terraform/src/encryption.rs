/// Whether a file of a configuration has OpenTofu encrypt states: where its keys come from may be a program or a service, which
/// the engine calls before anything else.
///
/// A file that cannot be read counts as one that does, if it could.
pub fn encrypts_states(text: &str, is_json: bool) -> bool {
    let found = if is_json { in_json(text) } else { in_hcl(text) };
    found.unwrap_or_else(|| text.contains(ENCRYPTION) || (is_json && text.contains("\\u")))
}

const SETTINGS: &str = "terraform";
const ENCRYPTION: &str = "encryption";

fn in_hcl(text: &str) -> Option<bool> {
    let body = hcl_edit::parser::parse_body(text).ok()?;
    let mut settings = body.blocks().filter(|block| block.ident.as_str() == SETTINGS);
    Some(settings.any(|block| block.body.blocks().any(|inner| inner.ident.as_str() == ENCRYPTION)))
}

fn in_json(text: &str) -> Option<bool> {
    let whole = narrows_model::json::parse(&narrows_model::Source::file("configuration", text)).ok()?;
    let Some(settings) = whole.get(SETTINGS) else { return Some(false) };
    let blocks = settings.items().unwrap_or(std::slice::from_ref(settings));
    Some(blocks.iter().any(|block| block.get(ENCRYPTION).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_encrypted_where_the_settings_say_so() {
        let hcl = |text: &str| encrypts_states(text, false);
        assert!(hcl("terraform {\n  encryption {\n    method \"unencrypted\" \"x\" {}\n  }\n}\n"));
        assert!(hcl(
            "locals {}\nterraform {\n  required_version = \">= 1\"\n}\nterraform {\n  encryption {}\n}\n"
        ));
        assert!(!hcl(
            "# encryption {}\nterraform {\n  backend \"s3\" {}\n}\nresource \"a\" \"b\" {\n  encryption {}\n}\n"
        ));
        // What is not read here, the engine may still read.
        assert!(hcl("terraform {\n  encryption {\n"));
        let json = |text: &str| encrypts_states(text, true);
        assert!(json(r#"{"terraform": {"encryption": {}}}"#));
        assert!(json(r#"{"terraform": [{"backend": {}}, {"\u0065ncryption": {}}]}"#));
        assert!(json(r#"{"terraform": {"encryption": {}}, "terraform": {}}"#));
        assert!(!json(
            r#"{"resource": {"a": {"b": {"encryption": {}}}}, "terraform": {"backend": {"local": {}}}}"#
        ));
    }
}
