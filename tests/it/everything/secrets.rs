//! A password, and a private key, in none of the files, logs and outputs of a whole life.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::{
    secrets::{FIRST, Loud, SECOND},
    support::everything::{APPLY, DESTROY, LATER, MAIN, PASSWORD, types},
};

/// The manifest with every secret that a table knows.
fn with_all_secrets() -> String {
    MAIN.replace(
        "  disk_id     = alicloud_ecs_disk.data.id\n",
        "  disk_id     = alicloud_ecs_disk.data.id\n  password    = var.password\n",
    )
}

#[test]
fn every_secret_of_the_tables_is_in_the_manifest() {
    assert_eq!(PASSWORD, FIRST);
    let sensitive: Vec<String> = types()
        .flat_map(|ty| {
            let rows = ty.attributes.iter();
            // What is write-only is among the tests of what is ephemeral.
            let rows = rows.filter(|row| row.sensitive && row.write_only.is_none());
            rows.map(|row| format!("{}.{}", ty.name, row.name))
        })
        .collect();
    let known = [
        "alicloud_ecs_disk_attachment.password",
        "alicloud_instance.password",
    ];
    assert_eq!(sensitive, known, "put it into the manifest of this test");
    assert_eq!(
        with_all_secrets().matches("= var.password").count(),
        known.len()
    );
}

#[test]
fn a_whole_life_keeps_its_secrets() {
    let loud = Loud::new(&with_all_secrets());
    let project = &loud.project;
    project.write("terraform.tfvars", &format!("password = \"{FIRST}\"\n"));
    let _ = loud.run(&["plan", "-out=first.plan"], 0);
    let _ = loud.run(&["show", "-json", "first.plan"], 0);
    // The cloud quotes what it was sent.
    let quotes = |action: &str, skip: u64| {
        json!({
            "action": action, "kind": "error_before", "status": 400, "code": "InvalidPassword.Malformed",
            "message": format!("The specified Password {FIRST} is not valid."), "skip": skip, "count": 1,
        })
    };
    // The first instance has no password.
    let rules = [quotes("CreateInstance", 1), quotes("AttachDisk", 0)];
    loud.emulator.faults(&json!({ "rules": rules }));
    let failed = loud.run(APPLY, 1);
    assert!(failed.err.contains("InvalidPassword.Malformed"), "{failed}");
    loud.emulator.faults(&json!({}));
    let _ = loud.run(&["apply", "-auto-approve", "-json"], 0);
    let key = project.file("deploy.pem");
    let mode = std::fs::metadata(&key).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode & 0o177, 0, "{mode:o}");
    for arguments in [
        &["show", "-json"][..],
        &["state", "pull"],
        &["plan", "-detailed-exitcode"],
    ] {
        let _ = loud.run(arguments, 0);
    }
    let second = format!("password={SECOND}");
    let later = [APPLY, LATER, &["-var", &second]].concat();
    let _ = loud.run(&later, 0);
    let again = ["plan", "-detailed-exitcode", "-var", &second];
    let _ = loud.run(&[&again, LATER].concat(), 0);
    let _ = loud.run(&[DESTROY, LATER].concat(), 0);
    let private = std::fs::read_to_string(&key).unwrap();
    let private = private.lines().nth(3).unwrap();
    for (path, bytes) in project.files() {
        let found = String::from_utf8_lossy(&bytes).contains(private);
        assert!(
            !found || path == key,
            "{} has the private key",
            path.display()
        );
    }
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "only builds with debug assertions die on demand"
)]
fn a_journal_keeps_its_secrets() {
    for record in [60, 80] {
        let loud = Loud::new(&with_all_secrets());
        let project = &loud.project;
        project.write("terraform.tfvars", &format!("password = \"{FIRST}\"\n"));
        assert!(project.killed_at(APPLY, ("PROV_CRASH_AT", &record)));
        loud.look();
        let _ = loud.run(APPLY, 0);
    }
}
