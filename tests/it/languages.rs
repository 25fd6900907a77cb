//! What HCL can, YAML and JSON can: modules of either, overrides, what was and what should hold, and errors with
//! their place.

use serde_json::json;

use crate::support::project::Project;

const NETWORK: &str = "variable:
  name:
    type: string
  sizes:
    type: list(number)
    default: [1]
locals:
  doubled: '${[for size in var.sizes : size * 2]}'
resource:
  terraform_data:
    net:
      input: ${var.name}
output:
  name:
    value: ${terraform_data.net.output}
  doubled:
    value: ${local.doubled}
";

const SERVER: &str = "variable \"net\" {}\nresource \"terraform_data\" \"server\" {\n  input = var.net\n}\noutput \"net\" {\n  value = terraform_data.server.output\n}\n";

/// Makes a project with a module in each language.
fn calling(name: &str, text: &str) -> Project {
    let project = Project::of(&[(name, text)]);
    for folder in ["network", "server", "last"] {
        std::fs::create_dir(project.path().join(folder)).unwrap();
    }
    project.write("network/main.prov.yaml", NETWORK);
    project.write("server/main.tf", SERVER);
    let last = json!({
        "variable": { "net": {} },
        "module": { "server": { "source": "../server", "net": "${var.net}!" } },
        "output": { "net": { "value": "${module.server.net}" } },
    });
    project.write("last/main.tf.json", &last.to_string());
    project
}

#[test]
fn modules_of_every_language_call_each_other() {
    let hcl = "module \"network\" {\n  source   = \"./network\"\n  for_each = { a = [3], b = [4, 5] }\n  name     = each.key\n  sizes    = each.value\n}\nmodule \"last\" {\n  source = \"./last\"\n  net    = module.network[\"b\"].name\n}\noutput \"all\" {\n  value = [module.network[\"b\"].doubled, module.last.net]\n}\n";
    let yaml = "module:
  network:
    source: ./network
    for_each:
      a: [3]
      b: [4, 5]
    name: ${each.key}
    sizes: ${each.value}
  last:
    source: ./last
    net: '${module.network[\"b\"].name}'
output:
  all:
    value:
      - '${module.network[\"b\"].doubled}'
      - ${module.last.net}
";
    let plans = [("main.tf", hcl), ("main.prov.yaml", yaml)].map(|(name, text)| {
        let project = calling(name, text);
        let mut plan = project.plan_json("-emulator");
        plan["timestamp"] = json!(null);
        let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
        let all = project.succeeds(["output", "-json", "all"]).stdout;
        let all: serde_json::Value = serde_json::from_str(&all).unwrap();
        assert_eq!(all, json!([[8, 10], "b!"]));
        plan
    });
    assert_eq!(plans[0], plans[1]);
}

#[test]
fn an_argument_of_a_call_in_yaml_is_held_against_the_module() {
    let project = calling(
        "main.prov.yaml",
        "module:\n  n:\n    source: ./network\n    nmae: x\n",
    );
    project.prov("validate -no-color").fails(&[
        "on main.prov.yaml line 4, column 5",
        "\"nmae\"",
        "Did you mean \"name\"?",
    ]);
}

#[test]
fn overrides_reach_across_languages() {
    let yaml = "resource:\n  terraform_data:\n    a:\n      input: 1\n      lifecycle:\n        prevent_destroy: true\noutput:\n  o:\n    value: ${terraform_data.a.input}\n";
    let hcl = "resource \"terraform_data\" \"a\" {\n  input = 1\n}\noutput \"o\" {\n  value = terraform_data.a.input\n}\n";
    let over_hcl = "resource \"terraform_data\" \"a\" {\n  input = 2\n}\n";
    let over_yaml = "resource:\n  terraform_data:\n    a:\n      input: 2\n";
    let over_json =
        json!({ "resource": { "terraform_data": { "a": { "input": 2 } } } }).to_string();
    for (main, text, over, change) in [
        ("main.prov.yaml", yaml, "override.tf", over_hcl),
        ("main.tf", hcl, "override.prov.yaml", over_yaml),
        ("main.tf", hcl, "x_override.prov.yml", over_yaml),
        ("main.prov.yaml", yaml, "x_override.tf.json", &over_json),
    ] {
        let project = Project::of(&[(main, text), (over, change)]);
        let plan = project.plan_json("-emulator");
        assert_eq!(plan["planned_values"]["outputs"]["o"]["value"], 2, "{over}");
    }
}

