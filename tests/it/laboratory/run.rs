//! One life of a manifest.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use fastrand::Rng;
use serde_json::{Value as Json, json};

use super::{
    check::{self, Ids},
    machine::{Cloud, Desk, Ran},
    manifest::Manifest,
    mishaps::{Kills, Mishap},
};

/// What a life came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub applies: usize,
    /// Applies that were let alone, and looked at.
    pub settled: usize,
    /// Of those, how many needed a second run.
    pub second: usize,
    pub kills: Kills,
    /// How often the cloud had forgotten its tokens.
    pub forgotten: usize,
    /// Of those, how often a person was asked to look.
    pub asked: usize,
}

impl Counts {
    /// Adds those of another life.
    pub fn add(&mut self, other: &Self) {
        let (kills, more) = (&mut self.kills, &other.kills);
        for (sum, one) in [
            (&mut self.applies, other.applies),
            (&mut self.settled, other.settled),
            (&mut self.second, other.second),
            (&mut self.forgotten, other.forgotten),
            (&mut self.asked, other.asked),
            (&mut kills.program, more.program),
            (&mut kills.cloud, more.cloud),
            (&mut kills.power, more.power),
            (&mut kills.disk, more.disk),
            (&mut kills.race, more.race),
        ] {
            *sum += one;
        }
    }

    /// How many processes were killed.
    pub fn killed(&self) -> usize {
        self.kills.program + self.kills.cloud + self.kills.power
    }
}

/// Seconds of a day, and of what a clock may jump without a token growing too old.
const DAY: i64 = 24 * 60 * 60;
const JUMPS: &[i64] = &[0, 0, 0, 3 * 60 * 60, -3 * 60 * 60, 20 * 60 * 60];
/// How often an apply that is let alone may have to be run.
const RUNS: usize = 2;

const APPLY: &[&str] = &["apply", "-auto-approve", "-no-color"];
const DESTROY: &[&str] = &["destroy", "-auto-approve", "-no-color"];

struct Life {
    random: Rng,
    manifest: Manifest,
    cloud: Cloud,
    desk: Desk,
    counts: Counts,
    story: String,
    /// The ids of what was there when it was last looked at, by what tells whether they must be the same.
    identities: BTreeMap<String, String>,
    lineage: Option<Json>,
    /// Whether a person has imported what was found.
    imported: bool,
}

/// Lives the life of a seed in this folder; the error is its story.
pub fn live(program: &Path, folder: &Path, seed: u64) -> Result<Counts, String> {
    let mut random = Rng::with_seed(seed);
    let profile = if random.u8(..4) == 0 {
        "fast"
    } else {
        "instant"
    };
    let cloud = Cloud::start(program, &folder.join("cloud"), profile);
    let desk = Desk::new(program, &folder.join("desk"), &cloud.address);
    let manifest = Manifest::new(&mut random);
    let mut life = Life {
        random,
        manifest,
        cloud,
        desk,
        counts: Counts::default(),
        story: format!("seed {seed}, profile {profile}\n"),
        identities: BTreeMap::new(),
        lineage: None,
        imported: false,
    };
    let lived = life.live();
    let counts = life.counts;
    lived.map(|()| counts).map_err(|wrong| {
        let story = format!("{}\n{wrong}\n", life.story);
        let _ = fs::write(folder.join("story.txt"), &story);
        story
    })
}

impl Life {
    fn live(&mut self) -> Result<(), String> {
        for round in 0..self.random.usize(2..=4) {
            if round > 0 {
                for _ in 0..self.random.usize(1..=4) {
                    let edit = self.manifest.edit(&mut self.random);
                    self.tell(&edit);
                }
            }
            self.round(APPLY)?;
        }
        self.tell("everything is to go");
        self.manifest.blocks.clear();
        self.round(DESTROY)
    }

    fn tell(&mut self, what: &str) {
        writeln!(self.story, "{what}").expect("a string takes all");
    }

    /// Mishaps, and then an apply that is let alone.
    fn round(&mut self, command: &[&str]) -> Result<(), String> {
        // A destruction is one of what was last applied.
        if command == APPLY {
            self.write();
        }
        for _ in 0..self.random.usize(2..=5) {
            let jump = *self.random.choice(JUMPS).expect("there are some");
            let mishap = Mishap::any(&mut self.random);
            self.tell(&format!("{} {mishap:?}, the clock {jump} s", command[0]));
            self.desk.ahead += jump;
            self.counts.applies += 1;
            let kills = &mut self.counts.kills;
            mishap.befall(&self.desk, &mut self.cloud, command, kills)?;
            self.desk.ahead -= jump;
            // Who looks at what is half done changes his mind.
            if command == APPLY && self.random.u8(..4) == 0 {
                let edit = self.manifest.edit(&mut self.random);
                self.tell(&edit);
                self.write();
            }
        }
        let forgotten = self.random.u8(..12) == 0;
        if forgotten {
            self.tell("two days pass");
            self.cloud
                .set("clock", &json!({ "days": 2, "dates": true }));
            self.desk.ahead += 2 * DAY;
            self.counts.forgotten += 1;
        }
        self.settle(command, forgotten)?;
        self.look(command)
    }

