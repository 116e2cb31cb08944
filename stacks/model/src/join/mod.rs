//! Several inputs as one deployment.

mod identity;
mod state;

use crate::{AccountId, Deployment, Intent, Location, Partition, ResourceId, intent};
use identity::Identity;
use std::collections::{BTreeMap, BTreeSet};

/// What was read from one input.
#[derive(Clone, Debug)]
pub struct Read {
    /// What messages call the input, usually its path.
    pub name: String,
    /// Its resources.
    pub deployment: Deployment,
    /// What its owner declared, and where, if anything is.
    pub declared: Option<(Intent, String)>,
    /// Resources that the input only implies, such as the bucket that a policy is of: another input may have them.
    pub implied: BTreeSet<ResourceId>,
    /// Whether it is what an engine remembers of an earlier run, rather than what is to be deployed.
    pub is_state: bool,
    /// Resources that are about to be made anew, so that nothing of their state will be true of them.
    pub replaced: BTreeSet<ResourceId>,
}

/// Several inputs as one.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The resources of all of them.
    pub deployment: Deployment,
    /// What was declared for all of them, and where, if anything is.
    pub declared: Option<(Intent, String)>,
    /// What was taken for granted or left out, for the reader of the verdicts.
    pub notes: Vec<String>,
}

/// Inputs that are no one deployment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// Two inputs have one thing.
    #[error("{what} is in two inputs, at {first} and at {second}: expected it in one of them")]
    Twice {
        /// The thing.
        what: String,
        /// Where it is, with the input's name where it has no place.
        first: String,
        /// Where it is again.
        second: String,
        /// The second place.
        location: Location,
    },
    /// The inputs are in several partitions.
    #[error("`{first}` is in partition {of_first} and `{second}` in {of_second}: expected one partition")]
    Partitions {
        /// An input.
        first: String,
        /// Its partition.
        of_first: Partition,
        /// Another.
        second: String,
        /// Its partition.
        of_second: Partition,
    },
    /// A state that is of the same addresses and of other things.
    #[error(
        "it cannot be told whether `{state}` is the state of `{of}`: {address} is called {remembered} in one and {given} in \
         the other, and nothing is called alike in both"
    )]
    OtherState {
        /// The state.
        state: String,
        /// The input that it might be the state of.
        of: String,
        /// An address that both have.
        address: String,
        /// Its name in the state.
        remembered: String,
        /// Its name in the other input.
        given: String,
    },
    /// Two inputs come with declarations of their own.
    #[error(
        "`{first}` and `{second}` declare different things: expected one set of declarations for one deployment"
    )]
    Declared {
        /// Where one set is.
        first: String,
        /// Where another is.
        second: String,
    },
}

/// Makes one deployment of several inputs, in the order given.
///
/// Resources keep their ids unless an earlier input has one of the same id; then the later one's gets the input's name
/// before it. What has one name in AWS, such as a bucket or its policy, may be in one input only. A state and the
/// configuration or plan that it is of count as one: the latter is what will be, the state tells values that it does not know.
///
/// An input that does not say its account is taken to be in that of the others where these agree.
///
/// # Errors
/// Inputs that are no one deployment.
pub fn join(mut inputs: Vec<Read>) -> Result<Joined, JoinError> {
    let mut notes = Vec::new();
    state::settle(&mut inputs, &mut notes)?;
    let partition = partition(&inputs)?;
    let account = account(&inputs, &mut notes);
    let mut joiner = Joiner {
        deployment: Deployment::new(account, partition),
        declared: None,
        seen: BTreeMap::new(),
        names: Vec::new(),
    };
    for input in inputs {
        joiner.add(input)?;
    }
    Ok(Joined { deployment: joiner.deployment, declared: joiner.declared, notes })
}

/// The partition of all inputs that have a resource that tells.
fn partition(inputs: &[Read]) -> Result<Partition, JoinError> {
    let mut found: Option<&Read> = None;
    for input in inputs.iter().filter(|input| !is_silent(&input.deployment)) {
        match found {
            Some(first) if first.deployment.partition != input.deployment.partition => {
                return Err(JoinError::Partitions {
                    first: first.name.clone(),
                    of_first: first.deployment.partition,
                    second: input.name.clone(),
                    of_second: input.deployment.partition,
                });
            }
            _ => found = found.or(Some(input)),
        }
    }
    Ok(found.map(|input| input.deployment.partition).unwrap_or_default())
}

/// Whether nothing in an input tells its partition, so that it has the usual one for want of a better.
fn is_silent(deployment: &Deployment) -> bool {
    deployment.partition == Partition::default()
        && deployment.resources().all(|resource| resource.region.is_none())
}

/// The account of all inputs that say one; `None` where they differ.
fn account(inputs: &[Read], notes: &mut Vec<String>) -> Option<AccountId> {
    let said: BTreeSet<&AccountId> =
        inputs.iter().filter_map(|input| input.deployment.account.as_ref()).collect();
    let mut said = said.into_iter();
    let (Some(only), None) = (said.next(), said.next()) else { return None };
    for input in inputs {
        // A bare policy never says its account.
        let says = |input: &Read| input.implied.is_empty() && input.deployment.resources().next().is_some();
        if input.deployment.account.is_none() && says(input) {
            notes.push(format!(
                "{} does not say its account: taken to be {only}, that of the others",
                input.name
            ));
        }
    }
    Some(only.clone())
}

