use super::*;

fn yaml(text: &str) -> Value {
    parse("t.yaml", text).unwrap()
}

#[test]
fn short_forms_are_written_out() {
    let text = "\
A: !Sub 'x-${B}'
B: !GetAtt C.Arn
C: !If [D, !Ref E, !Ref 'AWS::NoValue']
F: !Join
  - ','
  - [a, 'b']
G: !Equals [1, \"1\"]
";
    assert_eq!(
        yaml(text).to_string(),
        "{\"A\":{\"Fn::Sub\":\"x-${B}\"},\"B\":{\"Fn::GetAtt\":\"C.Arn\"},\
         \"C\":{\"Fn::If\":[\"D\",{\"Ref\":\"E\"},{\"Ref\":\"AWS::NoValue\"}]},\
         \"F\":{\"Fn::Join\":[\",\",[\"a\",\"b\"]]},\"G\":{\"Fn::Equals\":[1,\"1\"]}}"
    );
}

#[test]
fn values_know_where_they_stand() {
    let text = "\
Resources:
  Data:
    Type: AWS::S3::BucketPolicy
    Properties:
      Statement:
        - Effect: Deny
          Resource: !Sub 'é${Data}'
        - Effect: Allow
";
    let root = yaml(text);
    let statements = root.get("Resources").and_then(|it| it.get("Data")?.get("Properties")?.get("Statement"));
    let [first, second] = statements.unwrap().items().unwrap() else { panic!() };
    let shown = |value: &Value| {
        let span = value.location.span().unwrap();
        text.get(span.start..span.end).unwrap().to_owned()
    };
    assert_eq!(shown(first), "Effect: Deny\n          Resource: !Sub 'é${Data}'");
    assert_eq!(shown(first.get("Resource").unwrap()), "!Sub 'é${Data}'");
    assert_eq!(first.location.to_string(), "t.yaml:6 (Resources.Data.Properties.Statement[0])");
    assert_eq!(second.get("Effect").unwrap().location.line(), Some(8));
    assert_eq!(
        second.get("Effect").unwrap().location.json_path(),
        "Resources.Data.Properties.Statement[1].Effect"
    );
}

#[test]
fn aliases_are_copied_and_bounded() {
    assert_eq!(yaml("A: &a [1, b]\nB: *a\n").to_string(), r#"{"A":[1,"b"],"B":[1,"b"]}"#);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let before = level - 1;
        let ten = vec![format!("*a{before}"); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{ten}]\n"));
    }
    let error = parse("t.yaml", &bomb).unwrap_err();
    assert!(error.to_string().starts_with("the aliases stand for more than"), "{error}");
}

#[test]
fn what_is_no_template_language_is_refused_at_its_place() {
    for (text, message, line) in [
        ("A: 1\nA: 2\n", "`A` is given twice: expected it once; remove one", 2),
        ("{\"A\": 1,\n\"A\": 2}", "`A` is given twice: expected it once; remove one", 2),
        ("A: &x 1\nB:\n  <<: *x\n", "a merge key `<<`, which CloudFormation does not take", 3),
        ("A: !!set {a}\n", "the tag `!!set` is none of CloudFormation's", 1),
        ("A: 1\n---\nB: 1\n", "a second document: expected one template; remove it", 2),
        ("A: [1\n", "not YAML: unclosed bracket", 1),
        ("? [a]\n: b\n", "the name of a member is a list: expected a string", 1),
        ("", "nothing there: expected a template", 1),
        ("A: \u{100000}\n", "unsupported character U+100000", 1),
    ] {
        let error = parse("t.yaml", text).unwrap_err();
        assert!(error.to_string().starts_with(message), "{text:?}: {error}");
        assert_eq!(error.location().line(), Some(line), "{text:?}: {error}");
    }
}

#[test]
fn names_are_text_whatever_they_look_like() {
    assert_eq!(
        yaml("yes: 1\n123456789012: 2\n0777: 3\n").to_string(),
        r#"{"yes":1,"123456789012":2,"0777":3}"#
    );
}

#[test]
fn deep_nesting_is_an_error() {
    assert!(parse("t.yaml", &format!("A: {}", "[".repeat(100_000))).is_err());
    assert!(parse("t.yaml", &"- ".repeat(100_000)).is_err());
}
