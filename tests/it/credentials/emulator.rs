//! The emulator's own side: STS, locations, accounts.

use prov::{
    cloud::{Call, Client, Credentials, Endpoints, Http, Product, Settings},
    model::secret::Secret,
};
use serde_json::{Value as Json, json};
use std::sync::Arc;

use super::{Cloud, OTHER, THIRD, token};

fn client(cloud: &Cloud, id: &str, secret: &str, token: Option<&str>) -> Client {
    let credentials = Credentials {
        access_key: id.into(),
        secret_key: Secret::new(secret),
        security_token: token.map(Secret::new),
    };
    let endpoints = Endpoints::single(cloud.emulator.url());
    let settings = Settings::new(credentials, "cn-hangzhou", endpoints);
    Client::new(settings, Arc::new(Http::default()))
}

fn lent_to(cloud: &Cloud, answer: &Json) -> Client {
    let text = |name: &str| answer["Credentials"][name].as_str().unwrap().to_owned();
    let token = text("SecurityToken");
    client(
        cloud,
        &text("AccessKeyId"),
        &text("AccessKeySecret"),
        Some(&token),
    )
}

fn assume(arn: &str) -> Call {
    Call::read(Product::Sts, "AssumeRole")
        .param("RoleArn", arn)
        .param("RoleSessionName", "run")
}

async fn identity(client: &Client) -> Json {
    let call = Call::read(Product::Sts, "GetCallerIdentity");
    client.call(&call).await.unwrap()
}

async fn code(client: &Client, call: &Call) -> String {
    client.call(call).await.unwrap_err().code
}

#[tokio::test]
async fn everybody_is_told_who_they_are() {
    let cloud = Cloud::with(&json!({ "keys": [
        { "id": "LTAI-alice", "secret": "s", "account": OTHER, "user": "alice" },
        { "id": "LTAI-off", "secret": "s", "inactive": true },
    ]}));
    let alice = client(&cloud, "LTAI-alice", "s", None);
    let who = identity(&alice).await;
    assert_eq!(who["IdentityType"], "RAMUser");
    assert_eq!(who["AccountId"], OTHER);
    assert_eq!(who["Arn"], format!("acs:ram::{OTHER}:user/alice"));
    let arn = format!("acs:ram::{THIRD}:role/deploy");
    let role = lent_to(&cloud, &alice.call(&assume(&arn)).await.unwrap());
    let who = identity(&role).await;
    assert_eq!(who["IdentityType"], "AssumedRoleUser");
    assert_eq!(
        who["Arn"],
        format!("acs:ram::{THIRD}:assumed-role/deploy/run")
    );
    let off = client(&cloud, "LTAI-off", "s", None);
    let call = Call::read(Product::Sts, "GetCallerIdentity");
    assert_eq!(code(&off, &call).await, "InvalidAccessKeyId.Inactive");
}

#[tokio::test]
async fn a_role_is_lent_to_those_it_trusts() {
    let arn = format!("acs:ram::{THIRD}:role/deploy");
    let cloud = Cloud::with(&json!({
        "keys": [{ "id": "LTAI-other", "secret": "s", "account": OTHER }],
        "roles": [{ "arn": arn, "trust": [OTHER], "max_session_duration": 3600 }],
    }));
    let other = client(&cloud, "LTAI-other", "s", None);
    other.call(&assume(&arn)).await.unwrap();
    let own = client(&cloud, "LTAI-emulator", "emulator-secret", None);
    assert_eq!(code(&own, &assume(&arn)).await, "NoPermission");
    let unknown = assume(&format!("acs:ram::{THIRD}:role/nobody"));
    assert_eq!(code(&other, &unknown).await, "EntityNotExist.Role");
    let malformed = assume("role/deploy");
    assert_eq!(code(&other, &malformed).await, "InvalidParameter.RoleArn");
    let long = assume(&arn).param("DurationSeconds", "7200");
    assert_eq!(
        code(&other, &long).await,
        "InvalidParameter.DurationSeconds"
    );
    let odd = assume(&arn).param("Policy", "{");
    assert_eq!(code(&other, &odd).await, "InvalidParameter.PolicyGrammar");
}

