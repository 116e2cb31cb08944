//! What must hold of a deployment, as questions to the prover.
