//! Verdict view and renderers.
