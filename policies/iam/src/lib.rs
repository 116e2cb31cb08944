//! The IAM policy language: parse with spans, print canonically, evaluate one request.
