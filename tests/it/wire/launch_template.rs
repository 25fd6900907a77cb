//! Launch templates by hand-written requests.

use super::*;

const NAMED: (&str, &str) = ("LaunchTemplateName", "web");

async fn refused(service: &Service, action: &str, parameters: Parameters<'_>) -> String {
    service.refused(ECS, action, parameters).await
}

#[tokio::test]
async fn templates_have_names_and_versions_numbers() {
    let service = Service::instant().await;
    let first = [NAMED, ("InstanceType", "ecs.g7.large"), ("Tag.1.Key", "a")];
    let made = service.ecs("CreateLaunchTemplate", &first).await;
    assert_eq!(made["LaunchTemplateVersionNumber"], 1);
    for (action, parameters, code) in [
        (
            "CreateLaunchTemplate",
            vec![NAMED],
            "LaunchTemplateName.Duplicated",
        ),
        (
            "CreateLaunchTemplate",
            vec![("LaunchTemplateName", "1")],
            "InvalidLaunchTemplateName.Malformed",
        ),
        ("CreateLaunchTemplate", vec![], "MissingParameter"),
        (
            "CreateLaunchTemplate",
            vec![("LaunchTemplateName", "ab"), ("UserData", "#!")],
            "InvalidUserData.Base64FormatInvalid",
        ),
        (
            "CreateLaunchTemplate",
            vec![("LaunchTemplateName", "ab"), ("ClientToken", "t")],
            "UnsupportedParameter",
        ),
        (
            "CreateLaunchTemplateVersion",
            vec![NAMED, ("VersionDescription", "x")],
            "InvalidDescription.Malformed",
        ),
        (
            "CreateLaunchTemplateVersion",
            vec![("LaunchTemplateId", "lt-none")],
            "InvalidLaunchTemplate.NotFound",
        ),
        ("CreateLaunchTemplateVersion", vec![], "MissingParameter"),
        (
            "ModifyLaunchTemplateDefaultVersion",
            vec![NAMED, ("DefaultVersionNumber", "2")],
            "InvalidLaunchTemplateVersion.NotFound",
        ),
        (
            "DeleteLaunchTemplateVersion",
            vec![NAMED, ("DeleteVersion.1", "1")],
            "InvalidParameter",
        ),
        (
            "DescribeLaunchTemplateVersions",
            vec![("LaunchTemplateName", "none")],
            "InvalidLaunchTemplate.NotFound",
        ),
        (
            "RunInstances",
            vec![("LaunchTemplateName", "none")],
            "InvalidLaunchTemplate.NotFound",
        ),
        (
            "RunInstances",
            vec![NAMED, ("LaunchTemplateVersion", "9")],
            "InvalidLaunchTemplateVersion.NotFound",
        ),
    ] {
        assert_eq!(
            refused(&service, action, &parameters).await,
            code,
            "{action} {parameters:?}"
        );
    }
    for number in 2..=30 {
        let made = service.ecs("CreateLaunchTemplateVersion", &[NAMED]).await;
        assert_eq!(made["LaunchTemplateVersionNumber"], number);
    }
    assert_eq!(
        refused(&service, "CreateLaunchTemplateVersion", &[NAMED]).await,
        "LaunchTemplateVersionLimitExceed"
    );
    let asked = [NAMED, ("DeleteVersion.1", "2"), ("DeleteVersion.2", "30")];
    service.ecs("DeleteLaunchTemplateVersion", &asked).await;
    let asked = [NAMED, ("MinVersion", "28"), ("PageSize", "1")];
    let shown = service.ecs("DescribeLaunchTemplateVersions", &asked).await;
    assert_eq!(shown["TotalCount"], 2);
    let asked = [NAMED, ("DefaultVersion", "true")];
    let shown = service.ecs("DescribeLaunchTemplateVersions", &asked).await;
    let data =
        &shown["LaunchTemplateVersionSets"]["LaunchTemplateVersionSet"][0]["LaunchTemplateData"];
    assert_eq!(data["InstanceType"], "ecs.g7.large");
    service.ecs("DeleteLaunchTemplate", &[NAMED]).await;
    let shown = service.ecs("DescribeLaunchTemplates", &[]).await;
    assert_eq!(shown["TotalCount"], 0);
    assert_eq!(
        refused(&service, "DeleteLaunchTemplate", &[NAMED]).await,
        "InvalidLaunchTemplate.NotFound"
    );
}

#[tokio::test]
async fn there_are_thirty_templates_in_a_region() {
    let service = Service::instant().await;
    for number in 0..30 {
        let name = format!("it-{number}");
        let asked = [("LaunchTemplateName", name.as_str())];
        service.ecs("CreateLaunchTemplate", &asked).await;
    }
    assert_eq!(
        refused(&service, "CreateLaunchTemplate", &[NAMED]).await,
        "LaunchTemplateLimitExceed"
    );
}

#[tokio::test]
async fn an_order_overlays_the_template_as_a_whole() {
    let service = Service::instant().await;
    let network = network(&service).await;
    let mut asked = order(&network, &[]);
    asked.extend([
        NAMED,
        ("InstanceName", "templated"),
        ("Tag.1.Key", "a"),
        ("Tag.2.Key", "b"),
    ]);
    service.ecs("CreateLaunchTemplate", &asked).await;
    let ours = [
        NAMED,
        ("Tag.1.Key", "c"),
        ("HostName", "mine"),
        ("Amount", "2"),
    ];
    let made = service.ecs("RunInstances", &ours).await;
    let ids = made["InstanceIdSets"]["InstanceIdSet"].as_array().unwrap();
    assert_eq!(ids.len(), 2);
    let shown = service.ecs("DescribeInstances", &[]).await;
    let instance = &shown["Instances"]["Instance"][0];
    assert_eq!(instance["InstanceName"], "templated");
    assert_eq!(instance["HostName"], "mine");
    assert_eq!(
        instance["Tags"]["Tag"],
        json!([{ "TagKey": "c", "TagValue": "" }])
    );
}
