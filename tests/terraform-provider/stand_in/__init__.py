"""A stand-in for hashicorp/aws: it serves the provider's schema to a real engine, and never calls AWS."""
