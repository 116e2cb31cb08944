//! Calls that a real provider behind the stand-in answers.

use super::provider::{CallError, Provider, data, dynamic, read};
use super::real::{Key, Merge, Real, has_symbol, mask, without_write_only};
use super::schema::Block;
use super::session::Session;
use super::value::Data;
use super::wire;
use narrows_model::token::Hash;
use prost::Message;
use prost::bytes::Bytes;
use std::collections::BTreeSet;
use tonic::Status;

impl Provider {
    /// The answer to a call that goes to the real provider as it is, or nearly; `None` where there is none, or the stand-in
    /// answers itself.
    pub(super) async fn forwarded(&self, method: &str, request: &Bytes) -> Result<Option<Vec<u8>>, Status> {
        let Some(real) = self.real() else { return Ok(None) };
        Ok(match method {
            "ValidateResourceConfig" | "ValidateDataResourceConfig" | "ValidateEphemeralResourceConfig" => {
                let request: wire::ValidateRequest = read(request)?;
                let diagnostics = self.validated(real, method, request).await;
                Some(
                    wire::Done { diagnostics: diagnostics.unwrap_or_else(CallError::diagnostics) }
                        .encode_to_vec(),
                )
            }
            // Blocks of other providers are not passed on at all: nobody knows which of their arguments are credentials.
            "ValidateProviderConfig" if real.is_aws() => {
                let request: wire::ValidateProviderRequest = read(request)?;
                let diagnostics = self.validated_block(real, request).await;
                Some(
                    wire::Refused { diagnostics: diagnostics.unwrap_or_else(CallError::diagnostics) }
                        .encode_to_vec(),
                )
            }
            "GetFunctions" | "CallFunction" => {
                let question = self.session.neutral(request);
                let answer = real.call(&Key::Any, method, request.to_vec(), question).await;
                Some(answer.map_err(|error| Status::unavailable(error.to_string()))?.to_vec())
            }
            _ => None,
        })
    }

    /// What the real provider says of arguments.
    async fn validated(
        &self,
        real: &Real,
        method: &str,
        mut request: wire::ValidateRequest,
    ) -> Result<Vec<wire::Diagnostic>, CallError> {
        let config = data(request.config.as_ref(), "the configuration")?;
        if has_symbol(&self.session, &config) {
            request.config = Some(dynamic(&mask(&self.session, &config))?);
        }
        let what = request.type_name.clone();
        let answer = self.asked(real, method, &request.encode_to_vec()).await;
        let diagnostics = answer.and_then(|answer| {
            wire::Done::decode(answer).map(|done| done.diagnostics).map_err(|error| error.to_string())
        });
        Ok(diagnostics.map_or_else(|error| vec![not_validated(&what, &error)], |said| self.certain(said)))
    }

    async fn validated_block(
        &self,
        real: &Real,
        request: wire::ValidateProviderRequest,
    ) -> Result<Vec<wire::Diagnostic>, CallError> {
        let config = data(request.config.as_ref(), "the provider's configuration")?;
        let config = real.to_validate(&mask(&self.session, &config));
        let request = wire::ValidateProviderRequest { config: Some(dynamic(&config)?) };
        let answer = self.asked(real, "ValidateProviderConfig", &request.encode_to_vec()).await;
        let diagnostics = answer.and_then(|answer| {
            wire::Refused::decode(answer).map(|done| done.diagnostics).map_err(|error| error.to_string())
        });
        Ok(diagnostics.unwrap_or_else(|error| vec![not_validated("a provider block", &error)]))
    }

    /// Asks once for each question: plans with other symbols ask the same again.
    async fn asked(&self, real: &Real, method: &str, request: &[u8]) -> Result<Bytes, String> {
        let question = Hash::of(&[method.as_bytes(), request]);
        if let Some(said) = real.checked(question) {
            return Ok(said);
        }
        let said = real.call(&Key::Any, method, request.to_vec(), question).await;
        let said = said.map_err(|error| error.to_string())?;
        real.note_checked(question, &said);
        Ok(said)
    }

    /// Errors as warnings once values were made up that are no symbols: it may be such a value that is wrong.
    fn certain(&self, mut said: Vec<wire::Diagnostic>) -> Vec<wire::Diagnostic> {
        if self.session.has_made_up() {
            for diagnostic in said.iter_mut().filter(|one| one.severity == wire::Severity::Error as i32) {
                diagnostic.severity = wire::Severity::Warning as i32;
                diagnostic.detail.push_str(MADE_UP);
            }
        }
        said
    }
}

/// What is said of an error that may be about a value that the stand-in made up.
const MADE_UP: &str = "\n\nThis is no error here, since the configuration depends on numbers, Booleans or lists that are known \
                       only after apply: the value may come from one of them.";

fn not_validated(what: &str, error: &str) -> wire::Diagnostic {
    warning(
        "Not validated by the real provider",
        format!("{what} was not validated by the real provider: {error}"),
    )
}

