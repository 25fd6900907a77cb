//! What the cloud said beforehand, below the plan: instances of one block with the same answer together.

use std::fmt::Write as _;

use crate::model::preflight::{Checked, Cost, Outcome, Preflight, Price, Quota};

use super::{
    line::{Lines, Role},
    value::harmless,
};

/// Returns the lines of a preflight.
pub(super) fn preflight(found: &Preflight, lines: &mut Lines) {
    lines.line("");
    lines.line("").add(Role::Bold, "Preflight:");
    lines.plain(" nothing was changed to learn this.");
    let nothing = found.checks.is_empty() && found.quotas.is_empty();
    if nothing && found.prices.is_empty() && found.unpriced.is_empty() {
        lines.line("");
        lines.line("  There is nothing to ask about.");
        return;
    }
    checks(found, lines);
    quotas(&found.quotas, lines);
    prices(found, lines);
}

/// Instances of one block that share a text.
struct Group {
    first: String,
    block: String,
    count: usize,
    text: String,
    outcome: Outcome,
}

impl Group {
    fn name(&self) -> String {
        match self.count {
            1 => self.first.clone(),
            count => format!("{} ({count} instances)", self.block),
        }
    }
}

/// Puts instances of one block with the same answer together, in their order.
fn grouped<'a>(all: impl Iterator<Item = (&'a str, Outcome, String)>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (address, outcome, text) in all {
        let block = address.split('[').next().unwrap_or(address);
        let next = groups.len();
        let at = *places
            .entry((block.to_owned(), outcome, text.clone()))
            .or_insert(next);
        if at == next {
            groups.push(Group {
                first: address.to_owned(),
                block: block.to_owned(),
                count: 0,
                text,
                outcome,
            });
        }
        groups[at].count += 1;
    }
    groups
}

fn checks(found: &Preflight, lines: &mut Lines) {
    for (check, title) in [(Checked::Request, "Requests"), (Checked::Stock, "Stock")] {
        let of = found.checks.iter().filter(|it| it.check == check);
        let groups = grouped(of.map(|it| (it.address.as_str(), it.outcome, it.detail.clone())));
        if groups.is_empty() {
            continue;
        }
        heading(title, lines);
        for group in groups {
            told(group.outcome, &group.name(), &group.text, lines);
        }
    }
}

fn heading(title: &str, lines: &mut Lines) {
    lines.line("");
    lines.line("  ").add(Role::Bold, title);
}

fn told(outcome: Outcome, name: &str, text: &str, lines: &mut Lines) {
    let (role, word) = match outcome {
        Outcome::Passed => (Role::Green, "passed"),
        Outcome::Refused => (Role::BoldRed, "refused"),
        Outcome::Unchecked => (Role::Yellow, "not checked"),
    };
    lines.line("    ").add(role, word).plain("  ");
    lines.plain(&harmless(name));
    if !text.is_empty() {
        lines.plain(": ").plain(&harmless(text));
    }
}

fn quotas(quotas: &[Quota], lines: &mut Lines) {
    if quotas.is_empty() {
        return;
    }
    heading("Quotas", lines);
    for quota in quotas {
        let mut text = format!("{} more", quota.planned);
        match (quota.used, quota.limit) {
            (Some(used), Some(limit)) => {
                let _ = write!(text, ", {used} of {limit} in use");
            }
            _ => {
                let _ = write!(text, ", {}", quota.detail);
            }
        }
        let name = format!("{} in {}", quota.name, quota.region);
        told(quota.outcome, &name, &text, lines);
    }
}

fn prices(found: &Preflight, lines: &mut Lines) {
    if found.prices.is_empty() && found.unpriced.is_empty() {
        return;
    }
    heading("Prices", lines);
    let all = found.prices.iter();
    for group in grouped(all.map(|it| (it.address.as_str(), Outcome::Passed, price(it)))) {
        lines
            .line("    ")
            .plain(&harmless(&group.name()))
            .plain(": ");
        if group.count > 1 {
            lines.plain("each ");
        }
        lines.plain(&harmless(&group.text));
    }
    let all = found.unpriced.iter();
    let unknown = all.map(|it| (it.address.as_str(), Outcome::Unchecked, it.reason.clone()));
    for group in grouped(unknown) {
        let name = group.name();
        lines.line("    ").plain(&harmless(&name)).plain(": ");
        lines.add(Role::Yellow, "not known").plain(", ");
        lines.plain(&harmless(&group.text));
    }
    for total in &found.totals {
        let currency = &total.currency;
        let mut text = format!("{} {currency} a month", signed(total.monthly));
        if total.hourly != 0.0 {
            let _ = write!(text, " ({} an hour)", signed(total.hourly));
        }
        if total.upfront != 0.0 {
            let _ = write!(text, ", and {} {currency} at once", money(total.upfront));
        }
        lines
            .line("    ")
            .add(Role::Bold, "Total change")
            .plain(": ");
        lines.plain(&harmless(&text));
        if !found.unpriced.is_empty() {
            lines.plain(", besides what is not known");
        }
    }
}

fn price(price: &Price) -> String {
    let mut text = match (&price.before, &price.after) {
        (None, Some(after)) => cost(after),
        (Some(before), None) => format!("{} no more", cost(before)),
        (Some(before), Some(after)) if before == after => format!("{}, as before", cost(after)),
        (Some(before), Some(after)) => format!("{} instead of {}", cost(after), cost(before)),
        (None, None) => String::new(),
    };
    let mut more = |part: String| {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&part);
    };
    if let Some(once) = &price.once {
        let amount = money(once.upfront.unwrap_or(0.0));
        more(format!("{amount} {} for the change", once.currency));
    }
    if let Some(renewal) = &price.renewal {
        more(format!("{} at each renewal", cost(renewal)));
    }
    text
}

fn cost(cost: &Cost) -> String {
    let currency = &cost.currency;
    let monthly = money(cost.monthly);
    let mut text = match (cost.hourly, cost.upfront, &cost.period) {
        (Some(hourly), ..) => {
            format!("{} {currency} an hour ({monthly} a month)", money(hourly))
        }
        (None, Some(upfront), Some(period)) => {
            let period = period.to_lowercase();
            format!(
                "{} {currency} for {period} ({monthly} a month)",
                money(upfront)
            )
        }
        _ => format!("{monthly} {currency} a month"),
    };
    if let Some(note) = &cost.note {
        let _ = write!(text, "; {note}");
    }
    text
}

/// Writes an amount with two decimals, or as many as it has up to five.
fn money(amount: f64) -> String {
    let text = format!("{amount:.5}");
    let least = text.find('.').map_or(text.len(), |at| at + 3);
    let mut end = text.len();
    while end > least && text.as_bytes()[end - 1] == b'0' {
        end -= 1;
    }
    text[..end].to_owned()
}

fn signed(amount: f64) -> String {
    let text = money(amount);
    if amount > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}
