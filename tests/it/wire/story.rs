//! Stories: calls as the lines of a table, told to an emulator in this process whose clock stands still.
//!
//! A line has a product, an action, its parameters, and what has to come of it. What a story learns, its later lines
//! name with a `$`:
//!
//! ```text
//! vpc CreateVpc CidrBlock=10.0.0.0/8        -> vpc = VpcId
//! vpc DescribeVpcs VpcId=$vpc               -> Vpcs.Vpc.0.Status is Pending, Vpcs.Vpc.# is 1
//! pass 20
//! vpc DeleteVpc VpcId=vpc-other             !! InvalidVpcId.NotFound
//! faults {"quotas":{"vpcs":1}}
//! ```
//!
//! What is refused must not have changed anything.

use bytes::Bytes;
use http::Request;

use super::*;
use crate::support::contract::Record;

/// The products, their versions, and the names that stories have for them.
pub(super) const PRODUCTS: &[(&str, &str)] = &[
    ("ecs", ECS),
    ("vpc", VPC),
    ("slb", SLB),
    ("sts", STS),
    ("resourcemanager", "2020-03-31"),
    ("kms", "2016-01-20"),
    ("location", "2015-06-12"),
    ("bssopenapi", "2017-12-14"),
];

/// An emulator, and what has been learned of it.
pub(super) struct Story {
    pub(super) emulator: Emulator,
    known: BTreeMap<String, String>,
    _record: Record,
}

impl Story {
    /// Begins in an empty world. The test has to pause the clock.
    pub(super) fn new(profile: Profile) -> Self {
        Self::with(Options {
            profile,
            ..Options::default()
        })
    }

    pub(super) fn with(options: Options) -> Self {
        let record = Record::new();
        let recorder = Some(record.recorder());
        let emulator = Emulator::open(Options {
            recorder,
            ..options
        });
        Self {
            emulator: emulator.unwrap(),
            known: BTreeMap::new(),
            _record: record,
        }
    }

    /// Goes on with a network to make things in: `$vpc`, `$vswitch` and `$group`.
    pub(super) async fn networked(profile: Profile) -> Self {
        let mut story = Self::new(profile);
        story
            .tell(
                "vpc CreateVpc CidrBlock=10.0.0.0/8   -> vpc = VpcId
                 pass 100
                 vpc CreateVSwitch VpcId=$vpc ZoneId=cn-hangzhou-h CidrBlock=10.1.0.0/24 -> vswitch = VSwitchId
                 pass 100
                 ecs CreateSecurityGroup VpcId=$vpc   -> group = SecurityGroupId",
            )
            .await;
        story.learn("image", IMAGE);
        story.learn(
            "order",
            "ImageId=$image InstanceType=ecs.g7.large VSwitchId=$vswitch SecurityGroupId=$group \
             SystemDisk.Category=cloud_essd",
        );
        story
    }

    /// Gives something a name.
    pub(super) fn learn(&mut self, name: &str, value: &str) {
        self.known.insert(name.to_owned(), value.to_owned());
    }

