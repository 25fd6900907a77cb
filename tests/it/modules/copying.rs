//! `init -from-module`: a module as the beginning of a configuration.

use std::fs;

use crate::support::project::Project;

#[test]
fn a_module_is_copied_into_an_empty_directory() {
    let project = Project::new();
    for name in ["source/inner", "work"] {
        fs::create_dir_all(project.path().join(name)).unwrap();
    }
    let module = "module \"inner\" {\n  source = \"./inner\"\n}\n";
    project.write("source/main.tf", module);
    project.write("source/inner/main.tf", "output \"o\" {\n  value = 1\n}\n");
    project.write("source/.hidden", "x");
    project
        .prov("-chdir=work init -from-module=../source")
        .ok()
        .says(&["Copying configuration from \"../source\"", "prov is ready"]);
    assert_eq!(project.read("work/main.tf"), module);
    assert!(project.path().join("work/inner/main.tf").exists());
    assert!(!project.path().join("work/.hidden").exists());
    project
        .prov("-chdir=work init -from-module=../source")
        .fails(&["has manifests already"]);
}

/// What is there stays as it is, and objects keep the one state that they have.
#[test]
fn nothing_is_copied_over_what_is_there() {
    let project = Project::new();
    for name in ["source", "work"] {
        fs::create_dir_all(project.path().join(name)).unwrap();
    }
    for name in ["main.tf", "notes.txt", "terraform.tfstate"] {
        project.write(&format!("source/{name}"), "# of the source\n");
    }
    project.write("work/notes.txt", "mine\n");
    let init = "-chdir=work init -from-module";
    project
        .prov(&format!("{init}=../source"))
        .fails(&["notes.txt is there already"]);
    for around in [".", ".."] {
        project
            .prov(&format!("{init}={around}/"))
            .fails(&["is this directory, or one around it"]);
    }
    assert_eq!(project.read("work/notes.txt"), "mine\n");
    assert!(!project.path().join("work/main.tf").exists());
    fs::remove_file(project.path().join("work/notes.txt")).unwrap();
    project.prov(&format!("{init}=../source")).ok();
    assert!(!project.path().join("work/terraform.tfstate").exists());
}

#[test]
fn a_module_that_is_not_there_is_named() {
    let project = Project::new();
    project
        .prov("init -from-module=./nowhere")
        .fails(&["Failed to copy module", "./nowhere"]);
}

#[test]
fn blocks_of_modules_are_not_generated() {
    let project = Project::with(
        "module \"m\" {\n  source = \"./m\"\n}\nimport {\n  to = module.m.terraform_data.x\n  id = \"abc\"\n}\n",
    );
    fs::create_dir(project.path().join("m")).unwrap();
    project.write("m/main.tf", "output \"o\" {\n  value = 1\n}\n");
    project
        .prov("plan -emulator -generate-config-out=made.tf")
        .fails(&["module.m.terraform_data.x", "only those of the root module"]);
    assert!(!project.path().join("made.tf").exists());
}
