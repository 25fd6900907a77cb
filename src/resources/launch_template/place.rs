//! Where instances of a template will be: its vSwitch tells the VPC and the zone, unless the template does.

use futures::future::BoxFuture;

use crate::{
    cloud::{ApiError, ApiErrorKind, client::Product},
    model::{Object, Type, Value},
    provider::{CreateRequest, batch::read_call, hooks::Context},
    schema::{Param, Proposal, is_unset},
};

/// What the vSwitch tells: the attribute, and the parameter, which is named as the field is.
const TOLD: [(&str, &str); 2] = [("vpc_id", "VpcId"), ("zone_id", "ZoneId")];

/// Completes a creation.
pub(super) fn complete<'a>(
    context: Context<'a>,
    request: &'a CreateRequest,
) -> BoxFuture<'a, Result<CreateRequest, ApiError>> {
    Box::pin(async move {
        let mut complete = request.clone();
        fill(context, &mut complete.params).await?;
        Ok(complete)
    })
}

/// Adds the VPC and the zone of the vSwitch. One that is not there tells nothing: a template can be made first.
pub(super) async fn fill(context: Context<'_>, params: &mut Vec<Param>) -> Result<(), ApiError> {
    let sent = |name: &str| params.iter().find(|param| param.name == name);
    let missing: Vec<&str> = TOLD
        .into_iter()
        .map(|(_, parameter)| parameter)
        .filter(|parameter| sent(parameter).is_none())
        .collect();
    let Some(vswitch) = sent("VSwitchId").map(|param| param.value.clone()) else {
        return Ok(());
    };
    if missing.is_empty() {
        return Ok(());
    }
    let own = vec![("VSwitchId".to_owned(), vswitch)];
    let call = read_call(Product::Vpc, "DescribeVSwitchAttributes", own);
    let answer = match context.client.call(&call).await {
        Err(error) if error.kind == ApiErrorKind::NotFound => return Ok(()),
        answer => answer?,
    };
    for name in missing {
        if let Some(value) = answer[name].as_str().filter(|value| !value.is_empty()) {
            params.push(Param {
                name: name.to_owned(),
                value: value.to_owned(),
                secret: false,
            });
        }
    }
    Ok(())
}

/// Another vSwitch tells another place.
pub(super) fn propose(arguments: &Object, proposal: &mut Proposal) {
    let moved = proposal.changed.iter().any(|path| path == "vswitch_id");
    if !moved || is_unset(arguments, "vswitch_id") {
        return;
    }
    for (name, _) in TOLD {
        if is_unset(arguments, name) {
            proposal.after.insert(name, Value::Unknown(Type::String));
        }
    }
}
