//! What each condition key is, in one scene: a constant, absent, a variable, or something derived from the caller.

use super::condition::{is_epoch_time, whole_seconds};
use super::domains::{Sort, language, points};
use super::key_leg::KeyLeg;
use super::list::filled_list;
use super::pins::{Pins, Unseen};
use super::relevant::Relevance;
use super::setting::{SERVICES, SESSION, Setting, in_account_field, last_segment, literal};
use super::spelling::{Spellings, Twin, read};
use crate::solve::{
    Class, Formula, Glob, Leaf, MOST_COMPARED, Pattern, Point, Predicate, Problem, Token as Glyph, Var,
};
use narrows_iam::ConditionKey;
use std::collections::{BTreeMap, BTreeSet};

/// The resource of one leg.
pub(crate) enum Resource {
    /// One ARN, as an enumerated variable with that one value.
    Fixed {
        /// The variable.
        var: Var,
        /// The ARN.
        arn: String,
    },
    /// `prefix` followed by the object key.
    Object {
        /// All that precedes the key.
        prefix: String,
    },
}

/// The access point that a request came through, as one leg sees it.
#[derive(Clone)]
pub(crate) enum AccessPoint {
    /// None: the three keys are absent.
    Direct,
    /// A Multi-Region Access Point; on the access point's own leg it is open whether the keys are there.
    Mrap {
        /// Its ARN.
        arn: String,
        /// Its account.
        account: String,
        /// Whether this is the leg of the access point itself.
        own_leg: bool,
    },
    /// An access point that is not in the input.
    Other {
        /// Its ARN.
        arn: Var,
        /// `Internet` or `VPC`.
        origin: Var,
    },
}

/// What a condition key is.
#[derive(Clone)]
pub(crate) enum Binding {
    /// Not there.
    Absent,
    /// There, with this value.
    Constant(String),
    /// There with this value, or absent: AWS's documents leave it open.
    Perhaps(String),
    /// A text of its own.
    Text(Var),
    /// A list of texts of its own.
    List(Var),
    /// A point of its own (number, instant, address).
    Point(Var),
    /// A point of its own, and the text that it is spelled as.
    Spelled {
        /// The point.
        point: Var,
        /// The text.
        text: Var,
    },
    /// A text of its own, and the point that it is read as.
    Read {
        /// The text.
        text: Var,
        /// The point.
        point: Var,
        /// Whether the text can be read so.
        reads: Var,
    },
    /// Nothing can be said of it.
    Open,
    /// `aws:PrincipalArn`.
    PrincipalArn,
    /// `aws:PrincipalAccount`.
    PrincipalAccount,
    /// `aws:PrincipalServiceName`.
    ServiceName,
    /// `aws:PrincipalServiceNamesList`.
    ServiceNames,
    /// `aws:PrincipalIsAWSService`.
    IsService,
    /// `aws:username`.
    UserName,
    /// `aws:userid`.
    UserId,
    /// `aws:PrincipalType`.
    PrincipalType,
    /// The account of the access point `Other`.
    AccountOf(Var),
    /// This, followed by the object's key.
    Object(String),
}

/// The condition keys of one problem. Variables are made on first use.
#[derive(Clone)]
pub(crate) struct Keys {
    /// The problem that holds the variables.
    pub problem: Problem,
    /// What holds for the scene.
    pub setting: Setting,
    /// Why something is open, by its number in `Formula::Open`.
    pub reasons: Vec<String>,
    /// The free variables by key.
    pub free: BTreeMap<ConditionKey, (Sort, Var)>,
    /// The second variables of keys that are compared in two ways.
    pub twins: BTreeMap<(ConditionKey, Sort), Twin>,
    /// The texts that these are tried with.
    pub spellings: BTreeMap<ConditionKey, Spellings>,
    /// What values a key may realistically have, beyond those in the documents.
    pub realistic: BTreeMap<&'static str, Vec<String>>,
    /// Values that the keys of policy variables are likely to have.
    pub likely: BTreeMap<ConditionKey, Vec<String>>,
    /// Flags for matches that are not decided by values, by what is matched.
    pub flags: BTreeMap<String, Var>,
    /// Where these flags say more than the request's values.
    pub undecided: Vec<Undecided>,
    /// Variables that are compared with each other.
    pub compared: BTreeSet<Var>,
    /// Constants that patterns are asked about, as variables with one value.
    pub constants: BTreeMap<String, Var>,
    /// Seconds from 1970 to the day that the question is asked on.
    pub as_of: i64,
    /// Whether the document being lowered is a gateway endpoint's policy, where an account's entry means its root user
    /// on some reading.
    pub gateway_endpoint: bool,
    /// Where S3 asks KMS for a key, what it says with its request.
    pub key_leg: Option<KeyLeg>,
    /// The caller has a permission boundary, and so is perhaps denied by any `NotPrincipal`.
    pub bounded: Formula,
    /// Where decisions are compared: what stands for clauses that are open.
    pub pins: Option<Pins>,
    /// Where decisions are compared: what the caller's own policies say that are not in the input.
    pub unseen: Option<Unseen>,
    /// Which statements are lowered, where not all are.
    pub relevance: Option<Relevance>,
}

