//! Terraform and OpenTofu: a deployment out and in.