    fn write(&self) {
        self.desk.write("main.tf", &self.manifest.text());
    }

    fn settle(&mut self, command: &[&str], forgotten: bool) -> Result<(), String> {
        let mut last = String::new();
        let mut asked = false;
        for run in 0..RUNS + usize::from(forgotten) {
            let ran = self.desk.run(command);
            self.counts.applies += 1;
            if ran.in_time()? == Some(0) {
                self.counts.second += usize::from(run > 0 && !asked);
                return Ok(());
            }
            if forgotten
                && !asked
                && ran
                    .said
                    .contains("Cannot tell whether an object was created")
            {
                asked = true;
                self.counts.asked += 1;
                self.answer(&ran)?;
            }
            last = format!("exit {:?}\n{}", ran.code, ran.said);
            self.tell(&format!("not settled by run {run}: {last}"));
        }
        Err(format!("does not settle: {last}"))
    }

    /// Does what the error says: looks for the object, and imports or forgets it.
    fn answer(&mut self, ran: &Ran) -> Result<(), String> {
        let said: Vec<&str> = ran
            .said
            .split_whitespace()
            .filter(|it| *it != "│")
            .collect();
        let said = said.join(" ");
        let addresses = said.match_indices("prov state rm '").map(|(at, mark)| {
            let rest = &said[at + mark.len()..];
            rest.split('\'').next().unwrap_or_default().to_owned()
        });
        let state = self.state();
        let ids = state.as_ref().map_or_else(Ids::new, |it| check::ids(it).0);
        for address in addresses.collect::<Vec<_>>() {
            let world = self.cloud.world();
            let found = check::look_for(&self.manifest, &address, &ids, &world);
            let done = match &found {
                Some(id) => self.desk.run(&["import", &address, id]),
                None => self.desk.run(&["state", "rm", &address]),
            };
            self.imported |= found.is_some();
            self.tell(&format!("looked for {address}: {found:?}"));
            if done.code != Some(0) {
                return Err(format!("{address} cannot be settled by hand: {done:?}"));
            }
        }
        Ok(())
    }

    fn state(&self) -> Option<Json> {
        serde_json::from_str(&self.desk.read("terraform.tfstate")?).ok()
    }

    /// Compares manifest, state and world.
    fn look(&mut self, command: &[&str]) -> Result<(), String> {
        self.counts.settled += 1;
        self.manifest.settled();
        let state = match self.state() {
            Some(state) => state,
            // Nothing was ever made.
            None if self.manifest.blocks.is_empty() => json!({ "resources": [] }),
            None => return Err("there is no state".to_owned()),
        };
        // What goes after what it belongs to takes a moment.
        let end = Instant::now() + Duration::from_secs(5);
        let mut wrong = loop {
            let mut wrong = check::differences(&self.manifest, &state, &self.cloud.world());
            // An instance that was imported runs or not, as it was found.
            wrong.retain(|it| !(self.imported && it.contains(": state is ")));
            if wrong.is_empty() || Instant::now() > end {
                break wrong;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        self.same_ones(&state, &mut wrong);
        for name in ["terraform.tfstate.journal", ".terraform.tfstate.lock"] {
            if self.desk.folder.join(name).exists() {
                wrong.push(format!("{name} is left"));
            }
        }
        if command == APPLY && self.random.u8(..3) == 0 {
            self.desk.write("main.tf", &self.manifest.text());
            let plan = self.desk.run(&["plan", "-detailed-exitcode", "-no-color"]);
            if plan.code != Some(0) {
                wrong.push(format!("the next plan is not empty: {plan:?}"));
            }
        }
        if wrong.is_empty() {
            self.tell("as it should be");
            return Ok(());
        }
        Err(wrong.join("\n"))
    }

    /// What was not to be replaced is what it was, and the state is the same one.
    fn same_ones(&mut self, state: &Json, wrong: &mut Vec<String>) {
        let lineage = self.lineage.get_or_insert_with(|| state["lineage"].clone());
        if *lineage != state["lineage"] {
            wrong.push("the state is another one".to_owned());
        }
        let (ids, _) = check::ids(state);
        let mut identities = BTreeMap::new();
        for block in &self.manifest.blocks {
            let Some(identity) = self.manifest.identity(block) else {
                continue;
            };
            for (at, address) in block.addresses().into_iter().enumerate() {
                let Some(id) = ids.get(&address) else {
                    continue;
                };
                let identity = format!("{identity} {at}");
                let before = self.identities.get(&identity);
                if before.is_some_and(|before| before != id) {
                    wrong.push(format!(
                        "{address} was replaced for no reason: {before:?} {id}"
                    ));
                }
                identities.insert(identity, id.clone());
            }
        }
        self.identities = identities;
    }
}
