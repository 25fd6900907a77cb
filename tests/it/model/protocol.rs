//! The protocol as a state machine: two processes, a disk and a cloud, which may be cut short anywhere.
//!
//! Left out: more than one address (tokens never depend on another one), what a half-written file looks like (the
//! disk's trials have that), and a call that arrives, or is sent, a day after its intent was written.

use std::collections::BTreeMap;

use stateright::{Model, Property};

use super::records::{Id, Rec, Settling, Slot, Token, View, view};

/// What can be broken on purpose, to see that the checker sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// The intent is written when the answer is there.
    IntentAfterTheCall,
    /// A token does not hang on what was there before.
    TokenWithoutPredecessor,
    /// A write does not look whose the lease is.
    LeaseWithoutFence,
    /// The journal is removed before the snapshot is there.
    ForgetBeforeFold,
    /// A token is believed in for ever.
    TokensLiveForEver,
    /// What is open is not settled, but planned anew.
    NoRecovery,
}

/// How much may happen.
#[derive(Clone, Copy, Debug)]
pub struct Lab {
    pub mutant: Option<Mutant>,
    pub processes: usize,
    /// How many changes are planned in all.
    pub changes: u8,
    pub kills: u8,
    /// How many answers are lost.
    pub losses: u8,
    pub refusals: u8,
    /// How often a lock is broken while its holder lives.
    pub breaks: u8,
    /// Days that pass, each of which makes the cloud forget its tokens.
    pub days: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub cloud: Cloud,
    pub disk: Disk,
    pub processes: Vec<Process>,
    /// What was acknowledged, by anyone, in its order.
    pub truth: Vec<Rec>,
    day: u8,
    changes: u8,
    kills: u8,
    losses: u8,
    refusals: u8,
    breaks: u8,
    /// Whether a call of a process that is dead, or has lost its lease, has deleted what the state still has: the next
    /// refresh sees it.
    drift: bool,
    /// Whether a person was asked to look.
    pub told: bool,
    /// Whether a create call was answered with what it had made before.
    pub repeated: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cloud {
    /// What exists, and the token that it was made with.
    pub live: BTreeMap<Id, Token>,
    /// The answers that are remembered; `None` for a refusal.
    tokens: BTreeMap<Token, Option<Id>>,
    next: Id,
    /// Calls of processes that are dead, which may still arrive.
    late: Vec<Call>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Disk {
    snapshot: Vec<Rec>,
    serial: u8,
    journal: Vec<Rec>,
    /// The serial of the snapshot that the journal says that it is in.
    folded: Option<u8>,
    /// The fence of the lease that the lock file has.
    lock: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    Create(Token),
    Delete(Id),
}

/// What is still to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Todo {
    Create,
    Destroy(Slot),
    Depose,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Process {
    phase: Phase,
    lease: u8,
    /// All records, those of the snapshot too.
    records: Vec<Rec>,
    serial: u8,
    /// Whether it has got as far as its plan.
    planned: bool,
    todo: Vec<Todo>,
    /// Whether an object that was gone was asked for once more.
    anew: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Phase {
    #[default]
    Idle,
    Locked,
    Recovering,
    Planning,
    Working,
    /// The intent is durable (or so one thinks), the call has not left.
    Intended(Call),
    /// The call has left.
    Waiting(Call),
    /// `None` is a refusal, or the answer to a deletion.
    Answered(Call, Option<Id>),
    /// The id is durable, the object was not seen.
    Settling(Id),
    Closing,
    Marked,
    Put,
    Folded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    Nothing,
    Create,
    Destroy,
    DestroyCreate,
    CreateDestroy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The process does what comes next.
    Step(usize),
    Plan(usize, Change),
    /// The answer does not come: the call was carried out, or was not.
    Lose(usize, bool),
    Refuse(usize),
    /// The process is killed. A call that is under way arrives, or never does, or does late.
    Kill(usize),
    KillAndArrive(usize),
    KillAndLinger(usize),
    /// A call of a dead process arrives.
    Arrive(usize),
    BreakLock,
    Day,
}

impl Disk {
    /// What a reader finds.
    pub fn read(&self) -> Vec<Rec> {
        let mut all = self.snapshot.clone();
        if self.folded != Some(self.serial) {
            all.extend(&self.journal);
        }
        all
    }
}

impl World {
    fn running(&self, at: usize) -> bool {
        self.processes[at].phase != Phase::Idle
    }

    fn view(&self, at: usize) -> Option<View> {
        view(&self.processes[at].records)
    }

    /// Whether a process holds the kernel's lock on the file that is there.
    fn held(&self) -> bool {
        let holds = |it: &Process| it.phase != Phase::Idle && Some(it.lease) == self.disk.lock;
        self.processes.iter().any(holds)
    }

    /// Ends a process: all that it knew is gone.
    fn end(&mut self, at: usize) {
        self.processes[at] = Process::default();
    }

    /// Carries a call out, of a process if it lives.
    fn carry_out(&mut self, call: Call, caller: Option<usize>) -> Option<Id> {
        let lease = caller.map(|at| self.processes[at].lease);
        let stranger = lease.is_none() || self.disk.lock != lease;
        match call {
            Call::Create(token) => {
                if let Some(answer) = self.cloud.tokens.get(&token) {
                    self.repeated = true;
                    return *answer;
                }
                let id = self.cloud.next;
                self.cloud.next += 1;
                self.cloud.live.insert(id, token);
                self.cloud.tokens.insert(token, Some(id));
                Some(id)
            }
            Call::Delete(id) => {
                let was_there = self.cloud.live.remove(&id).is_some();
                self.drift |= stranger && was_there;
                None
            }
        }
    }

    fn is_live(&self, id: Id) -> bool {
        self.cloud.live.contains_key(&id)
    }
}

impl Lab {
    /// Makes records durable; a process without its lease ends.
    fn append(&self, world: &mut World, at: usize, records: &[Rec]) -> bool {
        if !self.may_write(world, at) {
            world.end(at);
            return false;
        }
        world.disk.journal.extend(records);
        world.truth.extend(records);
        world.processes[at].records.extend(records);
        true
    }

    fn may_write(&self, world: &World, at: usize) -> bool {
        self.mutant == Some(Mutant::LeaseWithoutFence)
            || world.disk.lock == Some(world.processes[at].lease)
    }

    fn step(&self, world: &mut World, at: usize) -> Option<()> {
        let phase = world.processes[at].phase;
        let next = match phase {
            Phase::Idle => self.lock(world, at)?,
            Phase::Locked => {
                // A journal that is in the snapshot is swept away.
                if world.disk.folded == Some(world.disk.serial) {
                    world.disk.journal.clear();
                    world.disk.folded = None;
                }
                let process = &mut world.processes[at];
                process.records = world.disk.read();
                process.serial = world.disk.serial;
                Phase::Recovering
            }
            Phase::Recovering => self.recover(world, at)?,
            Phase::Planning => return None,
            Phase::Working => self.work(world, at)?,
            Phase::Intended(call) => Phase::Waiting(call),
            Phase::Waiting(call) => {
                let answer = world.carry_out(call, Some(at));
                Phase::Answered(call, answer)
            }
            Phase::Answered(call, answer) => self.answered(world, at, call, answer)?,
            Phase::Settling(id) => self.settle(world, at, id)?,
            Phase::Closing | Phase::Marked | Phase::Put | Phase::Folded => {
                self.close(world, at, phase)?
            }
        };
        if world.running(at) || phase == Phase::Idle {
            world.processes[at].phase = next;
        }
        Some(())
    }

    fn lock(&self, world: &mut World, at: usize) -> Option<Phase> {
        if world.held() || world.told {
            return None;
        }
        // Nobody has it now: what a larger number says is that it is none of those.
        let taken = |fence: &u8| world.processes.iter().any(|it| it.lease == *fence);
        let fence = (1..).find(|fence| !taken(fence))?;
        world.disk.lock = Some(fence);
        world.processes[at].lease = fence;
        Some(Phase::Locked)
    }

    /// Settles what an earlier run left open.
    fn recover(&self, world: &mut World, at: usize) -> Option<Phase> {
        let view = world.view(at)?;
        let day = match self.mutant {
            Some(Mutant::TokensLiveForEver) => view.asked.map_or(world.day, |(_, day)| day),
            _ => world.day,
        };
        let settling = view.settling(day);
        if self.mutant == Some(Mutant::NoRecovery) {
            return Some(Phase::Planning);
        }
        Some(match settling {
            None => Phase::Planning,
            Some(Settling::AskAgain(token)) => Phase::Waiting(Call::Create(token)),
            Some(Settling::Adopt(id)) => Phase::Settling(id),
            Some(Settling::ReadBack(id, slot)) => {
                let record = match (world.is_live(id), slot) {
                    (true, Slot::Current) => Rec::Done(id),
                    // What is aside is read, and deleted by the plan: that is the same as to go on here.
                    (true, Slot::Aside) => {
                        world.cloud.live.remove(&id);
                        Rec::Deleted(id, slot)
                    }
                    (false, _) => Rec::Deleted(id, slot),
                };
                self.append(world, at, &[record]);
                Phase::Recovering
            }
            Some(Settling::Expired) => {
                world.told = true;
                world.end(at);
                Phase::Idle
            }
        })
    }

    /// Begins what comes next: its intent is durable before its call leaves.
    fn work(&self, world: &mut World, at: usize) -> Option<Phase> {
        let view = world.view(at)?;
        if world.processes[at].todo.is_empty() {
            return Some(Phase::Closing);
        }
        let todo = world.processes[at].todo.remove(0);
        Some(match todo {
            Todo::Depose => {
                self.append(world, at, &[Rec::Deposed]);
                Phase::Working
            }
            Todo::Create => self.intend(world, at, &view),
            Todo::Destroy(slot) => {
                let id = match slot {
                    Slot::Current => view.current,
                    Slot::Aside => view.aside,
                };
                let Some(id) = id else {
                    return Some(Phase::Working);
                };
                self.append(world, at, &[Rec::Delete(id, slot)]);
                Phase::Intended(Call::Delete(id))
            }
        })
    }

    fn intend(&self, world: &mut World, at: usize, view: &View) -> Phase {
        let token = match self.mutant {
            Some(Mutant::TokenWithoutPredecessor) => view.next_without_predecessor,
            _ => view.next,
        };
        if self.mutant != Some(Mutant::IntentAfterTheCall) {
            let day = world.day;
            self.append(world, at, &[Rec::Create { token, day }]);
        }
        Phase::Intended(Call::Create(token))
    }

    fn answered(
        &self,
        world: &mut World,
        at: usize,
        call: Call,
        answer: Option<Id>,
    ) -> Option<Phase> {
        let view = world.view(at)?;
        let mut records = Vec::new();
        let next = match (call, answer) {
            (Call::Create(token), Some(id)) => {
                if self.mutant == Some(Mutant::IntentAfterTheCall) && view.asked.is_none() {
                    let day = world.day;
                    records.push(Rec::Create { token, day });
                }
                records.push(Rec::Created(id));
                Phase::Settling(id)
            }
            (Call::Create(_), None) => {
                records.push(Rec::Refused);
                if view.aside.is_some() && view.current.is_none() {
                    records.push(Rec::Restored);
                }
                world.processes[at].todo.clear();
                Phase::Working
            }
            (Call::Delete(id), _) => {
                let slot = if view.aside == Some(id) {
                    Slot::Aside
                } else {
                    Slot::Current
                };
                records.push(Rec::Deleted(id, slot));
                Phase::Working
            }
        };
        self.append(world, at, &records);
        Some(next)
    }

    /// Reads what was made.
    fn settle(&self, world: &mut World, at: usize, id: Id) -> Option<Phase> {
        if world.is_live(id) {
            // A recovery says all that it has read.
            let record = match world.processes[at].planned {
                true => Rec::Settled,
                false => Rec::Done(id),
            };
            self.append(world, at, &[record]);
        } else if self.append(world, at, &[Rec::Deleted(id, Slot::Current)]) {
            // The answer was about an object that is gone: another is asked for, once.
            let process = &mut world.processes[at];
            if process.planned && !process.anew {
                process.anew = true;
                process.todo.insert(0, Todo::Create);
            }
        }
        // A recovery goes on to the plan.
        Some(match world.processes[at].planned {
            true => Phase::Working,
            false => Phase::Recovering,
        })
    }

    /// Folds the journal into a new snapshot, unless something is open, and gives the lock back.
    fn close(&self, world: &mut World, at: usize, phase: Phase) -> Option<Phase> {
        let open = world.view(at)?.open;
        let unfolded = !world.disk.journal.is_empty();
        if phase == Phase::Closing && (open || !unfolded) || phase == Phase::Folded {
            if world.disk.lock == Some(world.processes[at].lease) {
                world.disk.lock = None;
            }
            world.end(at);
            return Some(Phase::Idle);
        }
        if !self.may_write(world, at)
            || phase == Phase::Closing && world.disk.serial != world.processes[at].serial
        {
            world.end(at);
            return Some(Phase::Idle);
        }
        let early = self.mutant == Some(Mutant::ForgetBeforeFold);
        Some(match phase {
            Phase::Closing => {
                world.disk.folded = Some(world.disk.serial + 1);
                Phase::Marked
            }
            Phase::Marked if early => {
                world.disk.journal.clear();
                world.disk.folded = None;
                Phase::Put
            }
            Phase::Put if early => {
                world.disk.snapshot.clone_from(&world.processes[at].records);
                world.disk.serial += 1;
                Phase::Folded
            }
            Phase::Marked => {
                world.disk.snapshot.clone_from(&world.processes[at].records);
                world.disk.serial += 1;
                Phase::Put
            }
            _ => {
                world.disk.journal.clear();
                world.disk.folded = None;
                Phase::Folded
            }
        })
    }

    /// Takes a plan: what the refresh misses is written down first.
    fn plan(&self, world: &mut World, at: usize, change: Change) -> Option<()> {
        let view = world.view(at)?;
        let gone: Vec<Rec> = [(view.current, Slot::Current), (view.aside, Slot::Aside)]
            .into_iter()
            .filter_map(|(id, slot)| Some((id?, slot)))
            .filter(|(id, _)| !world.is_live(*id))
            .map(|(id, slot)| Rec::Deleted(id, slot))
            .collect();
        if world.disk.lock == Some(world.processes[at].lease) {
            world.drift = false;
        }
        if !gone.is_empty() {
            return self.append(world, at, &gone).then_some(());
        }
        let mut todo = match (change, view.current) {
            (Change::Nothing, _) => vec![],
            (Change::Create, None) => vec![Todo::Create],
            (Change::Destroy, Some(_)) => vec![Todo::Destroy(Slot::Current)],
            (Change::DestroyCreate, Some(_)) => vec![Todo::Destroy(Slot::Current), Todo::Create],
            (Change::CreateDestroy, Some(_)) if view.aside.is_none() => {
                vec![Todo::Depose, Todo::Create, Todo::Destroy(Slot::Aside)]
            }
            _ => return None,
        };
        if view.aside.is_some() {
            todo.push(Todo::Destroy(Slot::Aside));
        }
        if change != Change::Nothing {
            world.changes += 1;
        }
        world.processes[at].planned = true;
        world.processes[at].todo = todo;
        world.processes[at].phase = Phase::Working;
        Some(())
    }
}

const CHANGES: [Change; 5] = [
    Change::Nothing,
    Change::Create,
    Change::Destroy,
    Change::DestroyCreate,
    Change::CreateDestroy,
];

impl Model for Lab {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            cloud: Cloud::default(),
            disk: Disk::default(),
            processes: vec![Process::default(); self.processes],
            truth: Vec::new(),
            day: 0,
            changes: 0,
            kills: 0,
            losses: 0,
            refusals: 0,
            breaks: 0,
            drift: false,
            told: false,
            repeated: false,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        for (at, process) in world.processes.iter().enumerate() {
            if process.phase == Phase::Planning {
                let more = world.changes < self.changes;
                let some = if more { &CHANGES[..] } else { &CHANGES[..1] };
                actions.extend(some.iter().map(|change| Action::Plan(at, *change)));
            } else {
                actions.push(Action::Step(at));
            }
            let waiting = match process.phase {
                Phase::Waiting(call) => Some(call),
                _ => None,
            };
            if waiting.is_some() && world.losses < self.losses {
                actions.extend([Action::Lose(at, true), Action::Lose(at, false)]);
            }
            if matches!(waiting, Some(Call::Create(_))) && world.refusals < self.refusals {
                actions.push(Action::Refuse(at));
            }
            if process.phase != Phase::Idle && world.kills < self.kills {
                actions.push(Action::Kill(at));
                if waiting.is_some() {
                    actions.extend([Action::KillAndArrive(at), Action::KillAndLinger(at)]);
                }
            }
        }
        actions.extend((0..world.cloud.late.len()).map(Action::Arrive));
        if world.held() && world.breaks < self.breaks {
            actions.push(Action::BreakLock);
        }
        let idle = world.processes.iter().all(|it| it.phase == Phase::Idle);
        if idle && world.cloud.late.is_empty() && world.day < self.days {
            actions.push(Action::Day);
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        let call_of = |at: usize| match world.processes[at].phase {
            Phase::Waiting(call) => Some(call),
            _ => None,
        };
        match action {
            Action::Step(at) => self.step(&mut next, at)?,
            Action::Plan(at, change) => self.plan(&mut next, at, change)?,
            Action::Lose(at, carried_out) => {
                next.losses += 1;
                if carried_out {
                    next.carry_out(call_of(at)?, Some(at));
                }
                // What may have happened stays open, for the next run.
                next.processes[at].todo.clear();
                next.processes[at].phase = Phase::Closing;
            }
            Action::Refuse(at) => {
                let call @ Call::Create(token) = call_of(at)? else {
                    return None;
                };
                if next.cloud.tokens.contains_key(&token) {
                    return None;
                }
                next.refusals += 1;
                next.cloud.tokens.insert(token, None);
                next.processes[at].phase = Phase::Answered(call, None);
            }
            Action::Kill(at) | Action::KillAndArrive(at) | Action::KillAndLinger(at) => {
                next.kills += 1;
                if let Some(call) = call_of(at) {
                    match action {
                        Action::KillAndArrive(_) => {
                            next.carry_out(call, Some(at));
                        }
                        Action::KillAndLinger(_) => next.cloud.late.push(call),
                        _ => {}
                    }
                }
                next.end(at);
            }
            Action::Arrive(at) => {
                let call = next.cloud.late.remove(at);
                next.carry_out(call, None);
            }
            Action::BreakLock => {
                next.breaks += 1;
                next.disk.lock = None;
            }
            Action::Day => {
                next.day += 1;
                next.cloud.tokens.clear();
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("no duplicate", |_, world: &World| {
                let mut tokens: Vec<&Token> = world.cloud.live.values().collect();
                tokens.sort_unstable();
                tokens.windows(2).all(|two| two[0] != two[1])
            }),
            Property::always("no orphan", |_, world: &World| {
                view(&world.disk.read()).is_some_and(|view| {
                    world.cloud.live.iter().all(|(id, token)| {
                        let known = [view.current, view.aside].contains(&Some(*id));
                        known || view.asked.is_some_and(|(asked, _)| asked == *token)
                    })
                })
            }),
            Property::always("no lost update", |_, world: &World| {
                let (found, truth) = (view(&world.disk.read()), view(&world.truth));
                found.is_some() && found == truth
            }),
            Property::always("nothing invented", |_, world: &World| {
                let still = world.processes.iter().all(|it| it.phase == Phase::Idle);
                let view = view(&world.disk.read());
                let settled = view.as_ref().is_some_and(|view| !view.open);
                let kept = view.iter().flat_map(|it| [it.current, it.aside]).flatten();
                let there = kept.into_iter().all(|id| world.is_live(id));
                !still || !settled || world.drift || there
            }),
            Property::sometimes("an object stays", |_, world: &World| {
                world.cloud.live.len() == 1
            }),
        ]
    }
}
