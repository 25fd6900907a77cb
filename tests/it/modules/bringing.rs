//! `init` and `get`: modules of repositories, registries and archives.

use std::{io::Write, path::Path, process::Command};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value as Json;

use super::server::{Server, json};
use crate::support::project::Project;

const OUTPUT: &str = "output \"it\" {\n  value = 1\n}\n";

fn git(at: &Path, arguments: &str) {
    let done = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@b.example", "-C"])
        .arg(at)
        .args(arguments.split(' '))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// A repository with a tag, a branch, and a directory that calls another.
fn repository() -> Project {
    let repository = Project::of(&[
        ("main.tf", OUTPUT),
        (
            "inner/main.tf",
            "module \"deep\" {\n  source = \"../other\"\n}\n",
        ),
        ("other/main.tf", OUTPUT),
    ]);
    git(repository.path(), "init -q -b main");
    git(repository.path(), "add -A");
    git(repository.path(), "commit -qm one");
    git(repository.path(), "tag v1");
    repository.write("main.tf", "variable \"new\" {}\n");
    git(repository.path(), "commit -qam two");
    git(repository.path(), "branch next");
    repository
}

fn calling(source: &str, more: &str) -> String {
    format!("module \"m\" {{\n  source = \"{source}\"\n{more}}}\n")
}

fn with_path(project: Project) -> Project {
    project.with_variable(
        "PATH",
        &std::env::var_os("PATH").unwrap().into_string().unwrap(),
    )
}

fn record(project: &Project) -> Json {
    serde_json::from_str(&project.read(".terraform/modules/modules.json")).unwrap()
}

#[test]
fn a_repository_is_brought_once_and_recorded_as_terraform_does() {
    let repository = repository();
    let url = format!("git::file://{}", repository.path().display());
    let source = format!("{url}//inner?ref=v1");
    let project = with_path(Project::of(&[("main.tf", &calling(&source, ""))]));
    project.prov("validate -no-color").fails(&[
        "Module not installed",
        "with module.m",
        "Run `prov init`",
    ]);
    project.prov("init -no-color").ok().says(&[
        "Initializing modules...\n",
        &format!("Downloading {url}?ref=v1 for m...\n"),
        "- m in .terraform/modules/m/inner\n",
        "- m.deep in .terraform/modules/m/other\n",
    ]);
    let expected = serde_json::json!({"Modules": [
        {"Key": "", "Source": "", "Dir": "."},
        {"Key": "m", "Source": source, "Dir": ".terraform/modules/m/inner"},
        {"Key": "m.deep", "Source": "../other", "Dir": ".terraform/modules/m/other"},
    ]});
    assert_eq!(record(&project), expected);
    project.prov("validate -no-color").ok();
    // Neither a half module nor the history of the whole one is left.
    let left = std::fs::read_dir(project.path().join(".terraform/modules")).unwrap();
    let mut left: Vec<_> = left.map(|it| it.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["m", "modules.json"]);
    assert!(!project.path().join(".terraform/modules/m/.git").exists());
    let again = project.prov("get -no-color").ok();
    assert_eq!(again.stdout, "", "{again}");
    project
        .prov("get -update -no-color")
        .ok()
        .says(&["Downloading"]);
    project
        .prov("init -upgrade -no-color")
        .ok()
        .says(&["Upgrading modules...", "Downloading"]);
    let events = project.prov("init -upgrade -json").ok().stdout;
    let events: Vec<Json> = events
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_eq!(events[1]["message_code"], "upgrading_modules_message");
    assert_eq!(events[3]["@message"], "- m in .terraform/modules/m/inner");
}

#[test]
fn a_branch_a_commit_and_depth_are_fine() {
    let repository = repository();
    let url = format!("git::file://{}", repository.path().display());
    for query in ["?ref=next", "?ref=main&depth=1", ""] {
        let project = with_path(Project::of(&[(
            "main.tf",
            &calling(&format!("{url}{query}"), "  new = 1\n"),
        )]));
        project.prov("get -no-color").ok();
        project.prov("validate -no-color").ok();
    }
    let project = with_path(Project::of(&[(
        "main.tf",
        &calling(&format!("{url}?ref=v9"), ""),
    )]));
    project.prov("get -no-color").fails(&[
        "Failed to download module",
        "git failed.",
        "v9",
        "with module.m",
        "main.tf line 2",
    ]);
    let left = std::fs::read_dir(project.path().join(".terraform/modules")).unwrap();
    assert_eq!(left.count(), 1, "only modules.json");
    project.write("main.tf", &calling(&format!("{url}//nowhere"), ""));
    project
        .prov("get -no-color")
        .fails(&["it has no directory nowhere."]);
    let without = Project::of(&[("main.tf", &calling(&url, ""))]).with_variable("PATH", "/nowhere");
    without
        .prov("get -no-color")
        .fails(&["there is no git on the PATH"]);
    without.write(
        "main.tf",
        &calling(&format!("{url}?ref=--upload-pack=x"), ""),
    );
    without
        .prov("get -no-color")
        .fails(&["it begins with a dash"]);
}

#[test]
fn a_source_that_changes_is_brought_again() {
    let repository = repository();
    let url = format!("git::file://{}", repository.path().display());
    let project = with_path(Project::of(&[(
        "main.tf",
        &calling(&format!("{url}?ref=v1"), ""),
    )]));
    project.prov("init").ok();
    project.write(
        "main.tf",
        &calling(&format!("{url}?ref=next"), "  new = 1\n"),
    );
    project
        .prov("validate -no-color")
        .fails(&["Module source has changed", "?ref=v1, not from"]);
    project
        .prov("init -get=false")
        .fails(&["Module source has changed"]);
    project.prov("init").ok();
    project.prov("validate").ok();
}

#[test]
fn what_is_beside_needs_no_init_and_is_recorded_by_it() {
    let project = Project::of(&[
        ("main.tf", &calling("./m/", "")),
        ("m/main.tf", "module \"n\" {\n  source = \"../n\"\n}\n"),
        ("n/main.tf", OUTPUT),
    ]);
    project.prov("validate").ok();
    assert!(!project.path().join(".terraform").exists());
    project
        .prov("init -no-color")
        .ok()
        .says(&["- m in m\n- m.n in n\n"]);
    assert_eq!(record(&project)["Modules"][2]["Source"], "../n");
    project.write("m/main.tf", &calling("../m", ""));
    project
        .prov("init -no-color")
        .fails(&["Module calls itself"]);
}

/// A gzipped tar with these files.
fn tar_gz(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        // What an honest archiver would not write.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        archive.append(&header, text.as_bytes()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn archives_are_unpacked_and_stay_inside() {
    let server = Server::start();
    let body = |bytes| (200, Vec::new(), bytes);
    server.answer("/m.tar.gz", body(tar_gz(&[("m-1/a/main.tf", OUTPUT)])));
    server.answer("/m.zip", body(zip(&[("a/main.tf", OUTPUT)])));
    server.answer(
        "/latest",
        (302, vec![("location", "/m.zip".to_owned())], Vec::new()),
    );
    server.answer("/up.tar.gz", body(tar_gz(&[("../../escaped", "x")])));
    server.answer("/up.zip", body(zip(&[("../../escaped", "x")])));
    server.answer("/broken.zip", body(b"no archive".to_vec()));
    let url = server.url();
    let project = Project::of(&[("main.tf", "")]);
    let brings = |source: &str| {
        project.write("main.tf", &calling(&format!("{url}/{source}"), ""));
        project.prov("init -no-color")
    };
    brings("m.tar.gz//*/a")
        .ok()
        .says(&["- m in .terraform/modules/m/m-1/a\n"]);
    brings("m.zip//a")
        .ok()
        .says(&["- m in .terraform/modules/m/a\n"]);
    brings("latest//a?archive=zip").ok();
    for source in ["up.tar.gz", "up.zip"] {
        brings(source).fails(&["an entry is outside of it: ../../escaped"]);
    }
    assert!(!project.path().join(".terraform/escaped").exists());
    brings("broken.zip").fails(&["the archive cannot be unpacked"]);
    brings("none.zip").fails(&["the server answers 404."]);
    brings("m.zip?checksum=sha256:00").fails(&["its checksum is sha256:"]);
    brings("m.zip?archive=rar").fails(&["prov does not unpack rar"]);
    project
        .prov("validate -no-color")
        .fails(&["Module source has changed"]);
}

#[test]
fn a_link_out_of_a_module_is_refused() {
    let project = Project::of(&[("main.tf", ""), ("package/main.tf", OUTPUT)]);
    let package = project.path().join("package");
    std::os::unix::fs::symlink("/etc/hostname", package.join("secret.txt")).unwrap();
    project.write("main.tf", &calling(&package.display().to_string(), ""));
    project
        .prov("get -no-color")
        .fails(&["secret.txt is a link out of it."]);
    std::fs::remove_file(package.join("secret.txt")).unwrap();
    std::os::unix::fs::symlink("main.tf", package.join("same.txt")).unwrap();
    project.prov("get -no-color").ok();
    project.prov("validate").ok();
}

/// A registry with a module in three versions, and a project that knows where the registry is.
fn registry(version: &str) -> (Server, Project) {
    let server = Server::start();
    server.answer(
        "/v1/acme/net/alicloud/versions",
        json(r#"{"modules": [{"versions": [{"version": "1.2.0"}, {"version": "1.10.0"}, {"version": "2.0.0-beta"}]}]}"#),
    );
    for version in ["1.2.0", "1.10.0", "2.0.0-beta"] {
        server.answer(
            &format!("/v1/acme/net/alicloud/{version}/download"),
            (
                204,
                vec![("x-terraform-get", "/files/net.zip//root".to_owned())],
                Vec::new(),
            ),
        );
    }
    server.answer(
        "/files/net.zip",
        (
            200,
            Vec::new(),
            zip(&[("root/inner/main.tf", OUTPUT), ("root/main.tf", OUTPUT)]),
        ),
    );
    let call = calling(
        "modules.example.com/acme/net/alicloud//inner",
        &format!("  version = \"{version}\"\n"),
    );
    let project = Project::of(&[("main.tf", &call)])
        .with_variable("TF_TOKEN_modules_example_com", "open-sesame");
    project.write(
        ".terraformrc",
        &format!("host \"modules.example.com\" {{\n  services = {{\n    \"modules.v1\" = \"{}/v1/\"\n  }}\n}}\n", server.url()),
    );
    (server, project)
}

#[test]
fn a_registry_gives_the_newest_version_that_is_wanted() {
    let (server, project) = registry("~> 1.2");
    project.prov("init -no-color").ok().says(&[
        "Downloading modules.example.com/acme/net/alicloud 1.10.0 for m...\n",
        "- m in .terraform/modules/m/root/inner\n",
    ]);
    let expected = serde_json::json!({
        "Key": "m",
        "Source": "modules.example.com/acme/net/alicloud//inner",
        "Version": "1.10.0",
        "Dir": ".terraform/modules/m/root/inner",
    });
    assert_eq!(record(&project)["Modules"][1], expected);
    // The token is for the registry, and not for who has the files.
    for (path, login) in server.asked() {
        let wanted = if path.starts_with("/v1/") {
            "Bearer open-sesame"
        } else {
            ""
        };
        assert_eq!(login, wanted, "{path}");
    }
    let before = server.asked().len();
    project.prov("init").ok();
    assert_eq!(
        server.asked().len(),
        before,
        "nothing is asked for what is there"
    );
    let other = |version: &str| {
        let call = calling(
            "modules.example.com/acme/net/alicloud//inner",
            &format!("  version = \"{version}\"\n"),
        );
        project.write("main.tf", &call);
    };
    other("1.2.0");
    project
        .prov("validate -no-color")
        .fails(&["Module version requirements have changed", "Version 1.10.0"]);
    project
        .prov("init -no-color")
        .ok()
        .says(&["alicloud 1.2.0 for m"]);
    other("2.0.0-beta");
    project
        .prov("init -no-color")
        .ok()
        .says(&["alicloud 2.0.0-beta for m"]);
    other(">= 3.0");
    project.prov("init -no-color").fails(&[
        "Unresolvable module version constraint",
        "The newest is 2.0.0-beta",
    ]);
    other("x");
    project
        .prov("init -no-color")
        .fails(&["\"x\" is not a version constraint."]);
}

#[test]
fn a_registry_that_refuses_is_explained() {
    let (server, project) = registry("1.2.0");
    server.answer(
        "/v1/acme/net/alicloud/versions",
        (401, Vec::new(), Vec::new()),
    );
    let refused = project.prov("init -no-color").fails(&[
        "modules.example.com does not let you in.",
        "Set TF_TOKEN_modules_example_com to a token",
    ]);
    assert!(!refused.stderr.contains("open-sesame"), "{refused}");
    project.write(
        "main.tf",
        &calling("modules.example.com/acme/other/alicloud", ""),
    );
    project
        .prov("init -no-color")
        .fails(&["modules.example.com has no module acme/other/alicloud."]);
    project.write(".terraformrc", "host {\n");
    project
        .prov("init -no-color")
        .fails(&["Unreadable settings of the command line"]);
}

#[test]
fn flags_of_terraform_are_taken() {
    let project = Project::of(&[(
        "main.tf",
        "terraform {\n  backend \"local\" {\n    path = \"x.tfstate\"\n  }\n}\n",
    )]);
    project
        .prov("init -input=false -upgrade -reconfigure -lock=false -lock-timeout=3s -lockfile=readonly -plugin-dir=x -backend-config=path=x.tfstate")
        .ok();
    project
        .prov("init -backend=false -migrate-state -force-copy")
        .ok();
}
