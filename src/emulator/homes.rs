//! The worlds of all accounts: one is turned to at a time, and what concerns all is done to each.

use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};

use super::clock::Clock;
use super::control;
use super::faults::Plan;
use super::market::Market;
use super::store::{self, Store};
use super::throttle::Throttle;
use super::world::{ACCOUNT, World};
use super::{Cloud, Options};

/// The world of an account, and where it is kept.
pub(super) struct Home {
    pub(super) world: World,
    pub(super) store: Option<Store>,
}

impl Home {
    /// Opens the world of an account: that of the emulator's own keys is in the data directory itself.
    pub(super) fn open(options: &Options, plan: &Plan, account: &str) -> io::Result<Self> {
        let mut world = World::new(options.seed, Clock::new(options.profile)).of(account);
        let data = options.data.as_deref().map(|data| match account {
            ACCOUNT => data.to_owned(),
            account => data.join(ACCOUNTS).join(account),
        });
        let store = data
            .map(|data| Store::open(&data, &mut world))
            .transpose()?;
        world.obey(plan);
        Ok(Self { world, store })
    }
}

/// The directory of the other accounts' worlds.
const ACCOUNTS: &str = "accounts";

impl Cloud {
    /// Begins anew with empty worlds.
    pub(super) fn reset(&mut self) -> io::Result<()> {
        let options = &self.options;
        self.plan = Plan::new(options.faults.clone().unwrap_or_default());
        self.calls = control::Calls::default();
        self.throttle = Throttle::default();
        for world in worlds(&mut self.world, &mut self.others) {
            let empty = World::new(options.seed, Clock::new(options.profile));
            *world = empty.of(&world.account);
            world.obey(&self.plan);
        }
        self.each_store(Store::fold)
    }

    /// Takes other faults, limits, lengths and quotas.
    pub(super) fn obey(&mut self, plan: Plan) {
        self.plan = plan;
        for world in worlds(&mut self.world, &mut self.others) {
            world.obey(&self.plan);
        }
    }

    /// Takes another catalogue, and leaves the rest of the plan as far as it has come.
    pub(super) fn sell(&mut self, market: Market) {
        self.plan.set_market(market);
        for world in worlds(&mut self.world, &mut self.others) {
            world.market = self.plan.market();
        }
    }

    /// Lets seconds pass at once: what ends by then has ended. A world that is kept goes on from there.
    pub(super) fn let_pass(&mut self, seconds: u64, dates: bool) -> io::Result<()> {
        let passed = seconds.saturating_mul(1000);
        if dates {
            self.dates_ahead = self.dates_ahead.saturating_add(passed);
        }
        for world in worlds(&mut self.world, &mut self.others) {
            let ahead = &mut world.clock.ahead;
            *ahead = ahead.saturating_add(passed);
        }
        let ahead = self.world.clock.ahead;
        match &self.options.data {
            Some(data) => store::keep_clock(data, ahead, self.dates_ahead),
            None => Ok(()),
        }
    }

    /// Turns to the world of an account.
    pub(super) fn enter(&mut self, account: &str) -> io::Result<()> {
        if self.world.account == account {
            return Ok(());
        }
        let mut home = match self.others.remove(account) {
            Some(home) => home,
            None => Home::open(&self.options, &self.plan, account)?,
        };
        home.world.clock.ahead = self.world.clock.ahead;
        std::mem::swap(&mut self.world, &mut home.world);
        std::mem::swap(&mut self.store, &mut home.store);
        self.others.insert(home.world.account.clone(), home);
        Ok(())
    }

    /// Does something with the store of every account and its world.
    pub(super) fn each_store(
        &mut self,
        act: fn(&mut Store, &World) -> io::Result<()>,
    ) -> io::Result<()> {
        let others = self.others.values_mut();
        let others = others.map(|home| (&mut home.store, &home.world));
        for (store, world) in others.chain([(&mut self.store, &self.world)]) {
            if let Some(store) = store {
                act(store, world)?;
            }
        }
        Ok(())
    }

    /// What an account has.
    pub(super) fn describe(&mut self, account: &str) -> Value {
        if self.world.account != account && !self.others.contains_key(account) {
            return World::new(0, self.world.clock.clone()).describe();
        }
        match self.enter(account) {
            Ok(()) => {
                self.world.settle();
                self.world.describe()
            }
            Err(error) => json!({ "error": error.to_string() }),
        }
    }
}

/// The worlds of all accounts.
fn worlds<'a>(
    world: &'a mut World,
    others: &'a mut HashMap<String, Home>,
) -> impl Iterator<Item = &'a mut World> {
    let others = others.values_mut().map(|home| &mut home.world);
    others.chain([world])
}

/// Opens the worlds that other accounts have left in the data directory.
pub(super) fn others(options: &Options, plan: &Plan) -> io::Result<HashMap<String, Home>> {
    let mut found = HashMap::new();
    let Some(data) = &options.data else {
        return Ok(found);
    };
    let entries = match std::fs::read_dir(data.join(ACCOUNTS)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    for entry in entries {
        if let Ok(account) = entry?.file_name().into_string() {
            let home = Home::open(options, plan, &account)?;
            found.insert(account, home);
        }
    }
    Ok(found)
}
