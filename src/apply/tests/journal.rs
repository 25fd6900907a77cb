use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::{
    apply::{
        journal::{
            Create, Decision, FORMAT, JournalError, Ledger, OpenIntent, Operation, Place, Record,
            Replayed, TOKEN_LIFETIME, decide, decode, encode, history, replay, reveal, salvage,
        },
        token::Digester,
    },
    backend::format::Encoded,
    model::{
        Address, Object, Value,
        state::{History, State, Status, Stored},
    },
    provider::Whereabouts,
};

const PROVIDER: &str = "provider[\"registry.terraform.io/aliyun/alicloud\"]";

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn object(id: &str, name: &str) -> Stored {
    Stored {
        attributes: Object::from_iter([("id", Value::from(id)), ("name", Value::from(name))])
            .into(),
        ..Stored::default()
    }
}

fn encoded(stored: &Stored) -> Encoded {
    Encoded::object("alicloud_vpc", stored)
}

fn create() -> Create {
    Create {
        action: "CreateVpc".to_owned(),
        token: "T".to_owned(),
        takes_token: true,
        params: vec![Digester::new("k").parameter("VpcName", "n", false)],
        predecessor: String::new(),
        attempt: 0,
        provider: PROVIDER.to_owned(),
        planned: Encoded::object(
            "alicloud_vpc",
            &Stored {
                attributes: Object::from_iter([("id", Value::Null), ("name", Value::from("n"))])
                    .into(),
                ..Stored::default()
            },
        ),
        sparse: false,
        at: Timestamp::UNIX_EPOCH,
    }
}

/// A creation with what is null left out.
fn sparse_intent(text: &str) -> [Record; 2] {
    let name = Object::from_iter([("name", Value::from("n"))]);
    let planned = Stored {
        attributes: name.into(),
        ..Stored::default()
    };
    let create = Create {
        planned: encoded(&planned),
        sparse: true,
        ..create()
    };
    let names = Record::Names {
        kind: address(text).resource.kind.to_string(),
        names: vec!["id".into(), "name".into()],
    };
    [names, intent(text, Operation::Create(Box::new(create)))]
}

#[test]
fn what_is_planned_to_be_null_is_named_once() {
    let made = [&sparse_intent(VPC)[..], &[created(VPC, "vpc-1")]].concat();
    let (sparse, full) = (
        over(&made),
        over(&[create_intent(VPC), created(VPC, "vpc-1")]),
    );
    // What a snapshot carries needs no journal.
    assert_eq!(sparse, full);
    let (sparse, full) = (over(&made[..2]), over(&[create_intent(VPC)]));
    assert_eq!(sparse, full);
}

fn intent(text: &str, operation: Operation) -> Record {
    Record::Intent {
        address: address(text),
        deposed: None,
        operation,
        place: None,
    }
}

fn create_intent(text: &str) -> Record {
    intent(text, Operation::Create(Box::new(create())))
}

fn created(text: &str, id: &str) -> Record {
    Record::Created {
        address: address(text),
        id: id.to_owned(),
    }
}

fn done(text: &str, id: &str) -> Record {
    Record::Done {
        address: address(text),
        deposed: None,
        provider: PROVIDER.to_owned(),
        object: encoded(&object(id, "n")),
    }
}

fn settled(text: &str) -> Record {
    let object = Stored {
        attributes: Object::from_iter([("status", Value::from("Available"))]).into(),
        ..Stored::default()
    };
    Record::Settled {
        address: address(text),
        object: encoded(&object),
    }
}

fn deleted(text: &str, deposed: Option<&str>, id: &str) -> Record {
    Record::Deleted {
        address: address(text),
        deposed: deposed.map(str::to_owned),
        id: id.to_owned(),
    }
}

fn refused(text: &str) -> Record {
    Record::Refused {
        address: address(text),
        code: "OperationDenied.NoStock".to_owned(),
    }
}

