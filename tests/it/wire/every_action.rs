//! What holds for every action, whatever it does: rights, parameters, formats, signatures.

use super::story::{PRODUCTS, Story, version};
use super::*;
use crate::support::contract::CONTRACT;

/// Every action of the emulator.
fn actions(story: &Story) -> Vec<(&'static str, &'static str)> {
    let all = story.emulator.actions();
    assert!(all.len() > 150);
    assert!(
        all.iter()
            .all(|(product, _)| PRODUCTS.iter().any(|it| it.0 == *product))
    );
    all
}

/// A value for each parameter that an action requires; it need not be one that makes sense.
fn required(product: &str, action: &str) -> Vec<(String, String)> {
    let names = CONTRACT.required(product, action);
    let others = names.filter(|it| it.0 != "RegionId");
    others
        .map(|(name, value)| (name.replace(".N", ".1"), value.to_owned()))
        .chain([("RegionId".to_owned(), REGION.to_owned())])
        .collect()
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|it| (it.0.as_str(), it.1.as_str()))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_user_may_do_what_the_policy_allows() {
    let policy = json!({ "Version": "1", "Statement": [
        { "Effect": "Allow", "Action": "ecs:DescribeRegions", "Resource": "*" },
    ]});
    let key =
        json!({ "id": "LTAI-reader", "secret": "reader", "user": "reader", "policy": policy });
    let story = Story::with(Options {
        profile: Profile::Instant,
        accounts: serde_json::from_value(json!({ "keys": [key] })).unwrap(),
        ..Options::default()
    });
    for (product, action) in actions(&story) {
        let mut asked = required(product, action);
        asked.push(("AccessKeyId".to_owned(), "LTAI-reader".to_owned()));
        let all = complete(version(product), action, &borrowed(&asked));
        let (status, text) = story.post(&signed_v1("POST", &all, "reader")).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        let expected = match (product, action) {
            (_, "DescribeRegions") if product == "ecs" => None,
            ("sts", "GetCallerIdentity") | ("location", "DescribeEndpoints") => continue,
            ("sts", _) => Some("NoPermission"),
            _ => Some("Forbidden.RAM"),
        };
        assert_eq!(
            answer["Code"].as_str(),
            expected,
            "{product} {action}: {text}"
        );
        assert_eq!(
            status,
            if expected.is_some() { 403 } else { 200 },
            "{action}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn every_action_says_which_parameter_it_lacks_or_does_not_know() {
    let story = Story::new(Profile::Instant);
    for (product, action) in actions(&story) {
        let asked = required(product, action);
        for (missing, _) in asked
            .iter()
            .filter(|it| it.0 != "RegionId" && !it.0.contains(".1."))
        {
            let rest: Vec<_> = asked
                .iter()
                .filter(|it| it.0 != *missing)
                .cloned()
                .collect();
            let (_, answer) = story.send(product, action, &borrowed(&rest)).await;
            let (code, text) = (&answer["Code"], answer["Message"].as_str().unwrap());
            assert_eq!(
                code, "MissingParameter",
                "{action} without {missing}: {answer}"
            );
            let name = missing.trim_end_matches(".1");
            assert!(text.contains(name), "{action} without {missing}: {text}");
        }
        let mut more = asked.clone();
        more.push(("Colour".to_owned(), "blue".to_owned()));
        let (_, answer) = story.send(product, action, &borrowed(&more)).await;
        assert_eq!(answer["Code"], "UnsupportedParameter", "{action}: {answer}");
        let mut nowhere = asked.clone();
        nowhere.retain(|(name, _)| name != "RegionId");
        nowhere.push(("RegionId".to_owned(), "mars".to_owned()));
        // Without a tag there is nothing to do, which is refused first.
        if action == "TagResources" && product != "ecs" {
            nowhere.push(("Tag.1.Key".to_owned(), "key".to_owned()));
        }
        let (_, answer) = story.send(product, action, &borrowed(&nowhere)).await;
        assert_eq!(
            answer["Code"], "InvalidRegionId.NotFound",
            "{action}: {answer}"
        );
    }
}

/// The official clients are made from the metadata, and so can send all of it.
#[tokio::test(start_paused = true)]
async fn every_action_takes_every_parameter_that_is_documented() {
    let story = Story::new(Profile::Instant);
    for (product, action) in actions(&story) {
        let asked = required(product, action);
        for (name, value) in CONTRACT.all(product, action) {
            let mut all = asked.clone();
            all.retain(|it| it.0 != name);
            all.push((name.clone(), value.to_owned()));
            let (_, answer) = story.send(product, action, &borrowed(&all)).await;
            assert_ne!(
                answer["Code"], "UnsupportedParameter",
                "{product} {action} {name}: {answer}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_action_answers_the_same_in_both_formats_and_to_both_signatures() {
    let story = Story::new(Profile::Instant);
    for (product, action) in actions(&story).into_iter().filter(|it| looks(it.1)) {
        let asked = required(product, action);
        let (status, answer) = story.send(product, action, &borrowed(&asked)).await;

        let mut in_xml = asked.clone();
        in_xml.push(("Format".to_owned(), "XML".to_owned()));
        let all = complete(version(product), action, &borrowed(&in_xml));
        let (xml_status, text) = story.post(&signed_v1("POST", &all, SECRET)).await;
        let root = match status {
            200 => format!("<{action}Response>"),
            _ => format!("<Error><Code>{}</Code>", answer["Code"].as_str().unwrap()),
        };
        assert_eq!(xml_status, status, "{text}");
        assert!(text.contains(&root), "{action}: {text}\n{root}");
        let mut reader = quick_xml::Reader::from_str(&text);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}

        let text = version_3(version(product), action, &borrowed(&asked));
        let answer_3 = story.raw(&text).await;
        assert_eq!(answer_3.0, status, "{action}: {}", answer_3.1);
        let mut of_3: Value = serde_json::from_str(&answer_3.1).unwrap();
        for name in ["RequestId", "Recommend", "HostId"] {
            if of_3.get(name).is_some() {
                of_3[name] = answer[name].clone();
            }
        }
        assert_eq!(of_3, answer, "{action}");
    }
}

/// Whether an action only looks, so that it answers the same twice.
fn looks(action: &str) -> bool {
    ["Describe", "List", "Get"]
        .iter()
        .any(|start| action.starts_with(start))
}
