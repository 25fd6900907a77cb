//! What things cost: each price is asked once, however many objects have it.

use std::collections::{BTreeMap, BTreeSet};

use futures::{FutureExt, StreamExt, future::BoxFuture, stream};
use serde_json::Value as Json;

use super::{Costs, Offers, Order, clause};
use crate::{
    cloud::{ApiError, Call, Client, Product},
    model::{
        Object, Value,
        preflight::{Cost, rounded},
    },
    provider::offer::{Ask, MONTH, Pricing, Term},
    schema::at,
};

/// So many at once; the client holds back further where the API says so.
const AT_ONCE: usize = 8;

/// A question for a price.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// Of something new.
    New(Ask),
    /// Of another instance type for a subscription, for the time that is left.
    Change {
        id: String,
        instance_type: String,
    },
    Renewal {
        id: String,
        term: Term,
    },
}

type Answers = BTreeMap<Question, Result<(String, f64), ApiError>>;

/// Asks for the prices of all orders; one for each.
pub(super) async fn ask(client: &Client, orders: &[Order], offers: &[Offers]) -> Vec<Costs> {
    let all: Vec<Asked> = orders
        .iter()
        .zip(offers)
        .map(|(order, offer)| asked(order, offer))
        .collect();
    let questions: BTreeSet<Question> = all.iter().flat_map(Asked::questions).cloned().collect();
    let asked: Vec<BoxFuture<'_, _>> = questions
        .iter()
        .map(|question| price(client, question).boxed())
        .collect();
    let answers: Vec<_> = stream::iter(asked).buffered(AT_ONCE).collect().await;
    let answers: Answers = questions.into_iter().zip(answers).collect();
    all.iter().map(|asked| asked.costs(&answers)).collect()
}

/// The questions about one order.
#[derive(Default)]
struct Asked {
    before: Option<Question>,
    after: Option<Question>,
    once: Option<Question>,
    renewal: Option<Question>,
    unknown: Option<String>,
}

fn asked(order: &Order, offers: &Offers) -> Asked {
    let (before, after) = (&offers.before.price, &offers.after.price);
    let mut asked = Asked {
        renewal: renewal(order),
        ..Asked::default()
    };
    // What stays as it is costs what it did.
    if before == after && !order.creates {
        return asked;
    }
    for (side, price, object) in [
        (&mut asked.before, before, &order.before),
        (&mut asked.after, after, &order.after),
    ] {
        match price {
            _ if object.is_none() => {}
            Pricing::Free => {}
            Pricing::Ask(ask) => *side = Some(Question::New(ask.clone())),
            Pricing::Unlisted(why) => asked.unknown = Some((*why).to_owned()),
            Pricing::Open(name) => {
                asked.unknown = Some(format!("{name} is known only during the apply"));
            }
        }
    }
    if let (Some(prior), Some(next), false) = (&order.before, &order.after, order.creates) {
        asked.once = change(prior, next);
    }
    asked
}

fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// Another type for a subscription that goes on.
fn change(prior: &Object, next: &Object) -> Option<Question> {
    let subscribed = |object| text(object, "instance_charge_type") == Some("PrePaid");
    let (old, new) = (text(prior, "instance_type")?, text(next, "instance_type")?);
    (old != new && subscribed(prior) && subscribed(next)).then(|| Question::Change {
        id: text(prior, "id").unwrap_or_default().to_owned(),
        instance_type: new.to_owned(),
    })
}

/// The next renewal of a subscription that is told to renew itself.
fn renewal(order: &Order) -> Option<Question> {
    let (prior, next) = (order.before.as_ref()?, order.after.as_ref()?);
    let renews = text(next, "renewal_status") == Some("AutoRenewal")
        && text(prior, "instance_charge_type") == Some("PrePaid")
        && !order.creates;
    let same = ["renewal_status", "auto_renew_period", "period_unit"]
        .iter()
        .all(|name| prior.get(name) == next.get(name));
    let count = next.get("auto_renew_period").and_then(Value::as_int)?;
    let term = match text(next, "period_unit") {
        Some("Week") => Term::Weeks(count),
        _ => Term::Months(count),
    };
    (renews && !same).then(|| Question::Renewal {
        id: text(prior, "id").unwrap_or_default().to_owned(),
        term,
    })
}

impl Asked {
    fn questions(&self) -> impl Iterator<Item = &Question> {
        [&self.before, &self.after, &self.once, &self.renewal]
            .into_iter()
            .flatten()
    }

    fn costs(&self, answers: &Answers) -> Costs {
        let mut costs = Costs {
            unknown: self.unknown.clone(),
            ..Costs::default()
        };
        for (question, to) in [
            (&self.before, &mut costs.before),
            (&self.after, &mut costs.after),
            (&self.once, &mut costs.once),
            (&self.renewal, &mut costs.renewal),
        ] {
            match question.as_ref().map(|it| (it, answers.get(it))) {
                Some((question, Some(Ok(price)))) => *to = Some(cost(question, price)),
                Some((_, Some(Err(error)))) => {
                    costs.unknown = Some(clause(error));
                }
                _ => {}
            }
        }
        // A subscription goes on: of it, only the change is paid now.
        if let (Some(_), Some(after)) = (&self.once, &mut costs.after) {
            after.upfront = None;
        }
        costs
    }
}

fn cost(question: &Question, (currency, amount): &(String, f64)) -> Cost {
    let (term, note) = match question {
        Question::New(ask) => (Some(ask.term), ask.note),
        Question::Renewal { term, .. } => (Some(*term), None),
        Question::Change { .. } => (None, None),
    };
    let hourly = (term == Some(Term::Hour)).then_some(*amount);
    let monthly = match term {
        Some(Term::Hour) => amount * MONTH,
        Some(term) => amount / term.months(),
        None => 0.0,
    };
    Cost {
        currency: currency.clone(),
        hourly,
        monthly: rounded(monthly),
        upfront: (term != Some(Term::Hour)).then_some(*amount),
        period: term.filter(|term| *term != Term::Hour).map(|term| {
            let (unit, count) = term.asked();
            format!("{count} {unit}")
        }),
        note: note.map(ToOwned::to_owned),
    }
}

async fn price(client: &Client, question: &Question) -> Result<(String, f64), ApiError> {
    let call = match question {
        Question::New(ask) => {
            let (unit, period) = ask.term.asked();
            let mut call = Call::read(Product::Ecs, "DescribePrice");
            call.params.clone_from(&ask.params);
            call.param("PriceUnit", unit)
                .param("Period", period.to_string())
        }
        Question::Change { id, instance_type } => {
            Call::read(Product::Ecs, "DescribeInstanceModificationPrice")
                .param("InstanceId", id)
                .param("InstanceType", instance_type)
        }
        Question::Renewal { id, term } => {
            let (unit, period) = term.asked();
            Call::read(Product::Ecs, "DescribeRenewalPrice")
                .param("ResourceId", id)
                .param("ResourceType", "instance")
                .param("PriceUnit", unit)
                .param("Period", period.to_string())
        }
    };
    let answer = client.call(&call).await?;
    let price = at(&answer, "PriceInfo.Price");
    let field = |name: &str| price.and_then(|price| price.get(name));
    let trade = field("TradePrice").and_then(Json::as_f64);
    let currency = field("Currency").and_then(Json::as_str);
    match (currency, trade) {
        (Some(currency), Some(trade)) => Ok((currency.to_owned(), trade)),
        _ => {
            let mut error = ApiError::local("MissingPrice", "its answer has no price");
            error.action = call.action.to_owned();
            Err(error)
        }
    }
}
