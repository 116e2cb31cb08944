//! A counterexample as a line for a shell: the call of the AWS CLI that makes the same request.

mod table;

use narrows_prover::{Counterexample, Route};
use table::{ALWAYS, AMBIENT, CALLS, Call, Reach, SETTABLE};

/// The command that makes the request, with the caller's credentials and from the caller's network; `None` where the AWS
/// CLI cannot make it, or no person can: requests of services, or with a TLS version or headers that it never sends.
///
/// References to values that exist only after deployment stay in it as they are.
pub(crate) fn command(found: &Counterexample) -> Option<String> {
    // A service's name has neither colons, as an ARN has, nor is it a reference. An origin access identity is CloudFront's.
    let anonymous = found.principal == "anonymous";
    let person = found.principal.contains([':', '$']) && !found.principal.contains("::cloudfront:");
    if !anonymous && !person {
        return None;
    }
    let call = CALLS.iter().find(|call| call.action.eq_ignore_ascii_case(&found.action))?;
    let target = target(found)?;
    if call.reach < target.reach {
        return None;
    }
    let mut words = vec!["aws".to_owned(), "s3api".to_owned(), call.subcommand.to_owned()];
    argument(&mut words, "--bucket", &target.bucket)?;
    let version = value(found, "s3:VersionId").unwrap_or("null");
    let mut arguments = call.arguments.iter().peekable();
    while let Some(word) = arguments.next() {
        match arguments.peek() {
            Some(&&"{key}") => argument(&mut words, word, found.key.as_deref()?)?,
            Some(&&"{version}") => argument(&mut words, word, version)?,
            _ => {
                words.push((*word).to_owned());
                continue;
            }
        }
        arguments.next();
    }
    for (key, values) in &found.context {
        context(&mut words, call, &target, key, values)?;
    }
    if anonymous {
        words.push("--no-sign-request".to_owned());
    }
    let quoted: Option<Vec<String>> = words.iter().map(|word| quote(word)).collect();
    Some(quoted?.join(" "))
}

/// What `--bucket` names, and how it is reached without TLS.
struct Target {
    bucket: String,
    reach: Reach,
    /// The Region and the endpoint that can be asked without TLS; an MRAP's cannot: the AWS CLI sends to it over TLS, whatever
    /// endpoint is given (the endpoint rules of botocore 1.44).
    plain: Option<(String, String)>,
}

fn target(found: &Counterexample) -> Option<Target> {
    let without_key = |resource: &str, separator: &str| match &found.key {
        Some(key) => resource.strip_suffix(&format!("{separator}{key}")).map(str::to_owned),
        None => Some(resource.to_owned()),
    };
    match found.route {
        Route::Direct => {
            let arn = without_key(&found.resource, "/")?;
            let mut fields = arn.splitn(6, ':').skip(1);
            let (partition, bucket) = (fields.next()?, fields.nth(3)?);
            let plain = match (&found.region, domain(partition)) {
                (Some(region), Some(domain)) => {
                    Some((region.clone(), format!("http://s3.{region}.{domain}")))
                }
                _ => None,
            };
            Some(Target { bucket: bucket.to_owned(), reach: Reach::Bucket, plain })
        }
        Route::Mrap(_) | Route::OtherAccessPoint => {
            let arn = without_key(&found.resource, "/object/")?;
            let mut fields = arn.splitn(6, ':').skip(1);
            let (partition, region) = (fields.next()?, fields.nth(1)?);
            if region.is_empty() {
                return Some(Target { bucket: arn, reach: Reach::Mrap, plain: None });
            }
            let plain = domain(partition)
                .map(|domain| (region.to_owned(), format!("http://s3-accesspoint.{region}.{domain}")));
            Some(Target { bucket: arn.clone(), reach: Reach::AccessPoint, plain })
        }
    }
}

fn domain(partition: &str) -> Option<&'static str> {
    match partition {
        "aws" | "aws-us-gov" => Some("amazonaws.com"),
        "aws-cn" => Some("amazonaws.com.cn"),
        _ => None,
    }
}

fn value<'a>(found: &'a Counterexample, key: &str) -> Option<&'a str> {
    let (_, values) = found.context.iter().find(|(known, _)| known.eq_ignore_ascii_case(key))?;
    values.first().map(String::as_str)
}

/// Adds what makes the request have a condition key; `None` where nothing does.
fn context(
    words: &mut Vec<String>,
    call: &Call,
    target: &Target,
    key: &str,
    values: &[String],
) -> Option<()> {
    let is = |known: &str| known.eq_ignore_ascii_case(key);
    let begins = |known: &&str| key.get(..known.len()).is_some_and(|head| head.eq_ignore_ascii_case(known));
    let [one] = values else { return AMBIENT.iter().any(begins).then_some(()) };
    if is("aws:SecureTransport") && one == "false" {
        let (region, url) = target.plain.as_ref()?;
        words.extend(["--region", region, "--endpoint-url", url].map(str::to_owned));
        return Some(());
    }
    if ALWAYS.iter().any(|(known, _)| is(known)) {
        return ALWAYS.iter().any(|(known, value)| is(known) && value == one).then_some(());
    }
    let in_call = is("s3:VersionId") && call.arguments.contains(&"{version}");
    if in_call || AMBIENT.iter().any(begins) {
        return Some(());
    }
    let settable = SETTABLE.iter().find(|it| is(it.key) && it.of.contains(&call.subcommand))?;
    argument(words, settable.argument, one)
}

/// Adds an argument and its value; `None` for a value that the AWS CLI would read as something else.
fn argument(words: &mut Vec<String>, name: &str, value: &str) -> Option<()> {
    if value.starts_with("file://") || value.starts_with("fileb://") {
        return None;
    }
    // What begins with a hyphen would be read as an argument.
    if value.starts_with('-') {
        words.push(format!("{name}={value}"));
    } else {
        words.extend([name.to_owned(), value.to_owned()]);
    }
    Some(())
}

/// A word as a POSIX shell reads it back; `None` for one that does not fit on a line.
fn quote(word: &str) -> Option<String> {
    if word.chars().any(char::is_control) {
        return None;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./_-".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return Some(word.to_owned());
    }
    Some(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests;
