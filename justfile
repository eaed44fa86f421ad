# What a developer runs; `just` without a name lists it.

_list:
    @just --list

# Format, lint and test: what must pass before a commit.
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test

# Accept the new snapshots of generated files after reading them.
review:
    cargo insta review

# Real tools over all generated files; `just conformance kube-score` runs one.
conformance *tools:
    cargo build --release
    conformance/run {{tools}}

# Prove that every tool of the conformance suite can fail.
selftest: conformance
    conformance/selftest

# Everything that must pass before a change lands.
ci:
    bash .ci/run

# Render an example into a folder.
render example="orders" out="target/example":
    cargo run --release -- render --spec examples/{{example}}/infragen.yaml --out {{out}}