fn over(records: &[Record]) -> Replayed {
    replay(State::default(), records).unwrap()
}

fn contradicts(records: &[Record]) -> bool {
    matches!(
        replay(State::default(), records),
        Err(JournalError::Contradiction { .. })
    )
}

const VPC: &str = "alicloud_vpc.main[\"a\"]";

#[test]
fn a_creation_goes_through_its_steps() {
    let step = Record::Step {
        address: address(VPC),
        call: "waiting for Available".to_owned(),
    };
    let records = [
        create_intent(VPC),
        created(VPC, "vpc-1"),
        step,
        done(VPC, "vpc-1"),
    ];

    let asked = over(&records[..1]);
    assert!(asked.state.resources.is_empty());
    assert_eq!(asked.open.len(), 1);
    assert_eq!(asked.open[0].created, None);

    for until in [2, 3] {
        let made = over(&records[..until]);
        let stored = made.state.get(&address(VPC)).unwrap();
        assert_eq!(stored.status, Status::Unsettled);
        assert_eq!(stored.attributes.get("id").unwrap().as_str(), Some("vpc-1"));
        assert_eq!(stored.attributes.get("name").unwrap().as_str(), Some("n"));
        assert_eq!(made.open[0].created.as_deref(), Some("vpc-1"));
        let resource = &made.state.resources[&address(VPC).resource];
        assert_eq!(&*resource.provider, PROVIDER);
    }

    let all = over(&records);
    assert!(all.open.is_empty());
    assert_eq!(all.state.get(&address(VPC)), Some(&object("vpc-1", "n")));
}

/// A record is what the creation did not plan.
#[test]
fn what_was_planned_is_not_written_again() {
    let intended = over(&[create_intent(VPC), created(VPC, "vpc-1")]).state;
    let planned = intended.get(&address(VPC)).unwrap();
    let with = |name: &str, more: &[(&str, Value)]| {
        let mut stored = object("vpc-1", name);
        let mut attributes = (*stored.attributes).clone();
        for (name, value) in more {
            attributes.insert(*name, value.clone());
        }
        stored.attributes = attributes.into();
        stored
    };
    let secret = Value::from("s").marked(true);
    for ended in [
        with("n", &[]),
        with("other", &[("status", Value::from("Available"))]),
        with("n", &[("secret", secret), ("none", Value::Null)]),
        Stored {
            status: Status::Tainted,
            private: Some("p".into()),
            ..with("n", &[])
        },
    ] {
        let object = Encoded::beyond("alicloud_vpc", planned, &ended).unwrap();
        let text = serde_json::to_string(&object).unwrap();
        assert!(!text.contains("vpc-1"), "{text}");
        let settled = Record::Settled {
            address: address(VPC),
            object,
        };
        let after = over(&[create_intent(VPC), created(VPC, "vpc-1"), settled.clone()]);
        assert_eq!(after.state.get(&address(VPC)), Some(&ended));
        assert!(after.open.is_empty());
        assert!(contradicts(&[create_intent(VPC), settled.clone()]));
        assert!(contradicts(&[settled]));
    }
    let fewer = Stored {
        attributes: Object::from_iter([("id", Value::from("vpc-1"))]).into(),
        ..Stored::default()
    };
    assert_eq!(Encoded::beyond("alicloud_vpc", planned, &fewer), None);
}

