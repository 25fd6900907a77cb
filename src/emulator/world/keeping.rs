//! The world as it is kept and shown: what changed, everything, how it is loaded again, and how it was before.

use serde_json::value::to_raw_value;
use serde_json::{Map, Value, json};

use super::World;
use crate::emulator::clock::Millis;
use crate::emulator::table::Change;

impl World {
    /// Looks at everything as it was at an instant, or again as it is.
    pub(in crate::emulator) fn look_at(&mut self, view: Option<Millis>) {
        for rows in self.tables_mut() {
            rows.look_at(view);
        }
    }

    /// What changed since the last call, as the log wants it.
    pub(in crate::emulator) fn changes(&mut self) -> Vec<Change> {
        let horizon = self.now.saturating_sub(10_000);
        let mut changes = Vec::new();
        for rows in self.tables_mut() {
            rows.forget_before(horizon);
            rows.changes(&mut changes);
        }
        let rescheduled = std::mem::take(&mut self.rescheduled);
        if !changes.is_empty() || !rescheduled.is_empty() {
            changes.push(self.ledger(&rescheduled));
        }
        changes
    }

    /// Tells everything, as changes.
    pub(in crate::emulator) fn snapshot(
        &self,
        put: &mut dyn FnMut(Change) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        for rows in self.tables() {
            rows.snapshot(put)?;
        }
        let departures: Vec<(Millis, String, bool)> = self
            .departures
            .iter()
            .map(|(due, id)| (*due, id.clone(), true))
            .collect();
        put(self.ledger(&departures))
    }

    fn ledger(&self, rescheduled: &[(Millis, String, bool)]) -> Change {
        Change {
            kind: "ledger".to_owned(),
            id: "ledger".to_owned(),
            serial: 0,
            object: to_raw_value(&(self.counter, rescheduled)).ok(),
        }
    }

    /// Takes a change from the log.
    pub(in crate::emulator) fn load(&mut self, change: Change) -> Result<(), serde_json::Error> {
        if let Some(rows) = self.table_mut(&change.kind) {
            return rows.load(change);
        }
        if let Some(object) = change.object {
            let rescheduled: Vec<(Millis, String, bool)>;
            (self.counter, rescheduled) = serde_json::from_str(object.get())?;
            for (due, id, leaves) in rescheduled {
                self.schedule(due, &id, leaves);
            }
            self.rescheduled.clear();
        }
        Ok(())
    }

    /// Builds the indexes after loading.
    pub(in crate::emulator) fn reindex(&mut self) {
        self.taken.clear();
        self.members.clear();
        let interfaces = std::mem::take(&mut self.interfaces);
        for interface in interfaces.iter() {
            self.index(interface);
        }
        self.interfaces = interfaces;
        let balancers = std::mem::take(&mut self.load_balancers);
        for balancer in balancers.iter() {
            self.occupy(balancer);
        }
        self.load_balancers = balancers;
        let of_instances = self.instances.iter().filter_map(|it| it.public_ip.as_ref());
        let of_balancers = self.load_balancers.iter().map(|it| &it.address);
        let public = of_instances
            .chain(self.eips.iter().map(|it| &it.address))
            .chain(of_balancers);
        self.public = public.filter_map(|text| text.parse().ok()).collect();
        for rows in self.tables_mut() {
            rows.refresh();
        }
    }

    /// What exists, for people and tests.
    pub(in crate::emulator) fn describe(&self) -> Value {
        let reported = self
            .tables()
            .into_iter()
            .filter(|rows| !rows.plural().is_empty());
        let mut all: Map<String, Value> = reported
            .map(|rows| {
                (
                    rows.plural().to_owned(),
                    Value::Array(rows.describe(self.now)),
                )
            })
            .collect();
        for (name, add) in ADDED {
            for object in all
                .get_mut(*name)
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                add(self, object);
            }
        }
        Value::Object(all)
    }
}

/// Adds to what the report of the world says of an object.
type Addition = fn(&World, &mut Value);

/// What the report of the world says of some objects beside their own fields.
const ADDED: &[(&str, Addition)] = &[
    ("instances", |world, object| {
        let instance = object["id"].as_str().and_then(|id| world.instances.get(id));
        let primary = instance.and_then(|instance| instance.interfaces.first());
        if let Some(primary) = primary.and_then(|id| world.interfaces.get(id)) {
            object["private_ip"] = json!(primary.addresses.first());
        }
    }),
    ("key_pairs", |_, object| {
        object["id"] = object["pair_id"].clone()
    }),
];