/// A match that no value decides which was looked at: a flag stands for it.
#[derive(Clone)]
pub(crate) struct Undecided {
    /// The formula that a request's values are such.
    pub formula: Formula,
    /// Whose match it is.
    pub reason: String,
}

impl AccessPoint {
    /// Whether the leg is that of the access point itself.
    pub fn is_own_leg(&self) -> bool {
        matches!(self, Self::Mrap { own_leg: true, .. })
    }
}

impl Keys {
    /// The formula that a flag with this name is set, which says the same wherever it is asked.
    pub fn flag(&mut self, name: &str) -> Formula {
        let name = &match &self.key_leg {
            Some(leg) => format!("{name} on {}", leg.arn),
            None => name.to_owned(),
        };
        let var = match self.flags.get(name) {
            Some(var) => *var,
            None => {
                let var = self.problem.flag("a match");
                self.flags.insert(name.to_owned(), var);
                var
            }
        };
        Formula::leaf(var, Predicate::True)
    }

    /// Values that a policy variable's key is likely to have.
    pub fn candidates(&self, key: &ConditionKey) -> Vec<String> {
        self.likely.get(key).cloned().unwrap_or_default()
    }

    /// Whether two variables of free keys can be compared by the solver, which takes few of them; notes that they are.
    pub fn may_compare(&mut self, one: Var, two: Var) -> bool {
        let free = |var| self.free.values().any(|(_, own)| *own == var);
        if !free(one) || !free(two) {
            return false;
        }
        let new = [one, two].into_iter().filter(|var| !self.compared.contains(var)).count();
        if self.compared.len() + new > MOST_COMPARED {
            return false;
        }
        self.compared.extend([one, two]);
        true
    }

    /// The formula that every match is decided by the values that were looked at.
    pub fn decided(&self) -> Formula {
        !Formula::or(self.undecided.iter().map(|undecided| undecided.formula.clone()))
    }