#[test]
fn a_token_depends_on_what_the_address_had_before() {
    let kept = |records: &[Record]| history(&over(records).state, &address(VPC));
    let of = |predecessor: &str, attempt| History {
        predecessor: predecessor.to_owned(),
        attempt,
    };
    assert_eq!(kept(&[]), of("", 0));
    let create = [
        create_intent(VPC),
        created(VPC, "vpc-1"),
        done(VPC, "vpc-1"),
    ];
    assert_eq!(kept(&create), of("vpc-1", 0));
    let delete = [
        &create[..],
        &[
            intent(
                VPC,
                Operation::Delete {
                    id: "vpc-1".to_owned(),
                },
            ),
            deleted(VPC, None, "vpc-1"),
        ],
    ]
    .concat();
    assert_eq!(kept(&delete), of("vpc-1", 0));
    let twice = [
        create_intent(VPC),
        refused(VPC),
        create_intent(VPC),
        refused(VPC),
    ];
    assert_eq!(kept(&twice), of("", 2));
    assert_eq!(kept(&[&delete[..], &twice].concat()), of("vpc-1", 2));
    let at_last = [&twice[..], &create].concat();
    assert_eq!(kept(&at_last), of("vpc-1", 0));
    assert!(over(&at_last).state.extra.history.is_empty());
    let forgotten = Record::Forgotten {
        address: address(VPC),
        deposed: None,
    };
    assert_eq!(kept(&[&create[..], &[forgotten]].concat()), of("vpc-1", 0));
    // Found gone by a refresh, with no intent of ours.
    assert_eq!(kept(&[&create[..], &delete[4..]].concat()), of("vpc-1", 0));
}

#[test]
fn an_object_moves_aside_for_its_successor() {
    let aside = Record::Deposed {
        address: address(VPC),
        key: "00c0ffee".to_owned(),
    };
    let back = Record::Restored {
        address: address(VPC),
        key: "00c0ffee".to_owned(),
    };
    let delete = Record::Intent {
        address: address(VPC),
        deposed: Some("00c0ffee".to_owned()),
        operation: Operation::Delete {
            id: "vpc-1".to_owned(),
        },
        place: None,
    };
    let first = [done(VPC, "vpc-1"), aside.clone()];
    let moved = over(&first).state;
    assert_eq!(history(&moved, &address(VPC)).predecessor, "vpc-1");
    assert!(moved.get(&address(VPC)).is_none());

    let second = [
        &first[..],
        &[
            create_intent(VPC),
            created(VPC, "vpc-2"),
            done(VPC, "vpc-2"),
            delete,
        ],
    ]
    .concat();
    let both = over(&second);
    assert_eq!(both.open[0].deposed.as_deref(), Some("00c0ffee"));
    let resource = &both.state.resources[&address(VPC).resource];
    let instance = &resource.instances[&address(VPC).key];
    assert_eq!(instance.deposed["00c0ffee"], object("vpc-1", "n"));
    assert_eq!(instance.current, Some(object("vpc-2", "n")));

    let third = [&second[..], &[deleted(VPC, Some("00c0ffee"), "vpc-1")]].concat();
    assert_eq!(
        over(&third).state,
        over(&[done(VPC, "vpc-2")]).state_with(&third)
    );

    let restored = over(&[&first[..], std::slice::from_ref(&back)].concat()).state;
    assert_eq!(restored.get(&address(VPC)), Some(&object("vpc-1", "n")));

    for records in [
        vec![aside.clone()],
        vec![done(VPC, "vpc-1"), back.clone()],
        vec![done(VPC, "vpc-1"), aside.clone(), done(VPC, "vpc-2"), back],
        vec![
            done(VPC, "vpc-1"),
            aside.clone(),
            done(VPC, "vpc-2"),
            aside.clone(),
        ],
        vec![done(VPC, "vpc-1"), create_intent(VPC), aside],
    ] {
        assert!(contradicts(&records), "{records:?}");
    }
}

impl Replayed {
    /// The state, with the history of these records.
    fn state_with(self, records: &[Record]) -> State {
        State {
            extra: over(records).state.extra,
            ..self.state
        }
    }
}

