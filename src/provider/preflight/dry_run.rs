//! Dry runs of create calls: the request as it will be, with `DryRun` and without a token.

use std::collections::HashMap;

use futures::{FutureExt, StreamExt, future::BoxFuture, stream};

use super::{Finding, Order, clause};
use crate::{
    cloud::{ApiError, ApiErrorKind, Call, Client},
    model::preflight::{Checked, Outcome},
    provider::{CreateRequest, batch::product, hooks::Hooks, kms, lifecycle},
    schema::ResourceType,
};

/// What a dry run that finds nothing wrong ends with.
const PASSED: &str = "DryRunOperation";
/// So many at once; the client holds back further where the API says so.
const AT_ONCE: usize = 8;

/// The action, whether something is held back, and the parameters: what makes two questions one.
type Asked = (&'static str, bool, Vec<(String, String)>);

/// Asks for each new object whether its request would be accepted.
pub(super) async fn check(
    client: &Client,
    hooks: &(dyn Fn(&ResourceType) -> Hooks + Sync),
    orders: &[Order],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut questions: Vec<Question> = Vec::new();
    let mut known: HashMap<Asked, usize> = HashMap::new();
    for (at, order) in orders.iter().enumerate().filter(|(_, it)| it.creates) {
        let Some(request) = request(hooks, order) else {
            continue;
        };
        if let Some(why) = unasked(order, &request) {
            findings.push(finding(at, Outcome::Unchecked, why));
            continue;
        }
        let params = lifecycle::pairs(request.params.clone());
        let next = questions.len();
        let key = (request.action, order.makes_room, params);
        match *known.entry(key).or_insert(next) {
            new if new == next => questions.push(Question {
                request,
                ty: order.ty,
                makes_room: order.makes_room,
                orders: vec![at],
            }),
            old => questions[old].orders.push(at),
        }
    }
    let asked: Vec<BoxFuture<'_, _>> = questions
        .iter()
        .map(|question| question.ask(client).boxed())
        .collect();
    let answers: Vec<_> = stream::iter(asked).buffered(AT_ONCE).collect().await;
    for (question, answer) in questions.iter().zip(answers) {
        for at in &question.orders {
            findings.push(judge(*at, question, answer.as_ref()));
        }
    }
    findings
}

fn request(
    hooks: &(dyn Fn(&ResourceType) -> Hooks + Sync),
    order: &Order,
) -> Option<CreateRequest> {
    let after = order.after.as_ref()?;
    let hook = hooks(order.ty)
        .create_request
        .unwrap_or(lifecycle::create_request);
    let mut request = hook(order.ty, after);
    request.params.sort_by(|a, b| a.name.cmp(&b.name));
    (!request.action.is_empty()).then_some(request)
}

/// Returns why a dry run cannot be made, if it cannot.
fn unasked(order: &Order, request: &CreateRequest) -> Option<String> {
    let call = order
        .ty
        .create
        .iter()
        .find(|call| call.action == request.action);
    if !call.is_some_and(|call| call.dry_run) {
        return Some(format!("{} has no dry run", request.action));
    }
    // Of an open argument that this call does not send, nothing is missing.
    let sent = |name: &&str| {
        let rows = order.ty.attributes.iter();
        let mut rows = rows.filter(|row| row.name == *name);
        rows.any(|row| {
            let mut calls = row.sent.iter();
            calls.any(|(call, _)| call.action == request.action)
        })
    };
    let open = order.open.iter().map(|name| &**name);
    let open: Vec<&str> = open.filter(sent).collect();
    (!open.is_empty()).then(|| {
        let verb = if open.len() == 1 { "is" } else { "are" };
        format!("{} {verb} known only during the apply", open.join(", "))
    })
}

/// A request that one or more orders will make.
struct Question {
    request: CreateRequest,
    ty: &'static ResourceType,
    makes_room: bool,
    orders: Vec<usize>,
}

impl Question {
    async fn ask(&self, client: &Client) -> Result<serde_json::Value, ApiError> {
        let answer = self.dry_run(client, None).await;
        match &answer {
            // The old object has what the new one is to get: everything else can be tried without it.
            Err(error) if self.makes_room && holds_place(error) => {
                let held = error.parameters().into_iter().find(|held| {
                    let mut params = self.request.params.iter();
                    params.any(|param| param.name == *held)
                });
                match held {
                    Some(held) => self.dry_run(client, Some(&held)).await,
                    None => answer,
                }
            }
            _ => answer,
        }
    }

    async fn dry_run(
        &self,
        client: &Client,
        without: Option<&str>,
    ) -> Result<serde_json::Value, ApiError> {
        let params = kms::unveil(client, &self.request.params).await?;
        let mut params = lifecycle::pairs(params);
        params.retain(|(name, _)| name != "DryRun" && Some(name.as_str()) != without);
        params.push(("DryRun".to_owned(), "true".to_owned()));
        let call = Call {
            params,
            ..Call::read(product(self.ty.service), self.request.action)
        };
        client.call(&call).await
    }
}

fn judge(at: usize, question: &Question, answer: Result<&serde_json::Value, &ApiError>) -> Finding {
    let action = question.request.action;
    let error = match answer {
        Ok(_) => {
            let text = format!(
                "{action} was asked for a dry run only, and answered as if it had done it. Look for an object that nobody knows."
            );
            return finding(at, Outcome::Refused, text);
        }
        Err(error) if error.code == PASSED => {
            return finding(at, Outcome::Passed, format!("{action} would be accepted"));
        }
        Err(error) => error,
    };
    match error.kind {
        ApiErrorKind::Throttled
        | ApiErrorKind::Server
        | ApiErrorKind::OutcomeUnknown
        | ApiErrorKind::Unreachable
        | ApiErrorKind::Busy => {
            return finding(at, Outcome::Unchecked, clause(error));
        }
        ApiErrorKind::NotFound
        | ApiErrorKind::Denied
        | ApiErrorKind::Quota
        | ApiErrorKind::Invalid => {}
    }
    if question.makes_room && holds_place(error) {
        let text = format!(
            "the old object, which goes first, may be in its way ({})",
            clause(error)
        );
        return finding(at, Outcome::Unchecked, text);
    }
    let failure = lifecycle::failure(question.ty, error.clone(), None);
    Finding {
        attribute: failure.attribute,
        hint: error.remedy().map(ToOwned::to_owned),
        ..finding(at, Outcome::Refused, error.told())
    }
}

/// Whether an error can be due to an object that is still there: its name, its address, its place in a quota.
fn holds_place(error: &ApiError) -> bool {
    ["Duplicate", "AlreadyExist", "InUse", "Conflict", "Quota"]
        .iter()
        .any(|word| error.code.contains(word))
}

fn finding(order: usize, outcome: Outcome, detail: String) -> Finding {
    Finding {
        order,
        check: Checked::Request,
        outcome,
        detail,
        attribute: None,
        hint: None,
    }
}