    /// Tells lines, in their order.
    pub(super) async fn tell(&mut self, lines: &str) {
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let line = self.fill(line);
            match line.split_once(' ') {
                Some(("pass", length)) => {
                    let length = Duration::from_millis(length.trim().parse().unwrap());
                    tokio::time::advance(length).await;
                }
                Some(("faults", faults)) => self.faults(faults).await,
                _ => self.call(&line).await,
            }
        }
    }

    /// A line with what is known in place of names. What is known may itself name something.
    pub(super) fn fill(&self, line: &str) -> String {
        let mut line = line.to_owned();
        while let Some((before, after)) = line.split_once('$') {
            let end = after
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(after.len());
            let (name, rest) = after.split_at(end);
            let value = self.known.get(name);
            let value = value.unwrap_or_else(|| panic!("${name} is not known in {line}"));
            line = format!("{before}{value}{rest}");
        }
        line
    }

    async fn faults(&self, faults: &str) {
        let request = Request::post("/_emulator/faults").body(Bytes::from(faults.to_owned()));
        let answer = self.emulator.handle(request.unwrap()).await.unwrap();
        assert_eq!(answer.status(), 200, "{faults}");
    }

    async fn call(&mut self, line: &str) {
        let (asked, refused) = match line.split_once("!!") {
            Some((asked, code)) => (asked, Some(code.trim())),
            None => (line, None),
        };
        let (asked, outcome) = asked.split_once("->").unwrap_or((asked, ""));
        let mut words = asked.split_whitespace();
        let (product, action) = (words.next().unwrap(), words.next().unwrap());
        let parameters: Vec<(&str, &str)> = words
            .map(|word| {
                word.split_once('=')
                    .unwrap_or_else(|| panic!("{word} in {line}"))
            })
            .collect();
        let before = refused.map(|_| self.emulator.world());
        let (status, answer) = self.send(product, action, &parameters).await;
        if let Some(code) = refused {
            assert_eq!(answer["Code"], code, "{line}\n{answer}");
            assert!(status >= 400, "{line}");
            assert_eq!(
                before,
                Some(self.emulator.world()),
                "{line} changed something"
            );
            return;
        }
        assert_eq!(status, 200, "{line}\n{answer}");
        for clause in outcome
            .split(", ")
            .map(str::trim)
            .filter(|it| !it.is_empty())
        {
            match clause.split_once(" is ") {
                Some((path, value)) => {
                    let found = at(&answer, path.trim());
                    assert_eq!(
                        found,
                        value.trim().trim_matches('"'),
                        "{path} in {line}\n{answer}"
                    );
                }
                None => {
                    let (name, path) = clause.split_once(" = ").unwrap_or_else(|| panic!("{line}"));
                    let found = at(&answer, path.trim());
                    assert!(!found.is_empty(), "no {path} in {line}\n{answer}");
                    self.known.insert(name.trim().to_owned(), found);
                }
            }
        }
    }

    /// Sends a call that is signed by hand, and returns its status and answer.
    pub(super) async fn send(
        &self,
        product: &str,
        action: &str,
        parameters: Parameters<'_>,
    ) -> (u16, Value) {
        let all = complete(version(product), action, parameters);
        let (status, text) = self.post(&signed_v1("POST", &all, SECRET)).await;
        let answer = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{action}: {text}"));
        (status, answer)
    }

    /// Sends a query that is signed, and returns status and text of the answer.
    pub(super) async fn post(&self, query: &str) -> (u16, String) {
        let request = Request::post(format!("/?{query}")).body(Bytes::new());
        let answer = self.emulator.handle(request.unwrap()).await.unwrap();
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        (answer.status().as_u16(), text)
    }

    /// Sends a request as it is written on a connection.
    pub(super) async fn raw(&self, text: &str) -> (u16, String) {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let mut start = lines.next().unwrap().split(' ');
        let mut request = Request::builder()
            .method(start.next().unwrap())
            .uri(start.next().unwrap());
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            request = request.header(name, value);
        }
        let request = request.body(Bytes::from(body.to_owned()));
        let answer = self.emulator.handle(request.unwrap()).await.unwrap();
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        (answer.status().as_u16(), text)
    }
}

pub(super) fn version(product: &str) -> &'static str {
    let found = PRODUCTS.iter().find(|(name, _)| *name == product);
    found.unwrap_or_else(|| panic!("no product {product}")).1
}

/// What is at a path of an answer, as text. `#` is the length of a list.
pub(super) fn at(answer: &Value, path: &str) -> String {
    let mut value = answer.clone();
    for part in path.split('.') {
        value = match (part, &value) {
            ("#", Value::Array(items)) => json!(items.len()),
            (part, Value::Array(items)) => {
                let index: usize = part.parse().unwrap_or_else(|_| panic!("{path}"));
                items.get(index).cloned().unwrap_or_default()
            }
            (part, value) => value.get(part).cloned().unwrap_or_default(),
        };
    }
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}