#[test]
fn records_that_cannot_follow_each_other_are_refused() {
    for records in [
        vec![created(VPC, "vpc-1")],
        vec![refused(VPC)],
        vec![create_intent(VPC), created(VPC, "1"), created(VPC, "2")],
        vec![create_intent(VPC), created(VPC, "1"), create_intent(VPC)],
        vec![create_intent(VPC), created(VPC, "1"), refused(VPC)],
        vec![
            intent(VPC, Operation::Delete { id: "1".to_owned() }),
            created(VPC, "1"),
        ],
        vec![create_intent(VPC), refused(VPC), created(VPC, "1")],
    ] {
        assert!(contradicts(&records), "{records:?}");
    }
    // Asking again is fine, and so is a creation beside the deletion of a deposed object.
    assert!(!contradicts(&[
        create_intent(VPC),
        create_intent(VPC),
        created(VPC, "1")
    ]));
}

#[test]
fn a_failure_keeps_what_was_read() {
    let update = Operation::Update {
        id: "vpc-1".to_owned(),
        changed: vec!["name".to_owned()],
    };
    let failed = Record::Failed {
        address: address(VPC),
        deposed: None,
        code: "Forbidden".to_owned(),
        object: Some(encoded(&object("vpc-1", "half"))),
    };
    let end = over(&[done(VPC, "vpc-1"), intent(VPC, update), failed]);
    assert!(end.open.is_empty());
    assert_eq!(end.state.get(&address(VPC)), Some(&object("vpc-1", "half")));
    // A creation that failed in settling leaves an unsettled object.
    let failed = Record::Failed {
        address: address(VPC),
        deposed: None,
        code: "Timeout".to_owned(),
        object: None,
    };
    let end = over(&[create_intent(VPC), created(VPC, "vpc-1"), failed]);
    assert!(end.open.is_empty());
    assert_eq!(
        end.state.get(&address(VPC)).unwrap().status,
        Status::Unsettled
    );
}

#[test]
fn what_to_do_is_decided_from_the_intent_alone() {
    let open = |operation, created: Option<&str>| OpenIntent {
        address: address(VPC),
        deposed: None,
        operation,
        created: created.map(str::to_owned),
        place: None,
    };
    let create = |change: fn(&mut Create)| {
        let mut create = create();
        change(&mut create);
        Operation::Create(Box::new(create))
    };
    let soon = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
    let late = Timestamp::UNIX_EPOCH + TOKEN_LIFETIME + SignedDuration::from_secs(1);
    let again = Decision::AskAgain {
        action: "CreateVpc".to_owned(),
        token: "T".to_owned(),
        params: vec![("VpcName".to_owned(), "n".to_owned())],
    };
    let secret = |create: &mut Create| {
        create
            .params
            .push(Digester::new("k").parameter("Password", "hunter2", true));
    };
    let id = || "vpc-1".to_owned();
    for (open, now, decision) in [
        (open(create(|_| ()), None), soon, again.clone()),
        (
            open(create(|_| ()), None),
            late,
            Decision::Expired {
                since: Timestamp::UNIX_EPOCH,
            },
        ),
        (
            open(create(|create| create.takes_token = false), None),
            late,
            again,
        ),
        (
            open(create(secret), None),
            soon,
            Decision::NeedsSecrets {
                names: vec!["Password".to_owned()],
            },
        ),
        (
            open(create(secret), Some("vpc-1")),
            late,
            Decision::Adopt { id: id() },
        ),
        (
            open(Operation::Delete { id: id() }, None),
            late,
            Decision::ReadBack { id: id() },
        ),
        (
            open(
                Operation::Update {
                    id: id(),
                    changed: vec![],
                },
                None,
            ),
            soon,
            Decision::ReadBack { id: id() },
        ),
    ] {
        assert_eq!(decide(&open, now), decision);
    }
}

