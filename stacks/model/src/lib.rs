//! Typed names, resources, intent and the deployment graph.
