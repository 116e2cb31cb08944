//! Cedar's symbolic compiler with a cvc5 process.

use super::Said;
use super::emit::SCHEMA;
use cedar_policy::{EntityUid, PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet};
use narrows_tests::harness::{Skip, on_path};
use tokio::runtime::{Builder, Runtime};

/// Debian's cvc5 1.0.3 refuses `like "*x*"` without the first; the other options that limit time count from the start of
/// the process.
const OPTIONS: [&str; 2] = ["--strings-exp", "--tlimit-per=20000"];

/// The compiler, its solver, and the runtime that it needs.
pub struct SymCc {
    runtime: Runtime,
    compiler: CedarSymCompiler<LocalSolver>,
    schema: Schema,
    environment: RequestEnv,
}

impl SymCc {
    /// Starts the solver.
    ///
    /// # Errors
    /// A [`Skip`] if there is no `cvc5` in `PATH`.
    pub fn start() -> Result<Self, Skip> {
        if on_path("cvc5").is_none() {
            return Err(Skip("no cvc5 in PATH: install the package cvc5 (apt-get install cvc5)".to_owned()));
        }
        let failed = |error: &dyn std::fmt::Display| Skip(format!("cannot start the solver: {error}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| failed(&error))?;
        let start = async { LocalSolver::cvc5_with_args(OPTIONS) };
        let solver = runtime.block_on(start).map_err(|error| failed(&error))?;
        let compiler = CedarSymCompiler::new(solver).map_err(|error| failed(&error))?;
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| failed(&error))?;
        let uid = |text: &str| text.parse::<EntityUid>().map_err(|error| failed(&error));
        let environment = RequestEnv::new(
            uid(r#"P::"""#)?.type_name().clone(),
            uid(r#"Action::"request""#)?,
            uid(r#"R::"""#)?.type_name().clone(),
        );
        Ok(Self { runtime, compiler, schema, environment })
    }

    /// Whether the policy set always denies.
    ///
    /// # Errors
    /// What the compiler says of the policy set; or that one of its policies may fail on some request, since Cedar leaves
    /// out a policy that fails.
    pub fn ask(&mut self, text: &str) -> Result<Said, String> {
        let Self { runtime, compiler, schema, environment } = self;
        let explained = |error: &dyn std::fmt::Display| format!("{error} in\n{text}");
        let policies: PolicySet = text.parse().map_err(|error| explained(&error))?;
        for policy in policies.policies() {
            let policy =
                CompiledPolicy::compile(policy, environment, schema).map_err(|error| explained(&error))?;
            match runtime.block_on(compiler.check_never_errors_opt(&policy)) {
                Ok(true) => {}
                Ok(false) => return Err(explained(&"a policy may fail")),
                Err(error) => return Ok(Said::Unknown(error.to_string())),
            }
        }
        let compiled =
            CompiledPolicySet::compile(&policies, environment, schema).map_err(|error| explained(&error))?;
        Ok(match runtime.block_on(compiler.check_always_denies_opt(&compiled)) {
            Ok(true) => Said::Proved,
            Ok(false) => Said::Refuted,
            Err(error) => Said::Unknown(error.to_string()),
        })
    }
}
