//! What is wrong in the manifests themselves.

use super::{Case, VPC};

#[test]
fn a_syntax_error_in_hcl() {
    Case::hcl("resource \"terraform_data\" \"a\" {\n  input = [1, 2\n}\n")
        .refused_once("syntax_hcl");
}

#[test]
fn a_missing_value_in_hcl() {
    Case::hcl("resource \"terraform_data\" \"a\" {\n  input =\n}\n")
        .refused_once("syntax_hcl_value");
}

#[test]
fn an_unclosed_block_in_hcl() {
    Case::hcl("resource \"terraform_data\" \"a\" {\n  input = 1\n")
        .refused_once("syntax_hcl_block");
}

#[test]
fn an_unclosed_string_in_hcl() {
    Case::hcl("resource \"terraform_data\" \"a\" {\n  input = \"abc\n}\n")
        .refused_once("syntax_hcl_string");
}

#[test]
fn a_syntax_error_in_yaml() {
    Case::yaml("resource:\n  terraform_data:\n    a:\n      input: [1, 2\n")
        .refused_once("syntax_yaml");
}

#[test]
fn a_tab_in_yaml() {
    Case::yaml("resource:\n\tterraform_data:\n").refused_once("syntax_yaml_tab");
}

#[test]
fn a_key_twice_in_yaml() {
    Case::yaml("resource:\n  terraform_data:\n    a:\n      input: 1\n      input: 2\n")
        .refused_once("syntax_yaml_twice");
}

#[test]
fn a_syntax_error_in_an_expression_in_yaml() {
    Case::yaml("resource:\n  terraform_data:\n    a:\n      input: \"${1 +}\"\n")
        .refused_once("syntax_yaml_expression");
}

#[test]
fn a_syntax_error_in_json() {
    Case::json("{\"resource\": {\"terraform_data\": {\"a\": {\n  \"input\": 1,\n}}}}\n")
        .refused_once("syntax_json");
}

#[test]
fn a_json_file_that_ends_early() {
    Case::json("{\"resource\": {\"terraform_data\": {\"a\": {\n  \"input\": 1")
        .refused_once("syntax_json_end");
}

#[test]
fn an_unknown_argument() {
    Case::hcl("resource \"alicloud_vpc\" \"main\" {\n  vpc_nam = \"web\"\n}\n")
        .refused_once("unknown_argument");
}

#[test]
fn an_unknown_argument_like_no_other() {
    Case::hcl("resource \"alicloud_vpc\" \"main\" {\n  frobnicate = \"web\"\n}\n")
        .refused_once("unknown_argument_alone");
}

#[test]
fn an_unknown_argument_in_yaml() {
    Case::yaml("resource:\n  alicloud_vpc:\n    main:\n      vpc_nam: web\n")
        .refused_once("unknown_argument_yaml");
}

#[test]
fn an_unknown_block() {
    Case::hcl("resourc \"alicloud_vpc\" \"main\" {}\n").refused_once("unknown_block");
}

#[test]
fn an_unknown_resource_type() {
    Case::hcl("resource \"alicloud_instanc\" \"web\" {}\n").refused_once("unknown_type");
}

#[test]
fn a_resource_type_of_another_provider() {
    Case::hcl("resource \"aws_s3_bucket\" \"web\" {}\n").refused_once("unknown_provider");
}

#[test]
fn a_wrong_type() {
    Case::hcl("resource \"alicloud_vpc\" \"main\" {\n  vpc_name = [\"web\"]\n}\n")
        .refused_once("wrong_type");
}

#[test]
fn text_where_a_number_is_wanted() {
    Case::hcl("resource \"alicloud_instance\" \"web\" {\n  image_id         = \"m-1\"\n  instance_type    = \"ecs.g7.large\"\n  system_disk_size = \"forty\"\n}\n")
        .refused_once("wrong_type_number");
}

#[test]
fn a_missing_argument() {
    Case::hcl("resource \"alicloud_vswitch\" \"main\" {\n  cidr_block = \"10.0.0.0/24\"\n  zone_id    = \"cn-hangzhou-h\"\n}\n")
        .refused_once("missing_argument");
}

#[test]
fn two_missing_arguments_are_two_mistakes() {
    let ran = Case::hcl("resource \"alicloud_instance\" \"web\" {}\n").refused("missing_arguments");
    assert!(ran.stderr.contains("\"image_id\""), "{}", ran.stderr);
    assert!(ran.stderr.contains("\"instance_type\""), "{}", ran.stderr);
}