#[tokio::test]
async fn accounts_do_not_see_one_another() {
    let cloud = Cloud::new();
    let own = client(&cloud, "LTAI-emulator", "emulator-secret", None);
    let other = client(&cloud, "LTAI-other", "other-secret", None);
    let create = Call::change(Product::Vpc, "CreateVpc").param("CidrBlock", "10.0.0.0/16");
    let made = own.call(&create).await.unwrap();
    let id = made["VpcId"].as_str().unwrap();
    let list = Call::read(Product::Vpc, "DescribeVpcs");
    let seen = |answer: Json| answer["Vpcs"]["Vpc"].as_array().unwrap().len();
    assert_eq!(seen(own.call(&list).await.unwrap()), 1);
    assert_eq!(seen(other.call(&list).await.unwrap()), 0);
    let delete = Call::change(Product::Vpc, "DeleteVpc").param("VpcId", id);
    assert_eq!(code(&other, &delete).await, "InvalidVpcId.NotFound");
    // The same token in another account is another request.
    let with_token = create.clone().token("token-of-both");
    let [first, second] = [&own, &other].map(|client| client.call(&with_token));
    let (first, second) = tokio::join!(first, second);
    assert_ne!(first.unwrap()["VpcId"], second.unwrap()["VpcId"]);
}

#[tokio::test]
async fn a_token_is_judged_by_what_it_claims() {
    let cloud = Cloud::new();
    // A request with a signature that nobody needs is as good.
    let own = client(&cloud, "LTAI-emulator", "emulator-secret", None);
    let ask = |token: &str, provider: &str| {
        Call::read(Product::Sts, "AssumeRoleWithOIDC")
            .param("RoleArn", format!("acs:ram::{THIRD}:role/pod"))
            .param(
                "OIDCProviderArn",
                format!("acs:ram::{provider}:oidc-provider/p"),
            )
            .param("OIDCToken", token)
            .param("RoleSessionName", "run")
    };
    let good = token(32_503_680_000);
    let lent = own.call(&ask(&good, THIRD)).await.unwrap();
    assert_eq!(lent["OIDCTokenInfo"]["Subject"], "pod");
    let who = identity(&lent_to(&cloud, &lent)).await;
    assert_eq!(who["AccountId"], THIRD);
    for (token, provider, expected) in [
        (token(1), THIRD, "AuthenticationFail.OIDCToken.Expired"),
        (
            "abc".to_owned(),
            THIRD,
            "AuthenticationFail.OIDCToken.Invalid",
        ),
        (good, OTHER, "EntityNotExist.OIDCProvider"),
    ] {
        assert_eq!(code(&own, &ask(&token, provider)).await, expected);
    }
}

#[tokio::test]
async fn locations_are_known_of_known_regions_and_products() {
    let cloud = Cloud::new();
    let own = client(&cloud, "LTAI-emulator", "emulator-secret", None);
    let ask = |region: &str, service: &str| {
        Call::read(Product::Location, "DescribeEndpoints")
            .param("Id", region)
            .param("ServiceCode", service)
            .param("Type", "openAPI")
    };
    let told = own.call(&ask("cn-hangzhou", "ecs")).await.unwrap();
    let one = &told["Endpoints"]["Endpoint"][0];
    assert_eq!(one["SerivceCode"], "ecs");
    assert!(
        cloud
            .emulator
            .url()
            .ends_with(one["Endpoint"].as_str().unwrap())
    );
    let none = own.call(&ask("cn-hangzhou", "ots")).await.unwrap();
    assert_eq!(none["Endpoints"]["Endpoint"], json!([]));
    assert_eq!(
        code(&own, &ask("cn-nowhere", "ecs")).await,
        "InvalidRegionId"
    );
}
