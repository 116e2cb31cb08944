//! The `narrows` binary.

fn main() -> std::process::ExitCode {
    narrows::main()
}
