//! Who acts: each source of credentials, several accounts in one configuration, and keys that expire on the way.
//!
//! The emulator keeps the objects of each account apart, so where a VPC ends up says whose key was used.

mod aliases;
mod emulator;
mod expiry;
mod rights;
mod sources;

use serde_json::{Value as Json, json};

use crate::support::server::{Emulator, Project};

/// An account that only the tests' file of accounts knows.
const OTHER: &str = "2222222222222222";
/// An account that is entered through roles.
const THIRD: &str = "3333333333333333";

const VPC: &str = r#"
resource "alicloud_vpc" "main" {
  vpc_name   = "main"
  cidr_block = "10.0.0.0/16"
}
"#;

/// An emulator with a key of another account, and a file of accounts for it.
struct Cloud {
    emulator: Emulator,
    _file: tempfile::NamedTempFile,
}

impl Cloud {
    /// Adds these keys and roles to the emulator's own key.
    fn with(accounts: &Json) -> Self {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, accounts.to_string().as_bytes()).unwrap();
        let path = file.path().to_str().unwrap();
        let emulator = Emulator::start(&["-profile", "instant", "-accounts", path]);
        Self {
            emulator,
            _file: file,
        }
    }

    fn new() -> Self {
        Self::with(&json!({ "keys": [
            { "id": "LTAI-other", "secret": "other-secret", "account": OTHER },
        ]}))
    }

    /// A project that speaks to it, with nothing said of credentials but these arguments of the block.
    fn project(&self, arguments: &str, main: &str) -> Project {
        let mut project = Project::new(main);
        project.write(
            "provider.tf",
            &format!("provider \"alicloud\" {{\n  region = \"cn-hangzhou\"\n{arguments}\n}}\n"),
        );
        project.set("ALIBABA_CLOUD_ENDPOINT", &self.emulator.url());
        project
    }

    /// The names of an account's VPCs.
    fn vpcs(&self, account: &str) -> Vec<String> {
        let world = self.emulator.world_of(account);
        let vpcs = world["vpcs"].as_array().unwrap().iter();
        vpcs.map(|vpc| vpc["name"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// Keys as metadata and credentials URIs hand them out.
fn handed(id: &str, secret: &str) -> String {
    json!({
        "Code": "Success", "AccessKeyId": id, "AccessKeySecret": secret,
        "SecurityToken": "handed-token", "Expiration": "2999-01-01T00:00:00Z",
    })
    .to_string()
}

/// A token as an identity provider signs it; nobody checks the signature.
fn token(expires: u64) -> String {
    use base64::Engine as _;
    let code =
        |json: Json| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json.to_string());
    let claims =
        json!({ "iss": "https://idp.example", "sub": "pod", "aud": "sts", "exp": expires });
    format!(
        "{}.{}.c2lnbmF0dXJl",
        code(json!({ "alg": "RS256" })),
        code(claims)
    )
}
