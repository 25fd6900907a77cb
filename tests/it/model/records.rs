//! The model's records, and what the program makes of them: replay, history, tokens and decisions are the program's
//! own functions, and only what surrounds them is a model.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex},
};

use jiff::{SignedDuration, Timestamp};
use prov::{
    apply::{
        journal::{self, Create, Decision, Operation, Record, decide},
        token::{Seed, client_token},
    },
    backend::format::Encoded,
    model::{
        Address, Object, Value,
        state::{State, Stored},
    },
};

/// An object of the cloud.
pub type Id = u8;
/// The first digits of a client token.
pub type Token = u64;

/// A record, as small as can be: all are about one address, and one object that was put aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rec {
    /// The intent of a create call, and on which day it was written.
    Create {
        token: Token,
        day: u8,
    },
    Created(Id),
    Done(Id),
    /// The same of an object that the records say to be created.
    Settled,
    /// The intent of a deletion.
    Delete(Id, Slot),
    Deleted(Id, Slot),
    Refused,
    Deposed,
    Restored,
}

/// Which of an address's objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    Current,
    Aside,
}

/// What records say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub current: Option<Id>,
    pub aside: Option<Id>,
    /// The token and day of a create call that was not answered.
    pub asked: Option<(Token, u8)>,
    /// Whether anything is open.
    pub open: bool,
    /// The token of the next create call, and of one that does not know what was there before.
    pub next: Token,
    pub next_without_predecessor: Token,
    /// What recovery does about what is open, on day 0 and on day 1.
    decisions: [Option<Settling>; 2],
}

/// What recovery does about an open operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Settling {
    AskAgain(Token),
    Adopt(Id),
    ReadBack(Id, Slot),
    Expired,
}

const ADDRESS: &str = "alicloud_vpc.main";
const KEY: &str = "aside";
const PROVIDER: &str = "provider[\"registry.terraform.io/aliyun/alicloud\"]";

/// Returns what the records say; `None` when they contradict each other.
pub fn view(records: &[Rec]) -> Option<View> {
    static KNOWN: LazyLock<Mutex<HashMap<Vec<Rec>, Option<View>>>> = LazyLock::new(Mutex::default);
    if let Some(known) = KNOWN.lock().unwrap().get(records) {
        return known.clone();
    }
    let view = replayed(records);
    KNOWN.lock().unwrap().insert(records.to_vec(), view.clone());
    view
}

impl View {
    /// Returns what recovery does on this day about what is open.
    pub fn settling(&self, day: u8) -> Option<Settling> {
        self.decisions[usize::from(day)]
    }
}

fn replayed(records: &[Rec]) -> Option<View> {
    let address = Address::parse(ADDRESS).unwrap();
    let all: Vec<Record> = records.iter().map(|one| one.record(&address)).collect();
    let replayed = journal::replay(State::default(), &all).ok()?;
    let resource = replayed.state.resources.get(&address.resource);
    let instance = resource.and_then(|kept| kept.instances.get(&address.key));
    let id = |stored: &Stored| {
        stored
            .attributes
            .get("id")
            .and_then(Value::as_str)
            .map(parsed)
    };
    let current = instance.and_then(|it| id(it.current.as_ref()?));
    let aside = instance.and_then(|it| id(it.deposed.get(KEY)?));
    let asked = replayed.open.iter().find_map(|open| match &open.operation {
        Operation::Create(create) if open.created.is_none() => {
            let day = create.at.duration_since(Timestamp::UNIX_EPOCH).as_hours() / DAY;
            Some((token_of(&create.token), u8::try_from(day).unwrap()))
        }
        _ => None,
    });
    let history = journal::history(&replayed.state, &address);
    let token = |predecessor: &str| {
        token_of(&client_token(Seed {
            lineage: "lineage",
            address: ADDRESS,
            predecessor,
            attempt: history.attempt,
            action: "CreateVpc",
            params: &[],
        }))
    };
    let settling = |day: u8| {
        let open = replayed.open.first()?;
        let slot = match open.deposed {
            Some(_) => Slot::Aside,
            None => Slot::Current,
        };
        Some(match decide(open, at(day)) {
            Decision::AskAgain { token, .. } => Settling::AskAgain(token_of(&token)),
            Decision::Adopt { id } => Settling::Adopt(parsed(&id)),
            Decision::ReadBack { id } => Settling::ReadBack(parsed(&id), slot),
            Decision::Expired { .. } => Settling::Expired,
            Decision::NeedsSecrets { .. } => unreachable!("the model has no secrets"),
        })
    };
    Some(View {
        current,
        aside,
        asked,
        open: !replayed.open.is_empty(),
        next: token(&history.predecessor),
        next_without_predecessor: token(""),
        decisions: [settling(0), settling(1)],
    })
}

/// Hours from one day of the model to the next: longer than tokens live.
const DAY: i64 = 48;

fn at(day: u8) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(DAY * i64::from(day))
}

fn token_of(text: &str) -> Token {
    Token::from_str_radix(&text[..16], 16).unwrap()
}

fn named(id: Id) -> String {
    format!("vpc-{id}")
}

fn parsed(id: &str) -> Id {
    id.strip_prefix("vpc-").unwrap().parse().unwrap()
}

fn object(id: Value) -> Encoded {
    let stored = Stored {
        attributes: Object::from_iter([("id", id)]).into(),
        ..Stored::default()
    };
    Encoded::object("alicloud_vpc", &stored)
}

/// What an object has beyond what was planned, when that is nothing.
fn nothing() -> Encoded {
    Encoded::object("alicloud_vpc", &Stored::default())
}

impl Slot {
    fn key(self) -> Option<String> {
        (self == Self::Aside).then(|| KEY.to_owned())
    }
}

impl Rec {
    /// Returns the program's record.
    fn record(self, address: &Address) -> Record {
        let address = address.clone();
        let key = KEY.to_owned();
        match self {
            Self::Create { token, day } => Record::Intent {
                address,
                deposed: None,
                operation: Operation::Create(Box::new(Create {
                    action: "CreateVpc".to_owned(),
                    token: format!("{token:016x}"),
                    takes_token: true,
                    params: Vec::new(),
                    predecessor: String::new(),
                    attempt: 0,
                    provider: PROVIDER.to_owned(),
                    planned: object(Value::Null),
                    sparse: false,
                    at: at(day),
                })),
                place: None,
            },
            Self::Created(id) => Record::Created {
                address,
                id: named(id),
            },
            Self::Done(id) => Record::Done {
                address,
                deposed: None,
                provider: PROVIDER.to_owned(),
                object: object(Value::from(named(id).as_str())),
            },
            Self::Settled => Record::Settled {
                address,
                object: nothing(),
            },
            Self::Delete(id, slot) => Record::Intent {
                address,
                deposed: slot.key(),
                operation: Operation::Delete { id: named(id) },
                place: None,
            },
            Self::Deleted(id, slot) => Record::Deleted {
                address,
                deposed: slot.key(),
                id: named(id),
            },
            Self::Refused => Record::Refused {
                address,
                code: "QuotaExceed".to_owned(),
            },
            Self::Deposed => Record::Deposed { address, key },
            Self::Restored => Record::Restored { address, key },
        }
    }
}
