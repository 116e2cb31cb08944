//! Typed stack components and the stack description.
