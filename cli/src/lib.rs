//! Compose and prove Amazon S3 Multi-Region Access Point stacks.
