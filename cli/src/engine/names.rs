//! Which files the engines read.

const ENDINGS: [&str; 4] = [".tf", ".tf.json", ".tofu", ".tofu.json"];

/// Whether a file of this name is a part of a configuration of the engines.
pub(crate) fn is_configuration(name: &str) -> bool {
    stem(name).is_some()
}

/// Whether a file of this name is read after those that are none, and changes what they say.
pub(super) fn is_override(name: &str) -> bool {
    let is_ignored = name.starts_with('.') || name.ends_with('~');
    !is_ignored && stem(name).is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

fn stem(name: &str) -> Option<&str> {
    ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn override_files_are_those_of_the_engines() {
        for name in ["override.tf", "a_override.tf.json", "zzz_override.tofu", "override.tofu.json"] {
            assert!(is_override(name), "{name}");
        }
        for name in ["main.tf", "overrides.tf", ".a_override.tf", "override.txt", "a-override.tf"] {
            assert!(!is_override(name), "{name}");
        }
    }
}
