//! Commands of the manifests, run after an object has been created and before it is destroyed.

use serde_json::{Value as Json, json};

use crate::support::{cloud::Cloud, project::Project};

fn with(provisioner: &str) -> String {
    format!("resource \"terraform_data\" \"a\" {{\n  input = 5\n{provisioner}}}\n")
}

fn exec(body: &str) -> String {
    format!("  provisioner \"local-exec\" {{\n{body}\n  }}\n")
}

#[test]
fn commands_run_in_order_and_see_the_object() {
    let text = exec(
        "command = \"echo one ${self.output}; echo $FOO >&2\"\nenvironment = { FOO = \"two\" }",
    ) + &exec(
        "command = \"pwd > here; cat here\"\nworking_dir = \"below\"\nquiet = true",
    ) + &exec("command = \"print(3)\"\ninterpreter = [\"python3\", \"-c\"]")
        .replace("python3", "/bin/echo")
        + &exec("when = destroy\ncommand = \"echo end of ${self.id}\"");
    let project = Project::with(&with(&text));
    std::fs::create_dir(project.path().join("below")).unwrap();
    let said = project.apply();
    let lines: Vec<&str> = said
        .stdout
        .lines()
        .filter(|line| line.starts_with("terraform_data.a"))
        .collect();
    let below = project.path().join("below").canonicalize().unwrap();
    let here = format!("terraform_data.a (local-exec): {}", below.display());
    let complete = lines.last().unwrap();
    assert!(complete.starts_with("terraform_data.a: Creation complete"));
    // The two outputs of a command come in any order; all of both comes before the next command.
    let mut first = vec![lines[3], lines[4]];
    first.sort_unstable();
    assert_eq!(
        first,
        [
            "terraform_data.a (local-exec): one 5",
            "terraform_data.a (local-exec): two"
        ]
    );
    let rest: Vec<&str> = [&lines[..3], &lines[5..lines.len() - 1]].concat();
    assert_eq!(
        rest,
        [
            "terraform_data.a: Creating...",
            "terraform_data.a: Provisioning with 'local-exec'...",
            "terraform_data.a (local-exec): Executing: [\"/bin/sh\" \"-c\" \"echo one 5; echo $FOO >&2\"]",
            "terraform_data.a: Provisioning with 'local-exec'...",
            &here,
            "terraform_data.a: Provisioning with 'local-exec'...",
            "terraform_data.a (local-exec): Executing: [\"/bin/echo\" \"-c\" \"print(3)\"]",
            "terraform_data.a (local-exec): -c print(3)",
        ],
        "{said}"
    );
    project.settled();
    let id = project.attributes("terraform_data", "a", 0)["id"].clone();
    let end = format!("(local-exec): end of {}", id.as_str().unwrap());
    let said = project.prov("destroy -auto-approve -no-color").ok();
    let at = |text: &str| {
        said.stdout
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {said}"))
    };
    assert!(at(&end) < at("Destruction complete"), "{said}");
}

#[test]
fn a_failed_command_taints_and_runs_again_on_the_next_object() {
    let text = exec("command = \"echo tried; test -e ok\"");
    let project = Project::with(&with(&text));
    project.prov("apply -auto-approve -no-color").fails(&[
        "Error: local-exec provisioner error",
        "on main.tf line 3, column 3",
        "exit status: 1. Its output: tried",
        "The next apply replaces the object",
    ]);
    project
        .prov("plan -no-color")
        .ok()
        .says(&["# terraform_data.a is tainted, so must be replaced"]);
    project.write("ok", "");
    project.apply().says(&["1 added, 0 changed, 1 destroyed"]);
    project.settled();
}

#[test]
fn a_failure_that_may_be_is_a_warning() {
    let text = exec("command = \"exit 7\"\non_failure = continue");
    let project = Project::with(&with(&text));
    project
        .apply()
        .warns(&["Warning: local-exec provisioner error", "exit status: 7"]);
    project.settled();
}

#[test]
fn an_object_stays_while_its_last_command_fails() {
    let text = exec("when = destroy\ncommand = \"test -e ok\"");
    let project = Project::with(&with(&text));
    project.apply();
    project
        .prov("destroy -auto-approve -no-color")
        .fails(&["local-exec provisioner error", "The object stays"]);
    assert_eq!(project.prov("state list").ok().stdout, "terraform_data.a\n");
    project.write("ok", "");
    project.prov("destroy -auto-approve -no-color").ok();
    assert_eq!(project.prov("state list").ok().stdout, "");
}

