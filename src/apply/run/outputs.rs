//! What is left when all steps are done: the output values, and what became of all conditions.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use super::Engine;
use crate::{
    apply::journal::Record,
    backend::format::Encoded,
    eval,
    model::{ResourceAddress, Severity, Value, plan::Mode, state::Output},
    plan::checks,
};

impl Engine<'_, '_> {
    /// Records the output values as far as they are known, and what the conditions came to.
    pub(super) async fn outputs(&mut self) {
        if self.broken || self.left {
            return;
        }
        let before = self.store.state().outputs.clone();
        let mut outputs = before.clone();
        let clean =
            self.summary.failed.is_empty() && self.summary.skipped.is_empty() && !self.stopping;
        match self.planned.plan.mode {
            Mode::Destroy => {
                if clean && self.planned.plan.targets.is_empty() {
                    outputs.clear();
                }
            }
            Mode::Normal | Mode::RefreshOnly => self.evaluated(clean, &mut outputs),
        }
        let same = before.len() == outputs.len()
            && before.iter().all(|(name, old)| {
                outputs.get(name).is_some_and(|new| {
                    new.sensitive == old.sensitive && new.value.order(&old.value).is_eq()
                })
            });
        if !same {
            self.batch.push(Record::Outputs {
                outputs: Encoded::outputs(&outputs),
            });
        }
        let results = self.planned.checks.to_state();
        if self.store.state().check_results != results {
            self.batch.push(Record::Checks { results });
        }
        if !self.batch.is_empty() {
            self.flush().await;
        }
    }

    fn evaluated(&mut self, clean: bool, outputs: &mut BTreeMap<String, Output>) {
        let module = self.run.module;
        if clean {
            let planned = &mut self.planned;
            checks::applied(&planned.values, &mut planned.checks, self.diags);
            checks::variables(&planned.values, &mut planned.checks, self.diags);
            checks::outputs_below(&planned.values, &mut planned.checks, self.diags);
        }
        if clean && self.planned.plan.targets.is_empty() {
            outputs.retain(|name, _| module.outputs.contains_key(name.as_str()));
        }
        let undone: HashSet<Arc<ResourceAddress>> = self
            .summary
            .failed
            .iter()
            .chain(self.summary.skipped.iter().map(|(address, _)| address))
            .map(|address| address.resource.config())
            .collect();
        let blocks = &self.planned.blocks;
        let ready = |name: &str| {
            let needs = blocks.output_needs.get(name);
            needs.is_none_or(|needs| needs.iter().all(|need| !undone.contains(need)))
        };
        let planned = |name: &str| self.planned.plan.outputs.contains_key(name);
        let names = module.outputs.iter();
        let ready: Vec<_> = names
            .filter(|(name, _)| planned(name) && ready(name))
            .collect();
        for (name, output) in ready {
            let value = eval::evaluate(&output.value, &self.planned.values);
            let Some(value) = value.ok().filter(Value::is_wholly_known) else {
                continue;
            };
            let planned = &mut self.planned;
            let broken = checks::output(&planned.values.root(), output, &mut planned.checks);
            let holds = broken.iter().all(|it| it.severity != Severity::Error);
            self.diags.extend(broken);
            if !holds {
                continue;
            }
            let value = value.unmarked_deep();
            if value.is_null() {
                outputs.remove(&**name);
                continue;
            }
            let kept = Output {
                ty: value.type_of(),
                value,
                sensitive: output.sensitive,
            };
            outputs.insert(name.to_string(), kept);
        }
    }
}