#[test]
fn a_duplicate_address() {
    Case::new()
        .file("a.tf", VPC)
        .file("b.tf", VPC)
        .refused_once("duplicate_address");
}

#[test]
fn a_duplicate_address_in_two_languages() {
    Case::hcl(VPC)
        .file(
            "more.prov.yaml",
            "resource:\n  alicloud_vpc:\n    main:\n      vpc_name: web\n",
        )
        .refused_once("duplicate_address_yaml");
}

#[test]
fn a_reference_to_nothing() {
    Case::hcl(format!(
        "{VPC}output \"id\" {{\n  value = alicloud_vpc.mian.id\n}}\n"
    ))
    .refused_once("reference_to_nothing");
}

#[test]
fn a_reference_to_no_attribute() {
    Case::hcl(format!(
        "{VPC}output \"id\" {{\n  value = alicloud_vpc.main.idd\n}}\n"
    ))
    .refused("reference_to_no_attribute");
}

#[test]
fn a_reference_to_no_variable() {
    Case::hcl("output \"a\" {\n  value = var.name\n}\n").refused_once("reference_to_no_variable");
}

#[test]
fn a_cycle() {
    Case::hcl(
        "resource \"terraform_data\" \"a\" {\n  input = terraform_data.b.id\n}\n\n\
         resource \"terraform_data\" \"b\" {\n  input = local.x\n}\n\n\
         locals {\n  x = terraform_data.a.id\n}\n",
    )
    .refused_once("cycle");
}

#[test]
fn a_cycle_of_one() {
    Case::hcl("resource \"terraform_data\" \"a\" {\n  input = terraform_data.a.id\n}\n")
        .refused_once("cycle_of_one");
}

#[test]
fn blocks_of_terraform_that_prov_does_not_have() {
    Case::hcl("terraform {\n  cloud {\n    organization = \"a\"\n  }\n}\n")
        .refused_once("unsupported_block");
}

#[test]
fn an_ephemeral_resource_that_does_not_exist() {
    Case::hcl("ephemeral \"a\" \"b\" {}\n").refused_once("unknown_ephemeral");
}

#[test]
fn a_provisioner() {
    Case::hcl("resource \"terraform_data\" \"a\" {\n  provisioner \"remote-exec\" {\n    inline = [\"x\"]\n  }\n}\n")
        .refused_once("unsupported_provisioner");
}

#[test]
fn a_backend_that_does_not_exist() {
    Case::hcl("terraform {\n  backend \"s4\" {}\n}\n").refused_once("unknown_backend");
}

#[test]
fn an_argument_that_the_local_backend_does_not_have() {
    Case::hcl("terraform {\n  backend \"local\" {\n    pth = \"x\"\n  }\n}\n")
        .refused_once("unknown_backend_argument");
}

#[test]
fn a_provider_alias_that_does_not_exist() {
    Case::hcl("resource \"alicloud_vpc\" \"main\" {\n  provider = alicloud.eu\n}\n")
        .refused_once("unknown_alias");
}

#[test]
fn a_provider_twice() {
    Case::hcl(
        "provider \"alicloud\" {\n  region = \"cn-beijing\"\n}\n\nprovider \"alicloud\" {}\n",
    )
    .refused_once("duplicate_provider");
}

#[test]
fn an_unknown_provider_argument() {
    Case::hcl(format!(
        "provider \"alicloud\" {{\n  regoin = \"cn-beijing\"\n}}\n\n{VPC}"
    ))
    .refused_once("unknown_provider_argument");
}

#[test]
fn a_provider_argument_of_the_wrong_type() {
    Case::hcl(format!(
        "provider \"alicloud\" {{\n  region = [\"cn-beijing\"]\n}}\n\n{VPC}"
    ))
    .refused_once("wrong_provider_argument");
}

#[test]
fn a_mistake_in_a_thousand_instances_is_told_once() {
    let ran = Case::hcl("resource \"alicloud_vpc\" \"main\" {\n  count      = 1000\n  cidr_block = \"10.0.${count.index}.0/99\"\n}\n")
        .refused_once("flood");
    assert!(ran.stderr.contains("999 more"), "{}", ran.stderr);
}