fn warning(summary: &str, detail: String) -> wire::Diagnostic {
    wire::Diagnostic {
        severity: wire::Severity::Warning as i32,
        summary: summary.to_owned(),
        detail,
        attribute: None,
    }
}

/// A plan that is asked of a real provider.
pub(super) struct Forwarded<'a> {
    pub(super) session: &'a Session,
    pub(super) real: &'a Real,
    pub(super) key: &'a Key,
    pub(super) block: &'a Block,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Planned {
    /// The state that is to be filled; without one the stand-in plans alone.
    pub(super) state: Option<Data>,
    pub(super) warnings: Vec<wire::Diagnostic>,
    /// What nobody gives and the provider knows to have no value.
    pub(super) nulls: BTreeSet<String>,
}

/// What the real provider answers to a plan.
enum Answer {
    Planned(Data, Vec<wire::Diagnostic>),
    Errors(Vec<wire::Diagnostic>),
    Failed(String),
}

impl Forwarded<'_> {
    /// The provider's plan of a new resource, with what it leaves unknown as `proposed` has it.
    ///
    /// It plans a new one even where the engine knows of one: that is then the state of a plan before this, in which it is new.
    pub(super) async fn planned(
        &self,
        request: &wire::PlanRequest,
        config: &Data,
        proposed: &Data,
    ) -> Result<Planned, CallError> {
        let mut masked = false;
        let mut answer = self.ask(request, config).await?;
        // A rule may be about real values, which a symbol need not look like.
        if !matches!(answer, Answer::Planned(..)) && has_symbol(self.session, config) {
            masked = true;
            answer = self.ask(request, &mask(self.session, config)).await?;
        }
        match answer {
            Answer::Planned(state, warnings) => {
                let merge = Merge { session: self.session, masked, is_aws: self.real.is_aws() };
                let is_null = |name: &String| {
                    [&state, config].into_iter().all(|of| of.get(name).is_some_and(Data::is_null))
                };
                let nulls = self.block.attributes.keys().filter(|name| is_null(name)).cloned().collect();
                let state = merge.block(self.block, &state, config, proposed);
                Ok(Planned { state: Some(state), warnings, nulls })
            }
            Answer::Failed(error) => Ok(self.alone(&request.type_name, &error)),
            Answer::Errors(errors) => {
                let told =
                    || wire::errors(&errors).map(wire::Diagnostic::told).collect::<Vec<_>>().join("; ");
                if self.session.has_made_up() || wire::errors(&errors).any(wants_network) {
                    return Ok(self.alone(&request.type_name, &told()));
                }
                Err(CallError::Refused(errors))
            }
        }
    }

    async fn ask(&self, request: &wire::PlanRequest, config: &Data) -> Result<Answer, CallError> {
        const METHOD: &str = "PlanResourceChange";
        let request = wire::PlanRequest {
            type_name: request.type_name.clone(),
            prior_state: Some(dynamic(&Data::Null)?),
            proposed_new_state: Some(dynamic(&without_write_only(config, self.block))?),
            config: Some(dynamic(config)?),
            prior_private: Bytes::new(),
            provider_meta: request.provider_meta.clone(),
        };
        let request = request.encode_to_vec();
        let question = self.session.neutral(&request);
        let answer = match self.real.call(self.key, METHOD, request, question).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Answer::Failed(error.to_string())),
        };
        let answer = wire::PlanResponse::decode(answer)
            .map_err(|error| CallError::Answer { method: METHOD, error: error.to_string() })?;
        if wire::errors(&answer.diagnostics).next().is_some() {
            return Ok(Answer::Errors(answer.diagnostics));
        }
        let state = data(answer.planned_state.as_ref(), "the state that the real provider plans")?;
        Ok(Answer::Planned(state, answer.diagnostics))
    }

    /// The stand-in plans without the real provider, which is said.
    fn alone(&self, type_name: &str, why: &str) -> Planned {
        let detail =
            format!("this {type_name} is planned without the real provider, from its schema alone: {why}");
        Planned {
            warnings: vec![warning(&format!("{type_name} planned without the real provider"), detail)],
            ..Planned::default()
        }
    }
}

/// Whether an error comes from there being no network and no credentials, and not from the configuration.
fn wants_network(error: &wire::Diagnostic) -> bool {
    let words = error.told().to_lowercase();
    NETWORK.iter().any(|sign| words.contains(sign))
}

/// What Go's libraries and AWS's say where they come to nobody, in lower case.
const NETWORK: [&str; 18] = [
    "dial tcp",
    "dial udp",
    "proxyconnect",
    "no such host",
    "connection refused",
    "network is unreachable",
    "i/o timeout",
    "deadline exceeded",
    "tls handshake",
    "request send failed",
    "api error",
    "https response error",
    "get credentials",
    "no valid credential",
    "could not find default credentials",
    "failed to refresh",
    "exceeded maximum number of attempts",
    "127.0.0.1:0",
];
