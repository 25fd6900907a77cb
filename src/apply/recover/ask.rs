//! Asking again for what a create call may have made, or looking for it.

use std::sync::Arc;

use super::{
    Case, Found, Known, Recovery, planned,
    problems::{expired, not_asked, unclear, untraced, withheld},
};
use crate::{
    apply::{
        desired,
        journal::{Create, Operation, reveal},
        store::Store,
        token::{Parameter, Sent},
    },
    model::{Diagnostic, Object},
    plan::refresh::id_of,
    provider::{CreateRequest, Lost, Param, Trace, hooks::Kind},
};

/// The codes of the answer that the token was used with other parameters.
const MISMATCHES: [&str; 2] = ["IdempotentParameterMismatch", "IdempotenceParamNotMatch"];

/// A create call that was never answered.
pub(super) struct Question<'c> {
    pub(super) create: &'c Create,
    request: CreateRequest,
    planned: Arc<Object>,
    /// Whether it has secrets that may be others than those that were sent.
    anew: bool,
    /// The ids that the state has of this type.
    known: Vec<String>,
}

/// What asking came to.
pub(super) enum Answer {
    Made(Known),
    /// It was made in vain: the plan makes another.
    Spoilt(Known),
    NotMade {
        code: String,
    },
}

/// Returns the call, with the secrets that the configuration gives again.
pub(super) fn question<'c>(
    store: &Store,
    recovery: &Recovery<'_>,
    case: &'c Case,
) -> Result<Question<'c>, Box<Diagnostic>> {
    let Case { open, kind, .. } = case;
    let Operation::Create(create) = &open.operation else {
        unreachable!("only creations are asked for again")
    };
    let address = &open.address;
    let is_secret = |param: &Parameter| matches!(param.sent, Sent::Digest(_));
    let given = create.params.iter().any(is_secret).then(|| {
        let values = recovery.values;
        desired::create_request(values.module, kind, values, address, &*case.provider)
    });
    let given = given.flatten();
    let secret = |name: &str| {
        let params = &given.as_ref()?.request.params;
        Some(params.iter().find(|it| it.name == name)?.value.clone())
    };
    let anew = given.as_ref().is_some_and(|it| it.has_write_only);
    let params = reveal(&create.params, store.digester(), secret, anew)
        .map_err(|names| Box::new(withheld(open, create, &names)))?;
    let action = known_action(kind, &create.action)
        .ok_or_else(|| Box::new(expired(open, &create.at.to_string())))?;
    let param = |(name, value)| Param {
        name,
        value,
        secret: false,
    };
    let request = CreateRequest {
        action,
        params: params.into_iter().map(param).collect(),
        takes_token: create.takes_token,
    };
    Ok(Question {
        create,
        request,
        planned: planned(open, create).map_or_else(Default::default, |it| it.attributes),
        anew,
        known: if anew { known(store, kind) } else { Vec::new() },
    })
}

/// Returns the ids of all objects of a type in the state, by whatever name of it.
fn known(store: &Store, kind: &'static Kind) -> Vec<String> {
    let of_type = |name: &str| name == kind.ty.name || name == kind.ty.canonical();
    let resources = store.state().resources.iter();
    let instances = resources
        .filter(|(address, _)| of_type(&address.kind))
        .flat_map(|(_, kept)| kept.instances.values());
    let objects = instances.flat_map(|it| it.current.iter().chain(it.deposed.values()));
    objects.map(|stored| id_of(&stored.attributes)).collect()
}

/// Asks again with the same token; what takes none is looked for first.
pub(super) async fn ask(case: &Case, question: Question<'_>) -> Result<Answer, Box<Diagnostic>> {
    let Question {
        create,
        request,
        planned,
        anew,
        known,
    } = question;
    let Case {
        open,
        kind,
        provider,
        ..
    } = case;
    let lost = Lost {
        request: &request,
        planned: &planned,
        at: create.at,
        known: &known,
    };
    if !request.takes_token {
        let traced = provider.trace(kind.ty, lost).await;
        match traced.map_err(|error| Box::new(untraced(open, &error)))? {
            Trace::AskAgain => {}
            Trace::Made { id } => return Ok(Answer::Made(Known::new(id, Found::Traced))),
            Trace::Spoilt { id, missing } => {
                let one = Known::new(id, Found::Spoilt);
                return Ok(Answer::Spoilt(Known { missing, ..one }));
            }
            Trace::NotMade => {
                let code = "NotMade".to_owned();
                return Ok(Answer::NotMade { code });
            }
        }
    }
    let made = provider.create(kind.ty, &request, &create.token, &planned);
    match made.await {
        Ok(id) => Ok(Answer::Made(Known::new(id, Found::Created))),
        Err(failure) => {
            let error = failure.error;
            // It was made, with what the interrupted run had: what is its is sent again by the plan.
            if anew && MISMATCHES.contains(&&*error.code) {
                return match provider.trace(kind.ty, lost).await {
                    Ok(Trace::Made { id }) => Ok(Answer::Made(Known::new(id, Found::Traced))),
                    Ok(_) => Err(Box::new(unclear(open))),
                    Err(error) => Err(Box::new(untraced(open, &error))),
                };
            }
            // A denial tells nothing of the call that was never answered.
            if error.kind.is_refusal() {
                Ok(Answer::NotMade { code: error.code })
            } else {
                Err(Box::new(not_asked(open, &error)))
            }
        }
    }
}

/// Returns the action's name as the type's table (or hook) has it: requests carry static names.
fn known_action(kind: &'static Kind, action: &str) -> Option<&'static str> {
    kind.ty
        .create
        .iter()
        .map(|call| call.action)
        .chain(kind.ty.further_create_actions.iter().copied())
        .find(|known| *known == action)
}
