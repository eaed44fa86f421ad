//! Templates and profiles are embedded; a new file in their folders must trigger a build.

fn main() {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=profiles");
}