#[test]
fn only_the_secrets_that_were_sent_are_sent_again() {
    let digester = Digester::new("k");
    let params = [
        digester.parameter("VpcName", "n", false),
        digester.parameter("Password", "hunter2", true),
    ];
    let given = |text: Option<&str>| {
        let text = text.map(str::to_owned);
        reveal(&params, &digester, |_| text.clone(), false)
    };
    let all = vec![
        ("VpcName".to_owned(), "n".to_owned()),
        ("Password".to_owned(), "hunter2".to_owned()),
    ];
    assert_eq!(given(Some("hunter2")), Ok(all));
    assert_eq!(given(Some("changed")), Err(vec!["Password".to_owned()]));
    assert_eq!(given(None), Err(vec!["Password".to_owned()]));
}

#[test]
fn records_come_back_from_a_batch() {
    let records = vec![
        Record::Begin {
            format: 1,
            run: "r".to_owned(),
            lineage: "L".to_owned(),
            digest_key: "00".to_owned(),
        },
        create_intent(VPC),
        created(VPC, "vpc-1"),
        done(VPC, "vpc-1"),
        Record::Outputs {
            outputs: Encoded::outputs(&Default::default()),
        },
    ];
    let batch = encode(&records);
    assert_eq!(batch.iter().filter(|byte| **byte == b'\n').count(), 5);
    assert_eq!(decode(&batch).unwrap(), records);
    assert!(String::from_utf8(batch).unwrap().contains(
        r#"{"done":{"address":"alicloud_vpc.main[\"a\"]","provider":"provider[\"registry.terraform.io/aliyun/alicloud\"]","object":{"schema_version":0,"attributes":{"id":"vpc-1","name":"n"},"sensitive_attributes":[]}}}"#
    ));
    let state = over(&records).state;
    assert_eq!(
        (state.lineage.as_str(), state.extra.digest_key.as_str()),
        ("L", "00")
    );

    assert!(matches!(
        decode(br#"{"later":{}}"#),
        Err(JournalError::Newer)
    ));
    assert!(matches!(decode(b"{"), Err(JournalError::Unreadable(_))));
    let bad = br#"{"created":{"address":"x","id":"y"}}"#;
    assert!(matches!(decode(bad), Err(JournalError::Unreadable(_))));
    let newer = Record::Begin {
        format: FORMAT + 1,
        run: String::new(),
        lineage: String::new(),
        digest_key: String::new(),
    };
    assert!(matches!(
        replay(State::default(), &[newer]),
        Err(JournalError::Newer)
    ));
}

#[test]
fn no_attribute_shows_in_debug_output() {
    assert!(!format!("{:?}", done(VPC, "vpc-1")).contains("vpc-1"));
}

#[test]
fn a_newer_snapshot_takes_what_only_the_journal_knows() {
    let other = "alicloud_vpc.other";
    let same = "alicloud_vpc.same";
    let records = [
        create_intent(VPC),
        created(VPC, "vpc-1"),
        create_intent(other),
        created(other, "vpc-2"),
        done(other, "vpc-2"),
        done(same, "vpc-3"),
        create_intent("alicloud_vpc.asked"),
        refused("alicloud_vpc.asked"),
        create_intent("alicloud_vpc.asked"),
    ];
    let mut newer = over(&[done(other, "vpc-9"), done(same, "vpc-3")]).state;
    newer.serial = 8;
    let saved = salvage(newer, &records).unwrap();
    assert_eq!(saved.state.serial, 8);
    assert_eq!(
        saved.state.get(&address(VPC)).unwrap().status,
        Status::Unsettled
    );
    assert_eq!(saved.lost, [(address(other), "vpc-2".to_owned())]);
    assert_eq!(saved.open.len(), 2);
    let kept = history(&saved.state, &address("alicloud_vpc.asked"));
    assert_eq!(kept.attempt, 1);
}

/// One life of an object, as records.
fn life(text: &'static str) -> impl Strategy<Value = Vec<Record>> {
    let round = (0..5_usize).prop_map(move |way| {
        let id = format!("id-{way}");
        let asked = create_intent(text);
        match way {
            0 => vec![asked.clone(), asked, refused(text)],
            1 => vec![
                asked,
                created(text, &id),
                done(text, &id),
                deleted(text, None, &id),
            ],
            2 => vec![asked.clone(), asked, created(text, &id), settled(text)],
            3 => vec![
                asked,
                created(text, &id),
                Record::Failed {
                    address: address(text),
                    deposed: None,
                    code: String::new(),
                    object: None,
                },
            ],
            _ => vec![
                intent(text, Operation::Delete { id: id.clone() }),
                deleted(text, None, &id),
            ],
        }
    });
    prop::collection::vec(round, 0..4).prop_map(|rounds| rounds.concat())
}

proptest! {
    #[test]
    fn every_prefix_of_a_journal_replays_to_what_the_run_had(
        a in life("x.a"),
        b in life("x.b[1]"),
        order in prop::collection::vec(any::<bool>(), 40),
    ) {
        let (mut a, mut b) = (a.into_iter(), b.into_iter());
        let mut records = Vec::new();
        for first in order {
            let next = if first { a.next() } else { b.next() };
            records.extend(next);
        }
        let mut live = Ledger::new(State::default());
        for (at, record) in records.iter().enumerate() {
            live.apply(record).unwrap();
            let stored = decode(&encode(&records[..=at])).unwrap();
            let replayed = replay(State::default(), &stored).unwrap();
            prop_assert_eq!(&replayed.state, &live.state);
            prop_assert_eq!(replayed.open, live.open());
            // A fold in between changes nothing.
            let folded = crate::backend::format::to_bytes(&live.state);
            prop_assert_eq!(&crate::backend::format::read(&folded).unwrap(), &live.state);
        }
    }
}

#[test]
fn an_intent_that_does_not_say_where_is_read_and_written_as_before() {
    let line =
        r#"{"intent":{"address":"alicloud_vpc.main","operation":{"delete":{"id":"vpc-1"}}}}"#;
    let records = decode(line.as_bytes()).unwrap();
    assert_eq!(
        String::from_utf8(encode(&records)).unwrap().trim_end(),
        line
    );
    assert_eq!(over(&records).open[0].place, None);
}

#[test]
fn where_an_operation_happens_stays_with_it() {
    let place = Some(Place {
        region: "cn-beijing".to_owned(),
        account: "1234567890123456".to_owned(),
    });
    let Record::Intent {
        address, operation, ..
    } = create_intent(VPC)
    else {
        unreachable!("an intent is one")
    };
    let records = [
        Record::Intent {
            address,
            deposed: None,
            operation,
            place: place.clone(),
        },
        created(VPC, "vpc-1"),
    ];
    let text = encode(&records);
    let open = over(&decode(&text).unwrap()).open;
    assert_eq!(open[0].place, place);
    // A snapshot carries it on.
    let mut ledger = Ledger::new(State::default());
    ledger.resume(&open[0]);
    assert_eq!(ledger.open(), open);
}

#[test]
fn places_are_told_apart_as_far_as_they_can_be() {
    let digester = Digester::new("k");
    let place = |region: &str, account: &str| {
        let whereabouts = Whereabouts {
            region: region.to_owned(),
            account: account.to_owned(),
        };
        Place::new(whereabouts, &digester)
    };
    let known = place("cn-beijing", "1234567890123456");
    assert_eq!(known.is(&known.clone()), Some(true));
    assert_eq!(known.is(&place("cn-beijing", "1")), Some(false));
    assert_eq!(
        known.is(&place("cn-hangzhou", "1234567890123456")),
        Some(false)
    );
    // A key can be another one of the same account.
    let key = place("cn-beijing", "LTAI-one");
    assert!(!format!("{key:?}").contains("LTAI"), "{key:?}");
    assert_eq!(key.is(&place("cn-beijing", "LTAI-one")), Some(true));
    assert_eq!(key.is(&place("cn-beijing", "LTAI-two")), None);
    assert_eq!(key.is(&known), None);
}
