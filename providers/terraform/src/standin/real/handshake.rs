//! The line by which a plugin says where it listens.
//!
//! Source: `docs/internals.md` in the repository of `hashicorp/go-plugin`.

use super::Protocol;

/// What must be in a provider's environment for it to take itself for a plugin.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// Where a provider listens, and in which version of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    pub(super) protocol: Protocol,
    /// As an address of a gRPC channel: `unix:PATH` or `http://ADDRESS`.
    pub(super) address: String,
}

/// Why a line is no handshake that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// It is something else.
    #[error("`{0}`: expected a line such as `1|6|unix|/tmp/plugin|grpc|`")]
    Line(String),
    /// It is of another version, or another way to speak.
    #[error("`{got}` as {what}: expected {expected}")]
    Unsupported {
        /// What it is.
        what: &'static str,
        /// Its value.
        got: String,
        /// What can be used.
        expected: &'static str,
    },
}

impl Handshake {
    /// The variables that a provider must have in its environment.
    ///
    /// There is none with a certificate, so that it serves without TLS.
    pub fn environment() -> [(&'static str, &'static str); 4] {
        [
            COOKIE,
            ("PLUGIN_PROTOCOL_VERSIONS", "5,6"),
            ("PLUGIN_MIN_PORT", "10000"),
            ("PLUGIN_MAX_PORT", "25000"),
        ]
    }

    /// Reads the line that a provider prints first.
    ///
    /// # Errors
    /// See [`HandshakeError`].
    pub fn parse(line: &str) -> Result<Self, HandshakeError> {
        let fields: Vec<&str> = line.trim().split('|').collect();
        let [core, version, network, address, rest @ ..] = fields.as_slice() else {
            return Err(HandshakeError::Line(line.trim().to_owned()));
        };
        let refused = |what, got: &str, expected| {
            Err(HandshakeError::Unsupported { what, got: got.to_owned(), expected })
        };
        if *core != "1" {
            return refused("the version of the handshake", core, "1");
        }
        let protocol = match *version {
            "5" => Protocol::Five,
            "6" => Protocol::Six,
            other => return refused("the version of the protocol", other, "5 or 6"),
        };
        // Without the field it is net/rpc.
        let (kind, rest) = rest.split_first().unwrap_or((&"netrpc", &[]));
        if *kind != "grpc" {
            return refused("the kind of protocol", kind, "grpc");
        }
        if let Some(certificate) = rest.first().filter(|certificate| !certificate.is_empty()) {
            return refused("the server's certificate", certificate, "none, as it was given none");
        }
        let address = match *network {
            "unix" => format!("unix:{address}"),
            // Nothing but this machine is spoken to.
            "tcp" if address.starts_with("127.0.0.1:") => format!("http://{address}"),
            "tcp" => return refused("the address", address, "a port of 127.0.0.1"),
            other => return refused("the network", other, "unix or tcp"),
        };
        Ok(Self { protocol, address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handshake_is_read() {
        let of = |line: &str| Handshake::parse(line).map(|it| (it.protocol, it.address));
        let unix = (Protocol::Five, "unix:/tmp/plugin123".to_owned());
        assert_eq!(of("1|5|unix|/tmp/plugin123|grpc|\n"), Ok(unix.clone()));
        assert_eq!(of("1|5|unix|/tmp/plugin123|grpc||false"), Ok(unix));
        assert_eq!(
            of("1|6|tcp|127.0.0.1:1234|grpc"),
            Ok((Protocol::Six, "http://127.0.0.1:1234".to_owned()))
        );
    }

    #[test]
    fn what_cannot_be_spoken_to_says_why() {
        let error = |line: &str| Handshake::parse(line).unwrap_err().to_string();
        assert_eq!(
            error("This binary is a plugin."),
            "`This binary is a plugin.`: expected a line such as `1|6|unix|/tmp/plugin|grpc|`"
        );
        assert_eq!(error("2|5|unix|/a|grpc|"), "`2` as the version of the handshake: expected 1");
        assert_eq!(error("1|4|unix|/a|grpc|"), "`4` as the version of the protocol: expected 5 or 6");
        assert_eq!(error("1|5|unix|/a"), "`netrpc` as the kind of protocol: expected grpc");
        assert_eq!(
            error("1|5|tcp|10.0.0.1:9|grpc|"),
            "`10.0.0.1:9` as the address: expected a port of 127.0.0.1"
        );
        assert!(error("1|5|unix|/a|grpc|MIIC").starts_with("`MIIC` as the server's certificate"));
    }
}
