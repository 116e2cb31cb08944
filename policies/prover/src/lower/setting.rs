//! Who asks for what, in one scene: the variables that every request has.

use crate::question::Actions;
use crate::solve::{Formula, Glob, Pattern, Token as Glyph, Var};

/// What holds for the whole scene.
#[derive(Clone)]
pub(crate) struct Setting {
    /// `iam`, `anonymous` or `service`.
    pub kind: Var,
    /// The caller's `aws:PrincipalArn`, where the caller is an IAM principal.
    pub arn: Var,
    /// The name of the caller's session, where the caller is a role and somebody asks.
    pub session: Option<Var>,
    /// The name of the service, where the caller is one and somebody asks.
    pub service: Option<Var>,
    /// The action.
    pub action: Var,
    /// What the action can be.
    pub actions: Actions,
    /// The object's key.
    pub key: Var,
    /// The partition of all ARNs.
    pub partition: &'static str,
    /// The account that owns the bucket, where it is known.
    pub bucket_account: Option<String>,
}

/// The name of the caller's session in examples.
pub(crate) const SESSION: &str = "session";

/// Services that write to buckets or read from them; the first is the usual example.
pub(crate) const SERVICES: [&str; 4] =
    ["logging.s3.amazonaws.com", "cloudfront.amazonaws.com", "cloudtrail.amazonaws.com", "s3.amazonaws.com"];

/// The values of `kind`.
pub(crate) const KINDS: [&str; 3] = ["iam", "anonymous", "service"];

impl Setting {
    fn kind_is(&self, kind: &str) -> Formula {
        Formula::matches(self.kind, Pattern::literal(kind))
    }

    /// The caller is an IAM principal.
    pub fn iam(&self) -> Formula {
        self.kind_is("iam")
    }

    /// The caller has no credentials.
    pub fn anonymous(&self) -> Formula {
        self.kind_is("anonymous")
    }

    /// The caller is an AWS service.
    pub fn service(&self) -> Formula {
        self.kind_is("service")
    }

    /// The caller is an origin access identity of CloudFront: a user of an account of CloudFront's own.
    ///
    /// Which keys its requests carry is not documented: those that follow from its ARN are there, or not.
    pub fn origin_access_identity(&self) -> Formula {
        let mut glyphs = literal(&format!("arn:{}:iam::cloudfront:", self.partition));
        glyphs.push(Glyph::Many);
        self.arn_matches(Pattern::exact(vec![Glob(glyphs)]))
    }

    /// The caller is an IAM principal whose ARN matches.
    pub fn arn_matches(&self, pattern: Pattern) -> Formula {
        Formula::and([self.iam(), Formula::matches(self.arn, pattern)])
    }

    /// The caller is an account's root user.
    pub fn root(&self) -> Formula {
        self.arn_matches(Pattern::exact(vec![Glob::arn("arn:*:iam::*:root")]))
    }

    /// The caller is an IAM principal of an account whose id matches.
    pub fn account_matches(&self, account: &Pattern) -> Formula {
        let starts = ["iam", "sts"].map(|service| literal(&format!("arn:{}:{service}::", self.partition)));
        self.arn_matches(in_account_field(account, &starts))
    }
}

/// The pattern of ARNs of users whose name, which follows the last slash, matches.
pub(super) fn last_segment(name: &Pattern, partition: &str) -> Pattern {
    let mut start = literal(&format!("arn:{partition}:iam::"));
    start.extend([Glyph::ManyInField, Glyph::Char(':')]);
    start.extend(literal("user/"));
    let mut below = start.clone();
    below.extend([Glyph::Many, Glyph::Char('/')]);
    let lift = |globs: &[Glob]| -> Vec<Glob> {
        let named = globs.iter().filter(|glob| !glob.0.contains(&Glyph::Char('/')));
        named
            .flat_map(|glob| {
                let segment = glob.0.iter().map(|glyph| match glyph {
                    Glyph::One | Glyph::OneInField => Glyph::OneInSegment,
                    Glyph::Many | Glyph::ManyInField => Glyph::ManyInSegment,
                    other => *other,
                });
                [&start, &below].map(|start| Glob(start.iter().copied().chain(segment.clone()).collect()))
            })
            .collect()
    };
    if name.is_exact() {
        Pattern::exact(lift(name.hi()))
    } else {
        Pattern::bounds(lift(name.lo()), lift(name.hi()))
    }
}

pub(super) fn literal(text: &str) -> Vec<Glyph> {
    text.chars().map(Glyph::Char).collect()
}

/// The pattern of ARNs that begin in one of these ways and whose account field, which follows, matches.
pub(super) fn in_account_field(account: &Pattern, starts: &[Vec<Glyph>]) -> Pattern {
    let lift = |globs: &[Glob]| -> Vec<Glob> {
        let one = |glob: &Glob, start: &Vec<Glyph>| {
            let mut out = Vec::with_capacity(start.len() + glob.0.len() + 2);
            out.extend_from_slice(start);
            out.extend(glob.0.iter().map(|glyph| match glyph {
                Glyph::One => Glyph::OneInField,
                Glyph::Many => Glyph::ManyInField,
                other => *other,
            }));
            out.extend([Glyph::Char(':'), Glyph::Many]);
            Glob(out)
        };
        globs.iter().flat_map(|glob| starts.iter().map(move |start| one(glob, start))).collect()
    };
    if account.is_exact() {
        Pattern::exact(lift(account.hi()))
    } else {
        Pattern::bounds(lift(account.lo()), lift(account.hi()))
    }
}
