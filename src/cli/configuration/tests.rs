//! What the manifests of modules are described as.

use std::fs;

use serde_json::json;

use super::configuration;
use crate::{
    manifest,
    model::{Diagnostics, Sources},
};

#[test]
fn calls_are_described_as_terraform_does() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        #[expect(clippy::disallowed_methods, reason = "a test's own file")]
        fs::write(path, text).unwrap();
    };
    write(
        "main.tf",
        "variable \"x\" {\n  default = \"q\"\n}\nprovider \"alicloud\" {\n  alias = \"far\"\n}\nmodule \"a\" {\n  source = \"./m\"\n  v      = var.x\n  secret = \"s\"\n  count  = 2\n  providers = {\n    alicloud = alicloud.far\n  }\n}\nmodule \"b\" {\n  source     = \"./n\"\n  depends_on = [module.a]\n}\n",
    );
    write(
        "m/main.tf",
        "variable \"v\" {}\nvariable \"secret\" {\n  sensitive = true\n}\nresource \"terraform_data\" \"i\" {\n  input = var.v\n  provisioner \"local-exec\" {\n    command = \"echo ${var.v}\"\n  }\n}\nresource \"alicloud_vpc\" \"v\" {}\nmodule \"n\" {\n  source = \"../n\"\n}\n",
    );
    write("n/main.tf", "output \"p\" {\n  value = path.module\n}\n");
    let (mut sources, mut diags) = (Sources::default(), Diagnostics::default());
    let mut module = manifest::load(folder.path(), &[], &mut sources, &mut diags);
    manifest::modules::load(&mut module, folder.path(), &mut sources, &mut diags);
    assert!(diags.is_empty(), "{diags:?}");
    let inner = json!({ "outputs": { "p": { "expression": { "references": ["path.module"] } } } });
    let expected = json!({
        "provider_config": {
            "alicloud.far": {
                "name": "alicloud",
                "full_name": "registry.terraform.io/aliyun/alicloud",
                "alias": "far",
            },
            "module.a:terraform": {
                "name": "terraform",
                "full_name": "terraform.io/builtin/terraform",
                "module_address": "module.a",
            },
        },
        "root_module": {
            "module_calls": {
                "a": {
                    "source": "./m",
                    "expressions": { "v": { "references": ["var.x"] }, "secret": {} },
                    "count_expression": { "constant_value": 2 },
                    "module": {
                        "resources": [
                            {
                                "address": "alicloud_vpc.v",
                                "mode": "managed",
                                "type": "alicloud_vpc",
                                "name": "v",
                                "provider_config_key": "alicloud.far",
                                "expressions": {},
                                "schema_version": 0,
                            },
                            {
                                "address": "terraform_data.i",
                                "mode": "managed",
                                "type": "terraform_data",
                                "name": "i",
                                "provider_config_key": "module.a:terraform",
                                "provisioners": [{
                                    "type": "local-exec",
                                    "expressions": { "command": { "references": ["var.v"] } },
                                }],
                                "expressions": { "input": { "references": ["var.v"] } },
                                "schema_version": 0,
                            },
                        ],
                        "module_calls": { "n": { "source": "../n", "module": inner } },
                        "variables": { "v": {}, "secret": { "sensitive": true } },
                    },
                },
                "b": { "source": "./n", "module": inner, "depends_on": ["module.a"] },
            },
            "variables": { "x": { "default": "q" } },
        },
    });
    let found = configuration(&module);
    assert_eq!(found, expected, "{found:#}");
}