struct Joiner {
    deployment: Deployment,
    declared: Option<(Intent, String)>,
    /// What has a name in AWS: which input it is from, and its id.
    seen: BTreeMap<Identity, (usize, ResourceId)>,
    /// The inputs so far, and what they only imply.
    names: Vec<(String, BTreeSet<ResourceId>)>,
}

impl Joiner {
    fn add(&mut self, input: Read) -> Result<(), JoinError> {
        let Read { name, deployment, declared, implied, .. } = input;
        let number = self.names.len();
        let (mut skipped, mut found) = (BTreeSet::new(), Vec::new());
        for resource in deployment.resources() {
            let Some(identity) = Identity::of(&deployment, resource) else { continue };
            match self.seen.get(&identity) {
                None => {}
                Some(_) if implied.contains(&resource.id) => {
                    skipped.insert(resource.id.clone());
                    continue;
                }
                Some((other, id)) => self.make_way(*other, id.clone(), &identity, &name, resource)?,
            }
            found.push((identity, resource.id.clone()));
        }
        deployment.assumptions().for_each(|assumption| self.deployment.assume(assumption));
        for (arn, document) in deployment.policies_of_aws() {
            let known = self.deployment.policies_of_aws().get(arn).filter(|known| *known != document);
            if let Some(known) = known {
                return Err(JoinError::Twice {
                    what: format!("the managed policy `{arn}`, in two versions,"),
                    first: known.location.to_string(),
                    second: document.location.to_string(),
                    location: document.location.clone(),
                });
            }
            self.deployment.add_policy_of_aws(arn.clone(), document.clone());
        }
        let renamed = self.taken(&deployment, &skipped, &name);
        let rename = |id: &ResourceId| renamed.get(id).cloned().unwrap_or_else(|| id.clone());
        self.seen.extend(found.into_iter().map(|(identity, id)| (identity, (number, rename(&id)))));
        let owners: BTreeMap<ResourceId, AccountId> = deployment
            .resources()
            .filter_map(|resource| Some((resource.id.clone(), deployment.account_of(&resource.id)?.clone())))
            .filter(|(_, account)| Some(account) != self.deployment.account.as_ref())
            .collect();
        for mut resource in deployment.into_resources().filter(|it| !skipped.contains(&it.id)) {
            let owner = owners.get(&resource.id);
            if !renamed.is_empty() {
                resource.body.replace_references(&mut |reference| {
                    let id = renamed.get(&reference.resource)?;
                    Some(id.attribute(reference.attribute.clone()).into())
                });
                resource.depends_on.iter_mut().for_each(|id| *id = rename(id));
                resource.id = rename(&resource.id);
            }
            if let Some(owner) = owner {
                self.deployment.set_account(resource.id.clone(), owner.clone());
            }
            // The id is free: what would clash was renamed.
            let _ = self.deployment.add(resource);
        }
        if let Some((mut intent, place)) = declared {
            for endpoint in intent.endpoints.iter_mut().flatten() {
                if let intent::Endpoint::Resource(id) = endpoint {
                    *id = rename(id);
                }
            }
            match &self.declared {
                Some((known, first)) if *known != intent => {
                    return Err(JoinError::Declared { first: first.clone(), second: place });
                }
                _ => self.declared = Some((intent, place)),
            }
        }
        self.names.push((name, implied.iter().map(rename).collect()));
        Ok(())
    }

    /// Takes out what an earlier input only implied.
    fn make_way(
        &mut self,
        other: usize,
        id: ResourceId,
        identity: &Identity,
        name: &str,
        resource: &crate::Resource,
    ) -> Result<(), JoinError> {
        let earlier = self.names.get(other);
        if earlier.is_some_and(|(_, implied)| implied.contains(&id)) {
            self.deployment.remove(&id);
            return Ok(());
        }
        let first = self.deployment.get(&id).map(|known| known.location.clone()).unwrap_or_default();
        let first_name = earlier.map(|(name, _)| name.as_str()).unwrap_or_default();
        Err(JoinError::Twice {
            what: identity.to_string(),
            first: place(&first, first_name),
            second: place(&resource.location, name),
            location: resource.location.clone(),
        })
    }

    /// New ids for the resources whose ids are taken.
    fn taken(
        &self,
        deployment: &Deployment,
        skipped: &BTreeSet<ResourceId>,
        name: &str,
    ) -> BTreeMap<ResourceId, ResourceId> {
        let clashes = deployment
            .resources()
            .filter(|it| !skipped.contains(&it.id) && self.deployment.get(&it.id).is_some());
        clashes
            .map(|resource| {
                let mut other =
                    ResourceId::new(resource.id.kind.clone(), format!("{name}:{}", resource.id.name));
                while self.deployment.get(&other).is_some() || deployment.get(&other).is_some() {
                    other.name.push('\'');
                }
                (resource.id.clone(), other)
            })
            .collect()
    }
}

/// A place for a message.
fn place(location: &Location, name: &str) -> String {
    match location.source() {
        Some(_) => location.to_string(),
        None => name.to_owned(),
    }
}
