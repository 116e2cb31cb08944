//! The provider's functions: what they answer without a cloud.

use super::Session;
use super::document;
use super::settings::Settings;
use super::wire::Object;
use narrows_model::token::Shape;
use serde_json::{Value, json};

pub(super) const CALLER: &str = "aws:index/getCallerIdentity:getCallerIdentity";
pub(super) const REGION: &str = "aws:index/getRegion:getRegion";
pub(super) const PARTITION: &str = "aws:index/getPartition:getPartition";
pub(super) const DOCUMENT: &str = "aws:iam/getPolicyDocument:getPolicyDocument";

/// The answer of a function.
///
/// # Errors
/// Why there is none, for the program's author.
pub(super) fn invoke(
    token: &str,
    arguments: &Object,
    session: &Session,
    settings: &Settings,
) -> Result<Object, String> {
    let mut answer = match token {
        CALLER => {
            let account = settings.account(session);
            let arn = format!("arn:{}:iam::{account}:user/deployer", settings.partition(session));
            let user = session.token(Shape::Any, "", "userId", str::to_owned);
            json!({"accountId": account, "arn": arn, "id": account, "userId": user})
        }
        REGION => {
            let asked = ["region", "name"].iter().find_map(|name| arguments.get(*name)?.as_str());
            let region = asked.map_or_else(|| settings.region(session), str::to_owned);
            json!({
                "description": session.token(Shape::Any, "", "regionDescription", str::to_owned),
                "endpoint": format!("ec2.{region}.{}", settings.dns_suffix(session)),
                "id": region, "name": region, "region": region,
            })
        }
        PARTITION => {
            let partition = settings.partition(session);
            let suffix = settings.dns_suffix(session);
            let reverse: Vec<&str> = suffix.rsplit('.').collect();
            json!({
                "id": partition, "partition": partition, "dnsSuffix": suffix,
                "reverseDnsPrefix": reverse.join("."),
            })
        }
        DOCUMENT => {
            let document = document::make(arguments)?;
            let wide = serde_json::to_string_pretty(&document).map_err(|error| error.to_string())?;
            json!({"id": "0", "json": wide, "minifiedJson": document.to_string()})
        }
        _ => json!({}),
    };
    let known = answer.as_object().is_some_and(|answer| !answer.is_empty());
    let mut set = false;
    for (name, value) in &session.0.around.set {
        if let (Some(member), Value::Object(answer)) =
            (name.strip_prefix(token).and_then(|rest| rest.strip_prefix('.')), &mut answer)
        {
            answer.insert(member.to_owned(), value.clone());
            session.note_used(name);
            set = true;
        }
    }
    match answer {
        Value::Object(mut answer) if known || set => {
            // Functions echo what they are asked.
            for (name, value) in arguments {
                answer.entry(name.clone()).or_insert_with(|| value.clone());
            }
            Ok(answer)
        }
        _ => Err(format!(
            "the stand-in provider of Narrows does not know what {token} answers: expected a function whose answer follows \
             from the program, or is given beforehand as {token}.MEMBER; put the answer into the program"
        )),
    }
}
