use super::*;
use crate::cloud::page;

/// A list of numbered items, served in pages of at most 50.
struct List {
    items: usize,
    calls: Mutex<usize>,
}

#[async_trait]
impl Transport for List {
    async fn send(&self, request: http::Request<Bytes>) -> Sent {
        *self.calls.lock().unwrap() += 1;
        let form = decode(request.body());
        let number = |name: &str| value(&form, name).and_then(|text| text.parse::<usize>().ok());
        let size = number("PageSize").or(number("MaxResults")).unwrap().min(50);
        let token = value(&form, "NextToken").map_or(0, |text| text.parse::<usize>().unwrap());
        let from = number("PageNumber").map_or(token, |page| (page - 1) * size);
        let to = (from + size).min(self.items);
        let items: Vec<usize> = (from..to).collect();
        let next = if to < self.items {
            to.to_string()
        } else {
            String::new()
        };
        let body = serde_json::json!({
            "Vpcs": { "Vpc": items },
            "TotalCount": self.items, "PageSize": size, "NextToken": next,
        });
        // Earlier pages take longer: order must not depend on who is first.
        tokio::time::sleep(Duration::from_millis((self.items - from) as u64 + 1)).await;
        ok(&body.to_string())
    }
}

fn list(items: usize) -> (Arc<List>, Client) {
    let list = Arc::new(List {
        items,
        calls: Mutex::default(),
    });
    (list.clone(), Client::new(settings(), list))
}

#[tokio::test(start_paused = true)]
async fn numbered_pages_are_read_in_order() {
    for (items, calls) in [(0, 1), (1, 1), (50, 1), (51, 2), (1000, 20)] {
        let (list, client) = list(items);
        let listed = page::pages(&client, &read(), "Vpcs.Vpc", 100)
            .await
            .unwrap();
        let expected: Vec<Json> = (0..items).map(Json::from).collect();
        assert_eq!(listed.items, expected);
        assert_eq!(listed.total, items as u64);
        assert_eq!(*list.calls.lock().unwrap(), calls);
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_are_followed() {
    for (items, calls) in [(0, 1), (50, 1), (120, 3)] {
        let (list, client) = list(items);
        let call = read().param("MaxResults", "50");
        let read = page::chain(&client, &call, "Vpcs.Vpc").await.unwrap();
        assert_eq!(read.len(), items);
        assert_eq!(*list.calls.lock().unwrap(), calls);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_comes_back_ends_the_list() {
    let same = || ok(r#"{"NextToken":"n"}"#);
    let script = Script::of([same(), same(), same()]);
    let error = page::chain(&client(&script), &read(), "Vpcs.Vpc")
        .await
        .unwrap_err();
    assert_eq!(error.code, "EndlessList");
    assert_eq!(error.action, "DescribeVpcs");
}

#[tokio::test(start_paused = true)]
async fn an_impossible_total_is_refused() {
    let script = Script::of([ok(r#"{"TotalCount":18446744073709551615}"#)]);
    let error = page::pages(&client(&script), &read(), "Vpcs.Vpc", 50)
        .await
        .err()
        .unwrap();
    assert_eq!(error.code, "EndlessList");
}

#[test]
fn paging_can_be_awaited_in_a_task() {
    fn sendable<T: Send>(future: T) {
        drop(future);
    }
    let (_, client) = list(1);
    let call = read();
    sendable(page::pages(&client, &call, "Vpcs.Vpc", 50));
    sendable(page::chain(&client, &call, "Vpcs.Vpc"));
    sendable(client.call(&call));
}
