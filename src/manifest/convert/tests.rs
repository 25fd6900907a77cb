//! Manifests in one language and in the other.

use super::{To, convert};
use crate::model::SourceId;

fn blocks(kind: &str, _: &str, path: &[&str]) -> bool {
    kind == "resource" && matches!(path, ["disks" | "timeouts"] | ["disks", "parts"])
}

fn to(to: To, name: &str, text: &str) -> String {
    convert(text, SourceId(0), name, to, &blocks)
        .unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"))
}

/// Converts HCL to YAML and back, until it stays.
fn there_and_back(hcl: &str) -> (String, String) {
    let yaml = to(To::Yaml, "a.tf", hcl);
    let back = to(To::Hcl, "a.prov.yaml", &yaml);
    assert_eq!(to(To::Yaml, "a.tf", &back), yaml, "from\n{back}");
    assert_eq!(to(To::Hcl, "a.prov.yaml", &yaml), back);
    assert_eq!(to(To::Yaml, "a.prov.yaml", &yaml), yaml, "not formatted");
    (yaml, back)
}

#[test]
fn look() {
    let hcl = std::fs::read_to_string(std::env::var("LOOK").unwrap()).unwrap();
    let (yaml, back) = there_and_back(&hcl);
    println!("{yaml}\n=======\n{back}");
}
