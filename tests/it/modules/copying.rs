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
