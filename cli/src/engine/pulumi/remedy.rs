//! What to do about an error of the engine's that comes from how Narrows runs it.

/// A remedy, where the engine's words are known to come from that.
///
/// `has_secrets` is whether secrets of the stack were made up, `said_symbol` whether the words held what was made up.
pub(super) fn of(said: &str, has_secrets: bool, said_symbol: bool) -> Option<String> {
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |texts: &[&str]| texts.iter().any(|text| words.contains(text));
    if has(&["no language plugin 'pulumi-language-", "no language plugin 'pulumi-"]) {
        return Some("install the host of the program's language beside pulumi or on PATH".to_owned());
    }
    if has(&["resource plugin 'pulumi-resource-", "no resource plugin 'pulumi-", "resource plugin "]) {
        return Some(
            "Narrows stands in for the aws provider alone: leave resources of other providers out, or check what \
             `pulumi preview --json --show-sames` prints"
                .to_owned(),
        );
    }
    if has(&["unknown stack", "StackReference", "stack reference"]) {
        return Some(
            "other stacks are not read: make what they tell a value of the stack's configuration, such as -- --config \
             KEY=VALUE"
                .to_owned(),
        );
    }
    if has(&["Missing required configuration variable", "missing required configuration"]) {
        return Some(
            "choose the stack with -- --stack NAME, or give a value with -- --config KEY=VALUE".to_owned(),
        );
    }
    if has(&["does not know what"]) {
        return Some("give the answer with --set TOKEN.MEMBER=VALUE".to_owned());
    }
    if said_symbol {
        return Some(
            "`${RESOURCE.ATTRIBUTE}` stands for a value that is known only after the update".to_owned(),
        );
    }
    has_secrets.then(|| {
        "nobody can read the stack's secrets here, so that others stand in their place: give one in plain with -- --config \
         KEY=VALUE where the program needs it"
            .to_owned()
    })
}
