//! What to do about an error of the engine's that comes from how Narrows runs it.

/// A remedy, where the engine's words are known to come from that.
///
/// `has_secrets` is whether secrets of the stack were made up, `said_symbol` whether the words held what was made up.
pub(super) fn of(said: &str, has_secrets: bool, said_symbol: bool) -> Option<&'static str> {
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = KNOWN.iter().find(|(texts, _)| texts.iter().any(|text| words.contains(text)));
    found.map(|(_, remedy)| *remedy).or(said_symbol.then_some(SYMBOL)).or(has_secrets.then_some(SECRETS))
}

/// What the engine says, and what to do then.
const KNOWN: [(&[&str], &str); 7] = [
    (
        &["no language plugin 'pulumi-language-"],
        "install the host of the program's language beside pulumi or on PATH",
    ),
    (
        &["disabled by GOPROXY=off"],
        "nothing is downloaded: run `go mod download` in the folder of the program first",
    ),
    (
        &["no resource plugin 'pulumi-resource-"],
        "Narrows stands in for the aws provider alone: leave resources of other providers out, or check what `pulumi preview \
         --json --show-sames` prints",
    ),
    (
        &["in resource provider \"aws\""],
        "of the aws provider Narrows knows what matters to access, and a program in YAML can use nothing else of it: leave it \
         out, or check what `pulumi preview --json --show-sames` prints",
    ),
    (
        &["unknown stack", "organization name must be 'organization'"],
        "other stacks are not read: make what they tell a value of the stack's configuration, and give it with -- --config \
         KEY=VALUE",
    ),
    (
        &["is missing configuration value", "issing required configuration variable"],
        "choose the stack with -- --stack NAME, or give the value with -- --config KEY=VALUE",
    ),
    (
        &["the stand-in provider of Narrows does not know what"],
        "give the answer with --set TOKEN.MEMBER=VALUE",
    ),
];

const SYMBOL: &str = "`${RESOURCE.ATTRIBUTE}` stands for a value that is known only after the update";
const SECRETS: &str = "nobody can read the stack's secrets here, so that others stand in their place: where the program \
                       needs one, give it in plain with -- --config KEY=VALUE";