    /// A formula that is open for this reason.
    pub fn open(&mut self, reason: impl Into<String>) -> Formula {
        let reason = reason.into();
        let known = self.reasons.iter().position(|known| *known == reason);
        let number = known.unwrap_or_else(|| {
            self.reasons.push(reason);
            self.reasons.len() - 1
        });
        Formula::Open(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// How a key's values compare, as its type tells; as text where it has none that is known.
    pub fn sort_of(key: &ConditionKey) -> Sort {
        match narrows_iam::keys::is_multi_valued(key) {
            true => Sort::List,
            false => Sort::of(key).unwrap_or(Sort::Text),
        }
    }

    /// What a key is on a leg.
    pub fn binding(&mut self, key: &ConditionKey, via: &AccessPoint, sort: Sort) -> Binding {
        if let Some(binding) = self.on_key_leg(key) {
            return binding;
        }
        match key.as_str() {
            "aws:principalarn" => Binding::PrincipalArn,
            "aws:principalaccount" => Binding::PrincipalAccount,
            "aws:principalservicename" => Binding::ServiceName,
            "aws:principalisawsservice" => Binding::IsService,
            "aws:principaltype" => Binding::PrincipalType,
            "aws:username" => Binding::UserName,
            "aws:userid" => Binding::UserId,
            "s3:dataaccesspointarn" => match via {
                AccessPoint::Direct => Binding::Absent,
                AccessPoint::Mrap { arn, own_leg: false, .. } => Binding::Constant(arn.clone()),
                AccessPoint::Mrap { arn, own_leg: true, .. } => Binding::Perhaps(arn.clone()),
                AccessPoint::Other { arn, .. } => Binding::Text(*arn),
            },
            "s3:dataaccesspointaccount" => match via {
                AccessPoint::Direct => Binding::Absent,
                AccessPoint::Mrap { account, own_leg: false, .. } => Binding::Constant(account.clone()),
                AccessPoint::Mrap { account, own_leg: true, .. } => Binding::Perhaps(account.clone()),
                AccessPoint::Other { arn, .. } => Binding::AccountOf(*arn),
            },
            "s3:accesspointnetworkorigin" => match via {
                AccessPoint::Direct => Binding::Absent,
                AccessPoint::Mrap { own_leg: false, .. } => Binding::Constant("Internet".to_owned()),
                AccessPoint::Mrap { own_leg: true, .. } => Binding::Perhaps("Internet".to_owned()),
                AccessPoint::Other { origin, .. } => Binding::Text(*origin),
            },
            "aws:resourceaccount" | "s3:resourceaccount" => match (&self.setting.bucket_account, via) {
                (Some(bucket), AccessPoint::Mrap { account, own_leg: true, .. }) if account != bucket => {
                    Binding::Open
                }
                (Some(bucket), _) => Binding::Constant(bucket.clone()),
                (None, _) => Binding::Open,
            },
            "aws:requestedregion" if !matches!(via, AccessPoint::Direct) => Binding::Open,
            "aws:principalservicenameslist" => Binding::ServiceNames,
            name => {
                // Keys of the resource exist once for each leg; the one of the access point's own leg is left open.
                let of_resource = [
                    "aws:resourcetag/",
                    "s3:buckettag/",
                    "s3:accesspointtag/",
                    "aws:resourceorgid",
                    "aws:resourceorgpaths",
                ];
                if of_resource.iter().any(|start| name.starts_with(start))
                    && matches!(via, AccessPoint::Mrap { own_leg: true, .. })
                {
                    return Binding::Open;
                }
                let own = Self::sort_of(key);
                let main = self.variable(key, own);
                if own == sort || own == Sort::List { main } else { self.twin(key, sort, &main) }
            }
        }
    }

    /// The free variable of a key, made on first use.
    fn variable(&mut self, key: &ConditionKey, sort: Sort) -> Binding {
        if let Some((_, var)) = self.free.get(key) {
            return match sort {
                Sort::Text => Binding::Text(*var),
                Sort::List => Binding::List(*var),
                _ => Binding::Point(*var),
            };
        }
        // The time of a request is one, whichever key tells it.
        if let Some(clock) = self.clock(key) {
            self.free.insert(key.clone(), (sort, clock));
            return Binding::Point(clock);
        }
        let always = matches!(key.as_str(), "aws:securetransport" | "aws:viaawsservice");
        let var = match sort {
            _ if always => self.problem.enumerated(key.as_str(), vec!["true".to_owned(), "false".to_owned()]),
            Sort::Text => {
                let realistic = self.realistic.get(key.as_str()).cloned().unwrap_or_default();
                self.problem.text(key.as_str(), vec![language(key.as_str())], true, realistic)
            }
            Sort::List => {
                let realistic = self.realistic.get(key.as_str()).cloned().unwrap_or_default();
                self.problem.set(key.as_str(), vec![language(key.as_str())], true, realistic)
            }
            _ => {
                let (domain, likely) = points(key.as_str(), sort, self.as_of);
                let optional = !matches!(key.as_str(), "aws:currenttime" | "aws:epochtime");
                self.problem.interval_within(key.as_str(), domain, optional, likely)
            }
        };
        self.free.insert(key.clone(), (sort, var));
        match sort {
            Sort::Text => Binding::Text(var),
            Sort::List => Binding::List(var),
            _ => Binding::Point(var),
        }
    }

    /// The variable of a request's time, where the other key of time has one.
    fn clock(&self, key: &ConditionKey) -> Option<Var> {
        let other = match key.as_str() {
            "aws:currenttime" => "aws:epochtime",
            "aws:epochtime" => "aws:currenttime",
            _ => return None,
        };
        self.free.get(&ConditionKey::new(other)).map(|(_, var)| *var)
    }

    /// The formula that the key is there.
    pub fn present(&mut self, binding: &Binding) -> Formula {
        let open = |keys: &mut Self| keys.open("AWS's documents leave open whether the key is there");
        match binding {
            Binding::Absent => Formula::Const(false),
            Binding::Constant(_) | Binding::AccountOf(_) | Binding::Object(_) => Formula::Const(true),
            Binding::Perhaps(_) | Binding::Open => open(self),
            Binding::Text(var) | Binding::Point(var) => Formula::present(*var),
            Binding::Spelled { point: var, .. } | Binding::Read { text: var, .. } => Formula::present(*var),
            Binding::PrincipalArn => {
                let unsure = Formula::and([self.setting.service(), open(self)]);
                Formula::or([self.told_by_arn(), unsure])
            }
            Binding::PrincipalAccount | Binding::PrincipalType => {
                let unsure = Formula::and([self.setting.service(), open(self)]);
                Formula::or([self.told_by_arn(), self.setting.anonymous(), unsure])
            }
            Binding::List(list) => {
                let none = self.open("whether a list without values counts as absent is not documented");
                Formula::and([Formula::present(*list), Formula::or([filled_list(*list), none])])
            }
            Binding::ServiceNames => Formula::and([self.setting.service(), open(self)]),
            Binding::ServiceName => self.setting.service(),
            Binding::IsService => Formula::or([self.told_by_arn(), self.setting.service()]),
            Binding::UserName => {
                let user = Pattern::exact(vec![Glob::arn("arn:*:iam::*:user/*")]);
                Formula::and([self.setting.arn_matches(user), self.told_by_arn()])
            }
            Binding::UserId => Formula::or([self.setting.root(), open(self)]),
        }
    }

    /// The formula that the key is there on every reading.
    pub fn surely_present(&mut self, binding: &Binding) -> Formula {
        let told = Formula::and([self.setting.iam(), !self.setting.origin_access_identity()]);
        match binding {
            Binding::Perhaps(_) | Binding::Open => Formula::Const(false),
            Binding::PrincipalArn => told,
            Binding::PrincipalAccount | Binding::PrincipalType => {
                Formula::or([told, self.setting.anonymous()])
            }
            Binding::UserId => self.setting.root(),
            other => self.present(other),
        }
    }

    /// The caller is an IAM principal, and the keys that follow from its ARN are there.
    fn told_by_arn(&mut self) -> Formula {
        let open = self.open("AWS's documents leave open which keys an origin access identity's request has");
        Formula::and([self.setting.iam(), Formula::or([!self.setting.origin_access_identity(), open])])
    }

    /// The formula that the key is there and matches.
    pub fn matches(&mut self, key: &ConditionKey, binding: &Binding, pattern: &Pattern) -> Formula {
        let unsure = |keys: &mut Self| keys.open(format!("the value of {key} cannot be known here"));
        match binding {
            Binding::Absent => Formula::Const(false),
            Binding::Constant(value) => self.constant(value, pattern),
            Binding::Object(prefix) => self.object_matches(prefix, pattern),
            Binding::Perhaps(value) => {
                let there = self.open(format!("AWS's documents leave open whether {key} is there"));
                Formula::and([self.constant(value, pattern), there])
            }
            Binding::Open | Binding::Point(_) | Binding::ServiceNames => unsure(self),
            Binding::List(list) => Formula::leaf(*list, Predicate::AnyElement(pattern.clone())),
            Binding::Text(var) | Binding::Read { text: var, .. } => Formula::matches(*var, pattern.clone()),
            Binding::Spelled { point, text } => {
                Formula::and([Formula::present(*point), Formula::matches(*text, pattern.clone())])
            }
            Binding::PrincipalArn => {
                let service = Formula::and([self.setting.service(), unsure(self)]);
                let own = Formula::and([self.told_by_arn(), self.setting.arn_matches(pattern.clone())]);
                Formula::or([own, service])
            }
            Binding::PrincipalAccount => {
                let service = Formula::and([self.setting.service(), unsure(self)]);
                let anonymous = Formula::and([self.setting.anonymous(), self.constant("anonymous", pattern)]);
                let own = Formula::and([self.told_by_arn(), self.setting.account_matches(pattern)]);
                Formula::or([own, anonymous, service])
            }
            Binding::AccountOf(arn) => {
                let mut start = literal(&format!("arn:{}:s3:", self.setting.partition));
                start.extend([Glyph::ManyInField, Glyph::Char(':')]);
                Formula::matches(*arn, in_account_field(pattern, &[start]))
            }
            Binding::ServiceName => {
                let service = self.service();
                Formula::and([self.setting.service(), Formula::matches(service, pattern.clone())])
            }
            Binding::IsService => {
                let service = Formula::and([self.setting.service(), self.constant("true", pattern)]);
                let iam = Formula::and([self.told_by_arn(), self.constant("false", pattern)]);
                Formula::or([service, iam])
            }
            Binding::UserName => {
                let own = Formula::and([
                    self.told_by_arn(),
                    self.setting.arn_matches(last_segment(pattern, self.setting.partition)),
                ]);
                let unusual = Formula::and([self.setting.origin_access_identity(), unsure(self)]);
                Formula::or([own, unusual])
            }
            Binding::UserId => {
                let root = self.setting.root();
                Formula::or([
                    Formula::and([root.clone(), self.setting.account_matches(pattern)]),
                    Formula::and([!root, unsure(self)]),
                ])
            }
            Binding::PrincipalType => {
                let forms = [
                    ("AssumedRole", "arn:*:iam::*:role/*"),
                    ("User", "arn:*:iam::*:user/*"),
                    ("Account", "arn:*:iam::*:root"),
                    ("FederatedUser", "arn:*:sts::*:federated-user/*"),
                ];
                let mut parts = vec![
                    Formula::and([self.setting.service(), unsure(self)]),
                    Formula::and([self.setting.anonymous(), self.constant("Anonymous", pattern)]),
                ];
                for (name, form) in forms {
                    let is = self.setting.arn_matches(Pattern::exact(vec![Glob::arn(form)]));
                    parts.push(Formula::and([self.told_by_arn(), is, self.constant(name, pattern)]));
                }
                Formula::or(parts)
            }
        }
    }

    /// The formula that the key is there and its point lies in one of the ranges; `why` says why that may be open.
    pub fn within(
        &mut self,
        key: &ConditionKey,
        binding: &Binding,
        sort: Sort,
        ranges: Vec<(Point, Point)>,
        why: String,
    ) -> Formula {
        match binding {
            Binding::Absent => Formula::Const(false),
            // A value of the key's own type, which these operators may not read.
            Binding::Point(var) | Binding::Spelled { point: var, .. }
                if Sort::of(key).is_some_and(|own| own != sort) =>
            {
                let open = self.open(why);
                Formula::and([Formula::present(*var), open])
            }
            Binding::Point(var) | Binding::Spelled { point: var, .. } => {
                let ranges = if is_epoch_time(key) { whole_seconds(ranges) } else { ranges };
                Formula::Leaf(Leaf { var: *var, predicate: Predicate::Within(ranges) })
            }
            Binding::Read { text, point, reads } => self.reads_within((*text, *point, *reads), ranges, why),
            Binding::Constant(text) | Binding::Perhaps(text) => {
                let there = self.present(binding);
                let inside = |point: Point| ranges.iter().any(|(from, to)| *from <= point && point <= *to);
                match read(sort, text).map(inside) {
                    Some(inside) => Formula::and([there, Formula::Const(inside)]),
                    None => Formula::and([there, self.open(why)]),
                }
            }
            _ => {
                let there = self.present(binding);
                Formula::and([there, self.open(why)])
            }
        }
    }

    /// The variable of the session's name.
    pub fn session(&mut self) -> Var {
        *self.setting.session.get_or_insert_with(|| {
            // STS API reference, `AssumeRole`: `[\w+=,.@-]*`, and never empty.
            let some = Glob(vec![Glyph::Within(Class::Entity), Glyph::ManyWithin(Class::Entity)]);
            self.problem.text("session", vec![vec![some]], false, vec![SESSION.to_owned()])
        })
    }

    /// The variable of the service's name.
    pub fn service(&mut self) -> Var {
        *self.setting.service.get_or_insert_with(|| {
            let mut some = vec![Glyph::One, Glyph::Many];
            some.extend(literal(".amazonaws.com"));
            let likely = SERVICES.map(str::to_owned).to_vec();
            self.problem.text("aws:PrincipalServiceName", vec![vec![Glob(some)]], false, likely)
        })
    }

    /// Whether a constant text matches, as a formula with the solver's own reading of symbols.
    pub fn constant(&mut self, value: &str, pattern: &Pattern) -> Formula {
        let var = match self.constants.get(value) {
            Some(var) => *var,
            None => {
                let var = self.problem.enumerated("constant", vec![value.to_owned()]);
                self.constants.insert(value.to_owned(), var);
                var
            }
        };
        Formula::matches(var, pattern.clone())
    }
}
