//! What flags add to what the owner declared elsewhere.

use crate::args::Declared;
use crate::failure::Failure;
use narrows_model::Intent;
use narrows_model::intent::{Endpoint, Exempt, Exemption};

/// Adds the flags to declarations; a flag that contradicts them is an error, for one of the two must be wrong.
pub(crate) fn add(intent: &mut Intent, flags: &Declared) -> Result<(), Failure> {
    single("--account", &mut intent.account, flags.account.as_ref())?;
    single("--organisation", &mut intent.organisation, flags.organisation.as_ref())?;
    single("--deployer", &mut intent.deployer, flags.deployer.as_ref())?;
    let roles = flags.exempt.iter().map(|role| (Exempt::Role(role.clone()), "--exempt"));
    let services =
        flags.exempt_services.iter().map(|name| (Exempt::Service(name.clone()), "--exempt-service"));
    for (who, flag) in roles.chain(services) {
        if !intent.exemptions.iter().any(|known| known.who == who) {
            let reason = format!("declared with {flag}");
            intent.exemptions.push(Exemption { who, reason, expires: None });
        }
    }
    if !flags.endpoints.is_empty() {
        let known = intent.endpoints.get_or_insert_default();
        for id in &flags.endpoints {
            let endpoint = Endpoint::Id(id.clone());
            if !known.contains(&endpoint) {
                known.push(endpoint);
            }
        }
    }
    Ok(())
}

fn single<T: Clone + PartialEq + std::fmt::Display>(
    flag: &str,
    declared: &mut Option<T>,
    given: Option<&T>,
) -> Result<(), Failure> {
    match (&declared, given) {
        (_, None) => Ok(()),
        (Some(declared), Some(given)) if declared != given => {
            Err(Failure::new(format!("{flag} says `{given}`, but the stack declares `{declared}`"))
                .help(format!("leave {flag} out, or correct the description")))
        }
        (_, Some(given)) => {
            *declared = Some(given.clone());
            Ok(())
        }
    }
}