#[test]
fn what_was_is_said_in_yaml_and_json() {
    let before =
        "resource:\n  terraform_data:\n    old:\n      input: 1\n    gone: {}\n    kept: {}\n";
    let after = "resource:
  terraform_data:
    new:
      for_each:
        a: 1
      input: ${each.value}
moved:
  - from: terraform_data.old
    to: terraform_data.new[\"a\"]
removed:
  - from: terraform_data.kept
    lifecycle:
      destroy: false
  - from: terraform_data.gone
";
    let json = json!({
        "resource": { "terraform_data": { "new": { "for_each": { "a": 1 }, "input": "${each.value}" } } },
        "moved": [{ "from": "terraform_data.old", "to": "terraform_data.new[\"a\"]" }],
        "removed": [
            { "from": "terraform_data.kept", "lifecycle": { "destroy": false } },
            { "from": "${terraform_data.gone}" },
        ],
    })
    .to_string();
    for (name, after) in [("main.prov.yaml", after), ("main.tf.json", &json)] {
        let project = Project::of(&[("main.prov.yaml", before)]);
        let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
        project.remove("main.prov.yaml");
        project.write(name, after);
        project.prov("plan -emulator -no-color").ok().says(&[
            "terraform_data.old has moved to terraform_data.new[\"a\"]",
            "0 to add, 0 to change, 1 to destroy",
        ]);
        let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
        let list = project.prov("state list").ok().stdout;
        assert_eq!(list, "terraform_data.new[\"a\"]\n");
    }
}

#[test]
fn what_exists_is_imported_and_checked_in_yaml() {
    let project = Project::of(&[(
        "main.prov.yaml",
        "resource:\n  alicloud_vpc:\n    main:\n      cidr_block: 10.0.0.0/8\noutput:\n  id:\n    value: ${alicloud_vpc.main.id}\n",
    )]);
    let _ = project.succeeds(["apply", "-auto-approve", "-emulator"]);
    let id = project.succeeds(["output", "-raw", "id"]).stdout;
    let _ = project.succeeds(["state", "rm", "alicloud_vpc.main"]);
    let import = format!(
        "import:\n  - to: alicloud_vpc.main\n    id: {}\ncheck:\n  names:\n    data:\n      alicloud_zones:\n        all: {{}}\n    assert:\n      - condition: '${{length(data.alicloud_zones.all.ids) > 0}}'\n        error_message: No zones.\n      - condition: '${{alicloud_vpc.main.cidr_block == \"x\"}}'\n        error_message: The block is ${{alicloud_vpc.main.cidr_block}}.\n",
        id.trim()
    );
    project.write("import.prov.yaml", &import);
    let planned = project.prov("plan -emulator -no-color").ok();
    let said = planned.stdout.clone() + &planned.stderr;
    for part in [
        "1 to import, 0 to add, 0 to change, 0 to destroy",
        "The block is 10.0.0.0/8.",
        "on import.prov.yaml line 12, column",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    assert!(!said.contains("No zones."), "{said}");
}

const INSTANCE: &str = "resource:
  alicloud_instance:
    a:
      instance_type: ecs.g6.large
      image_id: aliyun_3_x64_20G_alibase_20240819.vhd
      security_groups: [sg-1]
      vswitch_id: vsw-1
      data_disks:
        - size: 20
          category: cloud_essd
      dynamic:
        data_disks:
          for_each: [30, 40]
          content:
            size: ${data_disks.value}
            category: cloud_essd
";

#[test]
fn blocks_that_are_written_and_blocks_that_are_made_stand_together() {
    let project = Project::of(&[("main.prov.yaml", INSTANCE)]);
    let plan = project.plan_json("-emulator");
    let planned = &plan["planned_values"]["root_module"]["resources"][0]["values"];
    let sizes: Vec<_> = planned["data_disks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|disk| disk["size"].clone())
        .collect();
    assert_eq!(sizes, [20, 30, 40]);
}

/// A manifest, the place of its error, and the error's summary.
const ERRORS: &[(&str, &str, &str)] = &[
    ("resourse: {}", "1:1", "Unsupported block"),
    ("locals:\n  a: 1\n  a: 2", "3:3", "Duplicate key"),
    ("locals:\n  a: !x 1", "2:6", "Unsupported YAML tag"),
    ("locals:\n\ta: 1", "2:1", "Invalid YAML"),
    (
        "locals:\n  a: a ${var.",
        "2:13",
        "Extra characters after interpolation expression",
    ),
    (
        "locals:\n  a: |\n    one\n    ${var.two}",
        "4:7",
        "Reference to undeclared input variable",
    ),
    (
        "locals:\n  a: \"\\\"${var.two}\"",
        "2:11",
        "Reference to undeclared input variable",
    ),
    (
        "locals:\n  a: ${nope(1)}",
        "2:8",
        "Call to unknown function",
    ),
    ("locals:\n  a: ${local.b}\n  b: ${local.a}", "2:8", "Cycle"),
    ("variable:\n  a:\n    type: strin", "3:11", "Invalid type"),
    (
        "variable:\n  a:\n    type: list(strin)",
        "3:16",
        "Invalid type",
    ),
    (
        "variable:\n  a:\n    default: ok\n    type: number",
        "3:14",
        "Invalid default value for variable",
    ),
    (
        "variable:\n  a:\n    typo: 1",
        "3:5",
        "Unsupported argument",
    ),
    ("variable:\n  count: {}", "2:3", "Invalid variable name"),
    (
        "variable:\n  a:\n    validation:\n      - condition: true",
        "4:9",
        "Missing required argument",
    ),
    ("output:\n  o: {}", "2:3", "Missing required argument"),
    (
        "output:\n  o:\n    value: ${terraform_data.x.id}",
        "3:14",
        "Reference to undeclared resource",
    ),
    (
        "output:\n  o:\n    value: ${upper(1, 2)}",
        "3:14",
        "Too many function arguments",
    ),
    (
        "provider:\n  alicloud:\n    - region: cn-hangzhou\n    - region: cn-beijing",
        "4:7",
        "Duplicate provider configuration",
    ),
    (
        "moved:\n  - from: terraform_data.a\n    to: terraform_data.b\n  - from: terraform_data.c",
        "4:5",
        "Missing required argument",
    ),
    (
        "moved:\n  - from: nope\n    to: terraform_data.b",
        "2:11",
        "Invalid address",
    ),
    (
        "removed:\n  - from: terraform_data.a[0]",
        "2:11",
        "Resource instance keys not allowed",
    ),
    (
        "import:\n  - to: terraform_data.a\n    id: x",
        "2:9",
        "Configuration for import target does not exist",
    ),
    ("check:\n  c: {}", "2:3", "Zero assert blocks"),
    (
        "check:\n  c:\n    assert:\n      condition: true",
        "3:5",
        "Missing required argument",
    ),
    (
        "module:\n  m:\n    name: x",
        "2:3",
        "Missing required argument",
    ),
    (
        "terraform:\n  required_version: '>= 99'",
        "2:21",
        "Unsupported Terraform Core version",
    ),
    (
        "terraform:\n  backend:\n    nope: {}",
        "3:5",
        "Unsupported backend",
    ),
    (
        "resource:\n  terraform_data: text",
        "2:19",
        "Expected a mapping",
    ),
];

/// What is wrong in a resource, its place below `a:`, and the error's summary.
const IN_A_RESOURCE: &[(&str, &str, &str)] = &[
    ("inputs: 1", "4:7", "Unsupported argument"),
    ("count: -1", "4:14", "Invalid count argument"),
    ("count: two", "4:14", "Incorrect value type"),
    ("for_each: [a, b]", "4:17", "Invalid for_each argument"),
    (
        "count: 1\n      for_each: {a: 1}",
        "5:17",
        "Invalid combination of \"count\" and \"for_each\"",
    ),
    ("depends_on: [x]", "4:20", "Invalid reference"),
    ("depends_on: terraform_data.x", "4:19", "Invalid expression"),
    (
        "lifecycle:\n        nonsense: 1",
        "5:9",
        "Unsupported argument",
    ),
    (
        "lifecycle:\n        prevent_destroy: ${var.x}",
        "5:26",
        "Variables not allowed",
    ),
    (
        "lifecycle:\n        ignore_changes: [a(1)]",
        "5:26",
        "Invalid expression",
    ),
    (
        "lifecycle:\n        precondition:\n          condition: false\n          error_message: No.",
        "6:22",
        "Invalid precondition expression",
    ),
    (
        "provisioner:\n        - remote-exec: {}",
        "5:11",
        "Unsupported provisioner",
    ),
    (
        "provisioner:\n        - local-exec:\n            command: x\n            when: never",
        "7:19",
        "Invalid \"when\" keyword",
    ),
    (
        "dynamic:\n        x:\n          for_each: [1]",
        "5:9",
        "Invalid dynamic block",
    ),
];

#[test]
fn errors_in_yaml_have_their_place() {
    let told = |text: &str, place: &str, summary: &str| {
        let project = Project::of(&[("main.prov.yaml", text)]);
        let ran = project.prov("plan -emulator -no-color -input=false");
        assert_eq!(ran.code, 1, "of\n{text}\n{ran}");
        let (line, column) = place.split_once(':').unwrap();
        let place = format!("on main.prov.yaml line {line}, column {column}");
        assert!(ran.stderr.contains(summary), "no {summary:?} in {ran}");
        assert!(
            ran.stderr.contains(&place),
            "no {place:?} of\n{text}\n{ran}"
        );
    };
    for (text, place, summary) in ERRORS {
        told(text, place, summary);
    }
    for (text, place, summary) in IN_A_RESOURCE {
        let text = format!("resource:\n  terraform_data:\n    a:\n      {text}\n");
        told(&text, place, summary);
    }
}