/// The command kills prov: the object is there once, and the command has run to its end in the end.
#[test]
fn a_kill_between_the_creation_and_the_command_loses_neither() {
    let cloud = Cloud::instant();
    let vpc = |command: &str| {
        format!(
            "{}\nresource \"alicloud_vpc\" \"main\" {{\n  vpc_name = \"one\"\n{}}}\n",
            cloud.provider(),
            exec(&format!("command = \"{command}\""))
        )
    };
    let project = Project::with(&vpc(
        "if test -e ok; then echo ${self.id} > done; else touch ok; kill -9 $PPID; fi",
    ));
    let killed = project.prov("apply -auto-approve -no-color");
    assert_ne!(killed.code, 0, "{killed}");
    project.apply();
    project.settled();
    let id = project.attributes("alicloud_vpc", "main", 0)["id"].clone();
    assert_eq!(project.read("done").trim(), id.as_str().unwrap());
    assert_eq!(cloud.world()["vpcs"].as_array().unwrap().len(), 1);
}

#[test]
fn secrets_reach_a_command_by_its_environment_only() {
    let secret = "variable \"secret\" {\n  sensitive = true\n  default   = \"hunter2\"\n}\n";
    let text = secret.to_owned() + &with(&exec("command = \"echo ${var.secret}\""));
    let project = Project::with(&text);
    project.prov("apply -auto-approve -no-color").fails(&[
        "Error: Secret on a command line",
        "on main.tf line 8, column 11",
        "Put it into environment",
    ]);
    let text = secret.to_owned()
        + &with(&exec(
            "command = \"echo $SECRET; echo $SECRET > told; exit 1\"\nenvironment = { SECRET = var.secret }",
        ));
    project.write("main.tf", &text);
    let said = project.prov("apply -auto-approve -no-color");
    assert!(!said.to_string().contains("hunter2"), "{said}");
    assert_eq!(project.read("told"), "hunter2\n");
    said.says(&["(output suppressed due to sensitive value in config)"])
        .fails(&["exit status: 1."]);
}

#[test]
fn events_are_terraforms() {
    let project = Project::with(&with(&exec("command = \"echo hi\"")));
    let said = project.prov("apply -auto-approve -json").ok();
    let events: Vec<Json> = said
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).unwrap())
        .filter(|event| event["type"].as_str().unwrap().starts_with("provision_"))
        .map(|event| json!([event["type"], event["@message"], event["hook"]["output"]]))
        .collect();
    assert_eq!(
        Json::from(events),
        json!([
            [
                "provision_start",
                "terraform_data.a: Provisioning with 'local-exec'...",
                null
            ],
            [
                "provision_progress",
                "terraform_data.a: (local-exec): Executing: [\"/bin/sh\" \"-c\" \"echo hi\"]",
                "Executing: [\"/bin/sh\" \"-c\" \"echo hi\"]"
            ],
            [
                "provision_progress",
                "terraform_data.a: (local-exec): hi",
                "hi"
            ],
            [
                "provision_complete",
                "terraform_data.a: (local-exec) Provisioning complete",
                null
            ],
        ])
    );
}

#[test]
fn what_cannot_be_a_provisioner_is_refused() {
    for (text, parts) in [
        (
            exec("comand = \"x\""),
            ["Missing required argument", "Did you mean \"command\"?"],
        ),
        (
            exec("when = never\ncommand = \"x\""),
            ["Invalid \"when\" keyword", "create and destroy"],
        ),
        (
            exec("on_failure = \"stop\"\ncommand = \"x\""),
            ["Invalid \"on_failure\" keyword", "continue and fail"],
        ),
        (
            exec("when = destroy\ncommand = terraform_data.b.id"),
            [
                "Invalid reference from destroy provisioner",
                "terraform_data.b may be gone",
            ],
        ),
        (
            exec("command = \"x\"").replace("local-exec", "remote-exec"),
            [
                "Unsupported provisioner",
                "There is no provisioner \"remote-exec\"",
            ],
        ),
    ] {
        let project = Project::with(&(with(&text) + "resource \"terraform_data\" \"b\" {}\n"));
        project.prov("validate -no-color").fails(&parts);
    }
    let project = Project::with(&with(&exec("command = \"\"")));
    project
        .prov("apply -auto-approve -no-color")
        .fails(&["Invalid provisioner", "command is empty"]);
    let project = Project::with(&with(&exec(
        "command = \"x\"\ninterpreter = [\"/no/such\"]",
    )));
    project
        .prov("apply -auto-approve -no-color")
        .fails(&["/no/such could not be started"]);
}
