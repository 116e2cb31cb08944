//! `only-through-mrap` on bare bucket policies.

mod common;

use common::{check, intent};

const ROLE: &str = "arn:aws:iam::123456789012:role/replication";

fn policy(deny_condition: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[
            {{"Sid":"OnlyThroughMrap","Effect":"Deny","Principal":"*","Action":"s3:*",
              "Resource":["arn:aws:s3:::data-eu","arn:aws:s3:::data-eu/*"],"Condition":{deny_condition}}}]}}"#
    )
}

#[test]
fn try_it() {
    let good = policy(
        r#"{"ArnNotEquals":{"s3:DataAccessPointArn":"arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap","aws:PrincipalArn":"arn:aws:iam::123456789012:role/replication"}}"#,
    );
    println!("{:#?}", check(&good, &intent(&[ROLE]), "only-through-mrap"));
    println!("{:#?}", check(&good, &intent(&[]), "only-through-mrap"));
    let wide = good.replace("role/replication", "role/*");
    println!("{:#?}", check(&wide, &intent(&[ROLE]), "only-through-mrap"));
    let any = policy(r#"{"StringNotLike":{"s3:DataAccessPointArn":"arn:aws:s3:*:123456789012:accesspoint/*"}}"#);
    println!("{:#?}", check(&any, &intent(&[ROLE]), "only-through-mrap"));
}
