//! Roles: STS lends keys for a while to whoever may act as one.

use serde_json::Value as Json;

use super::{
    Credentials, Keeper, Lent, Oidc, Remote, Role, StsPlace, remote,
    source::{Trouble, token_of},
};
use crate::cloud::{
    call::{Call, Product},
    error::{ApiError, ApiErrorKind},
};

/// Acts as a role with the credentials of somebody who may.
pub(super) async fn assume(
    remote: &Remote,
    base: Credentials,
    role: &Role,
    place: &StsPlace,
) -> Result<Lent, Trouble> {
    let call = with_role(Call::read(Product::Sts, "AssumeRole"), role);
    let client = remote.sts(base, place);
    let answer = client.call(&call).await;
    read(role, answer)
}

/// Acts as a role with the token of an identity provider. Such a request is not signed.
pub(super) async fn assume_with_oidc(
    remote: &Remote,
    oidc: &Oidc,
    place: &StsPlace,
) -> Result<Lent, Trouble> {
    let Some(provider) = &oidc.provider_arn else {
        return Err(lacks(
            "oidc_provider_arn",
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
        ));
    };
    if oidc.role.arn.is_none() {
        return Err(lacks("role_arn", "ALIBABA_CLOUD_ROLE_ARN"));
    }
    let token = token_of(oidc).await?;
    let call = Call::read(Product::Sts, "AssumeRoleWithOIDC")
        .param("OIDCProviderArn", provider)
        .param("OIDCToken", token.expose_secret());
    let call = with_role(call, &oidc.role);
    let client = remote.sts(Keeper::nobody(), place);
    let answer = client.call(&call).await;
    read(&oidc.role, answer)
}

fn lacks(name: &str, variable: &str) -> Trouble {
    format!(
        "`assume_role_with_oidc` has no {name}: set it in the provider block, or set {variable}"
    )
    .into()
}

fn with_role(mut call: Call, role: &Role) -> Call {
    call.params.extend(role.params());
    call
}

fn read(role: &Role, answer: Result<Json, ApiError>) -> Result<Lent, Trouble> {
    let arn = role.arn.as_deref().unwrap_or_default();
    let refused = |reason: String, passing| Trouble {
        message: format!("The role {arn} could not be assumed: {reason}"),
        passing,
    };
    match answer {
        Ok(json) => json
            .get("Credentials")
            .ok_or_else(|| "its answer has no Credentials".to_owned())
            .and_then(remote::lent)
            .map_err(|reason| refused(reason, false)),
        Err(error) => {
            let passing = matches!(
                error.kind,
                ApiErrorKind::Unreachable
                    | ApiErrorKind::Server
                    | ApiErrorKind::Throttled
                    | ApiErrorKind::OutcomeUnknown
            );
            Err(refused(error.told(), passing))
        }
    }
}
