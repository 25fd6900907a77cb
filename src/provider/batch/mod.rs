//! Reads many objects of a type with few calls: ids in one call up to its limit, calls in parallel, a
//! detail call only where something that matters needs it.
//!
//! Start with [`read`]. Nothing is concluded to be gone from a listing in pages alone.

mod within;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::future::join_all;
use serde_json::Value as Json;
use tokio::sync::OnceCell;

pub use within::joined;

use super::{Listing, Wanted};
use crate::{
    cloud::{ApiError, ApiErrorKind, Call, Client, client::Product, page},
    model::{Object, Value},
    schema::{
        self, Attribute, Id, Ids, Presence, Read, ResourceType, Service, decode, is_zero, shared,
    },
};

/// What a read found: `None` is an object that does not exist.
pub type Found = Result<Option<Json>, ApiError>;

/// The answers of one refresh: the same question is asked once, and what several types ask for at the same time
/// by ids is asked for together.
#[derive(Debug)]
pub struct Answers {
    client: Client,
    cells: Mutex<HashMap<String, Arc<Cell>>>,
    meetings: Mutex<HashMap<Topic, Arc<Meeting>>>,
}

type Cell = OnceCell<Result<Arc<Json>, ApiError>>;
/// An action and its parameter for ids.
type Topic = (&'static str, &'static str);
/// The ids that are wanted of a topic.
type Meeting = Mutex<BTreeSet<String>>;

impl Answers {
    /// Returns an empty memory.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            cells: Mutex::default(),
            meetings: Mutex::default(),
        }
    }

    /// Returns the parts in which ids are asked for, each of at most so many: with the ids that others want of the
    /// same topic at the same time, so that the same parts serve them.
    async fn together(&self, topic: Topic, ids: &[&str], most: usize) -> Vec<Vec<String>> {
        let meeting = {
            let mut meetings = lock(&self.meetings);
            let meeting = meetings.entry(topic).or_default();
            lock(meeting).extend(ids.iter().map(|id| (*id).to_owned()));
            meeting.clone()
        };
        // Meanwhile the reads of other types get so far.
        tokio::task::yield_now().await;
        let mut meetings = lock(&self.meetings);
        // The first to go on ends it: who comes later meets others.
        if meetings
            .get(&topic)
            .is_some_and(|it| Arc::ptr_eq(it, &meeting))
        {
            meetings.remove(&topic);
        }
        let all: Vec<String> = lock(&meeting).iter().cloned().collect();
        let own: HashSet<&str> = ids.iter().copied().collect();
        let parts = all.chunks(most);
        parts
            .filter(|part| part.iter().any(|id| own.contains(id.as_str())))
            .map(<[String]>::to_vec)
            .collect()
    }

    /// Asks, or returns what the same question was answered before.
    pub async fn ask(&self, call: &Call) -> Result<Arc<Json>, ApiError> {
        let key = format!("{:?} {} {:?}", call.product, call.action, call.params);
        let cell = {
            let mut cells = lock(&self.cells);
            cells.entry(key).or_default().clone()
        };
        cell.get_or_init(|| async { self.client.call(call).await.map(Arc::new) })
            .await
            .clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns a call that reads.
pub fn read_call(product: Product, action: &'static str, params: Vec<(String, String)>) -> Call {
    Call {
        params,
        ..Call::read(product, action)
    }
}

/// Returns the product that serves a type.
pub fn product(service: Service) -> Product {
    match service {
        Service::Vpc => Product::Vpc,
        Service::Slb => Product::Slb,
        // Types without a cloud never get here.
        Service::Ecs | Service::Builtin | Service::Random => Product::Ecs,
    }
}

/// So many objects that belong to nothing in common are asked for one by one; more, by a list of all.
const FEW: usize = 10;
/// Objects in a page of a list, as many as every list gives.
const PAGE: u32 = 50;

/// Returns the ids of all objects of a type, if its first read lists them.
pub async fn list(client: &Client, ty: &'static ResourceType) -> Result<Listing, ApiError> {
    let adopt = &ty.adopt;
    let (Some(params), Some(read)) = (adopt.listed, ty.read.first()) else {
        return Ok(Listing::default());
    };
    let mut call = Call::read(product(ty.service), read.action);
    for (name, value) in params {
        call = call.param(*name, *value);
    }
    let path = match adopt.item {
        "" => read.item,
        path => path,
    };
    let items = page::pages(client, &call, path, PAGE).await?.items;
    let ids = |item: &Json| match (adopt.ids, &ty.id) {
        (Some(ids), _) => ids(item),
        (None, Id::Field(field)) => {
            let id = item.get(*field).and_then(Json::as_str);
            id.map(str::to_owned).into_iter().collect()
        }
        (None, _) => Vec::new(),
    };
    let mut listing = Listing::default();
    for item in items.iter().filter(|item| !(adopt.skip)(item)) {
        if is_service_managed(item) || (adopt.of_cloud)(item) {
            listing.left += ids(item).len();
        } else {
            listing.ids.extend(ids(item));
        }
    }
    Ok(listing)
}

/// Whether an item says of itself that a service of the cloud made it and looks after it.
fn is_service_managed(item: &Json) -> bool {
    let flag = &item["ServiceManaged"];
    *flag == true || *flag == 1
}

/// Reads objects of one type as its table says, in the order asked.
pub async fn read(
    answers: &Answers,
    ty: &'static ResourceType,
    wanted: &[Wanted],
) -> Vec<Result<Option<Object>, ApiError>> {
    let Some((primary, details)) = ty.read.split_first() else {
        return wanted
            .iter()
            .map(|one| Ok(Some((*one.known).clone())))
            .collect();
    };
    let all: Vec<&Wanted> = wanted.iter().collect();
    let found = fetch(answers, ty, primary, &all).await;
    let exists: Vec<&Wanted> = wanted
        .iter()
        .filter(|one| matches!(found.get(one.id.as_str()), Some(Ok(Some(_)))))
        .collect();
    let further = join_all(details.iter().map(|detail| {
        let needed: Vec<&Wanted> = exists
            .iter()
            .copied()
            .filter(|one| needs(ty, detail, &one.known))
            .collect();
        async move { (*detail, fetch(answers, ty, detail, &needed).await) }
    }))
    .await;
    wanted
        .iter()
        .map(|one| assemble(ty, primary, one, &found, &further))
        .collect()
}

type Details = Vec<(&'static Read, BTreeMap<String, Found>)>;

fn assemble(
    ty: &'static ResourceType,
    primary: &Read,
    one: &Wanted,
    found: &BTreeMap<String, Found>,
    further: &Details,
) -> Result<Option<Object>, ApiError> {
    let item = match found.get(&one.id) {
        Some(Ok(Some(item))) => item,
        Some(Ok(None)) | None => return Ok(None),
        Some(Err(error)) => return Err(error.clone()),
    };
    let mut parts = vec![decode(ty, primary, item), within::held(ty, &one.id)];
    for (detail, found) in further {
        match found.get(&one.id) {
            Some(Ok(Some(item))) => parts.push(decode(ty, detail, item)),
            // Not asked for, or there is no such detail.
            Some(Ok(None)) | None => {}
            Some(Err(error)) => return Err(error.clone()),
        }
    }
    Ok(Some(merge(ty, &one.id, &one.known, parts)))
}

/// Puts what was read over what is known. What is neither read nor known is left out, so that it can
/// be told from what is known to be unset.
pub fn merge(
    ty: &'static ResourceType,
    id: &str,
    known: &Object,
    parts: impl IntoIterator<Item = Object>,
) -> Object {
    let mut read: Vec<(Arc<str>, Value)> = parts.into_iter().flatten().collect();
    let mut merged = Object::with_capacity(ty.attributes.len() + 1);
    for attribute in ty.attributes {
        let before = known.get(attribute.name);
        let now = read.iter_mut().find(|(name, _)| **name == *attribute.name);
        let value = match (now, before) {
            // An optional attribute that nobody set stays unset while it is zero.
            (Some((_, value)), Some(Value::Null))
                if attribute.presence == Presence::Optional && is_zero(value) =>
            {
                Value::Null
            }
            (Some((_, value)), before) => {
                let hidden = before.is_some_and(Value::has_sensitive) && !value.is_null();
                std::mem::take(value).marked(hidden)
            }
            (None, Some(before)) if before.is_wholly_known() => before.clone(),
            (None, Some(before)) => without_unknown(before),
            (None, None) => continue,
        };
        merged.insert(shared(attribute.name), value);
    }
    if let Some(timeouts) = known.get("timeouts") {
        merged.insert("timeouts", timeouts.clone());
    }
    merged.insert("id", Value::string(id));
    merged
}

/// Returns an object as a type's own read gave it, with nothing unknown and with the `timeouts` that it had.
pub fn complete(object: &Object, known: &Object) -> Object {
    let mut complete: Object = object
        .iter()
        .map(|(name, value)| (name.clone(), without_unknown(value)))
        .collect();
    if let Some(timeouts) = known.get("timeouts") {
        complete.insert("timeouts", timeouts.clone());
    }
    complete
}

/// Returns a value with null for what is unknown in it: after a change, or of what the cloud does not tell.
pub fn without_unknown(value: &Value) -> Value {
    let all = |items: &[Value]| items.iter().map(without_unknown).collect::<Vec<_>>();
    let each = |entries: &Object| {
        entries
            .iter()
            .map(|(name, value)| (name.clone(), without_unknown(value)))
            .collect::<Object>()
    };
    match value {
        Value::Unknown(_) => Value::Null,
        Value::List(items) => Value::list(all(items)),
        Value::Set(items) => Value::set(all(items)),
        Value::Tuple(items) => Value::tuple(all(items)),
        Value::Map(entries) => Value::map(each(entries)),
        Value::Object(entries) => Value::object(each(entries)),
        Value::Sensitive(inner) => without_unknown(inner).sensitive(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Whether a detail call is worth it: something of it is not known at all, or is set and may have
/// been changed. What the cloud alone decides stays as it was at creation.
fn needs(ty: &ResourceType, detail: &'static Read, known: &Object) -> bool {
    let of_detail = |attribute: &&Attribute| {
        attribute
            .read
            .is_some_and(|(read, _)| std::ptr::eq(read, detail))
    };
    ty.attributes
        .iter()
        .filter(of_detail)
        .any(|attribute| match known.get(attribute.name) {
            None => true,
            Some(value) if !value.is_wholly_known() => true,
            Some(value) => attribute.presence != Presence::Computed && !is_zero(value),
        })
}

/// Returns what one read gives for each id.
async fn fetch(
    answers: &Answers,
    ty: &'static ResourceType,
    read: &'static Read,
    wanted: &[&Wanted],
) -> BTreeMap<String, Found> {
    let ask = Ask { answers, ty, read };
    match &read.ids {
        Ids::One(param) => ask.singly(param, &distinct(wanted)).await,
        Ids::Commas(..)
        | Ids::CommasWith(..)
        | Ids::Json(..)
        | Ids::JsonPaged(..)
        | Ids::Numbered(..) => ask.chunks(&distinct(wanted)).await,
        Ids::Listed { id, by, page } => ask.listed(id, *by, *page, wanted).await,
        Ids::Pages(param, page) => {
            let ids = distinct(wanted);
            let listings = join_all(ids.iter().map(|id| ask.listing(param, id, *page))).await;
            let first = |items: Vec<Json>| items.into_iter().next();
            ids.iter()
                .zip(listings)
                .map(|(id, listing)| ((*id).to_owned(), none_if_absent(listing.map(first))))
                .collect()
        }
        Ids::Within(ids, keys) => within::fetch(ask, ids, keys, wanted).await,
    }
}

/// The ids that are wanted, each once.
fn distinct<'a>(wanted: &[&'a Wanted]) -> Vec<&'a str> {
    let mut ids: Vec<&str> = wanted.iter().map(|one| one.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Writes ids as parameters, under this name.
type Written = fn(&str, &[String]) -> Vec<(String, String)>;

/// How a call takes ids: how many, written how, and the parameter with the size of a page.
#[derive(Clone, Copy)]
struct Batch {
    param: &'static str,
    most: usize,
    written: Written,
    size: Option<&'static str>,
    fixed: Option<(&'static str, &'static str)>,
}

impl Batch {
    /// `None` for what is not asked for by ids alone.
    fn of(ids: &'static Ids) -> Option<Self> {
        let (param, most, written, size): (_, _, Written, _) = match ids {
            Ids::One(param) => (param, 1, commas, None),
            Ids::Commas(param, most) | Ids::CommasWith(param, most, _) => {
                (param, *most, commas, Some("PageSize"))
            }
            Ids::Json(param, most) => (param, *most, json, Some("MaxResults")),
            Ids::JsonPaged(param, most) => (param, *most, json, Some("PageSize")),
            Ids::Numbered(param, most) => (param, *most, numbered, Some("MaxResults")),
            Ids::Pages(..) | Ids::Within(..) | Ids::Listed { .. } => return None,
        };
        let fixed = match ids {
            Ids::CommasWith(_, _, fixed) => Some(*fixed),
            _ => None,
        };
        Some(Self {
            param,
            most: most.max(1),
            written,
            size,
            fixed,
        })
    }

    /// The parameters that ask for these.
    fn params(self, ids: &[String]) -> Vec<(String, String)> {
        let mut params = (self.written)(self.param, ids);
        let size = self
            .size
            .map(|size| (size.to_owned(), self.most.max(10).to_string()));
        params.extend(size);
        let fixed = self.fixed;
        params.extend(fixed.map(|(name, value)| (name.to_owned(), value.to_owned())));
        params
    }
}

/// Ids as a list with commas.
fn commas(param: &str, ids: &[String]) -> Vec<(String, String)> {
    vec![(param.to_owned(), ids.join(","))]
}

/// Ids as a JSON array.
fn json(param: &str, ids: &[String]) -> Vec<(String, String)> {
    vec![(param.to_owned(), Json::from(ids.to_vec()).to_string())]
}

/// Ids as `Id.1`, `Id.2`, ….
fn numbered(param: &str, ids: &[String]) -> Vec<(String, String)> {
    let one = |(at, id): (usize, &String)| (format!("{param}.{}", at + 1), id.clone());
    ids.iter().enumerate().map(one).collect()
}

fn none_if_absent<T>(found: Result<Option<T>, ApiError>) -> Result<Option<T>, ApiError> {
    match found {
        Err(error) if error.kind == ApiErrorKind::NotFound => Ok(None),
        other => other,
    }
}

type Answer = Result<Arc<Json>, ApiError>;

/// One read of a type, and whom to ask.
#[derive(Clone, Copy)]
struct Ask<'a> {
    answers: &'a Answers,
    ty: &'static ResourceType,
    read: &'static Read,
}

impl Ask<'_> {
    async fn call(self, params: Vec<(String, String)>) -> Result<Arc<Json>, ApiError> {
        self.answers
            .ask(&read_call(
                product(self.ty.service),
                self.read.action,
                params,
            ))
            .await
    }

    /// One call for each id.
    async fn singly(self, param: &str, ids: &[&str]) -> BTreeMap<String, Found> {
        let one = |id: &str| {
            let params = vec![(param.to_owned(), id.to_owned())];
            let id = id.to_owned();
            async move {
                let found = match self.call(params).await {
                    Ok(answer) => {
                        let items = schema::items(&answer, self.read.item);
                        let found = items.into_iter().find(|item| !self.is_another(item, &id));
                        Ok(found.cloned())
                    }
                    Err(error) if error.kind == ApiErrorKind::NotFound => Ok(None),
                    Err(error) => Err(error),
                };
                (id, found)
            }
        };
        join_all(ids.iter().map(|id| one(id)))
            .await
            .into_iter()
            .collect()
    }

    /// Calls with as many ids as they take.
    async fn chunks(self, ids: &[&str]) -> BTreeMap<String, Found> {
        let Some(batch) = Batch::of(&self.read.ids) else {
            return BTreeMap::new();
        };
        let mut found = BTreeMap::new();
        for (part, answer) in self.parts(batch, ids).await {
            match answer {
                Ok(answer) => {
                    let mut items = self.by_id(&answer);
                    let one = |id: String| {
                        let item = items.remove(&id);
                        (id, Ok(item))
                    };
                    found.extend(part.into_iter().map(one));
                }
                Err(error) => {
                    let result = if error.kind == ApiErrorKind::NotFound && part.len() == 1 {
                        Ok(None)
                    } else {
                        Err(error)
                    };
                    found.extend(part.into_iter().map(|id| (id, result.clone())));
                }
            }
        }
        found
    }

    /// Asks for ids in parts, and returns what each was answered.
    async fn parts(self, batch: Batch, ids: &[&str]) -> Vec<(Vec<String>, Answer)> {
        let topic = (self.read.action, batch.param);
        let parts = self.answers.together(topic, ids, batch.most).await;
        let calls = parts.into_iter().map(|part| {
            let params = batch.params(&part);
            async move { (part, self.call(params).await) }
        });
        join_all(calls).await
    }

    /// One id with one call; many that belong together with a listing of what they belong to.
    async fn listed(
        self,
        param: &str,
        by: (&str, &str),
        page: usize,
        wanted: &[&Wanted],
    ) -> BTreeMap<String, Found> {
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut single = Vec::new();
        for one in wanted {
            match one
                .known
                .get(by.1)
                .and_then(Value::as_str)
                .filter(|group| !group.is_empty())
            {
                Some(group) => groups.entry(group).or_default().push(&one.id),
                None => single.push(one.id.as_str()),
            }
        }
        let (few, many): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(_, ids)| ids.len() < 2);
        single.extend(few.into_iter().flat_map(|(_, ids)| ids));
        let mut found = BTreeMap::new();
        let pages = many.iter().map(|(group, _)| self.pages(by.0, group, page));
        for ((_, ids), listing) in many.iter().zip(join_all(pages).await) {
            match listing {
                Ok(mut items) => {
                    for id in ids {
                        match items.remove(*id) {
                            Some(item) => {
                                found.insert((*id).to_owned(), Ok(Some(item)));
                            }
                            // Pages shift while things are made and deleted: ask for it by name.
                            None => single.push(id),
                        }
                    }
                }
                Err(error) if error.kind == ApiErrorKind::NotFound => single.extend(ids),
                Err(error) => {
                    found.extend(ids.iter().map(|id| ((*id).to_owned(), Err(error.clone()))));
                }
            }
        }
        single.sort_unstable();
        single.dedup();
        if single.len() > FEW
            && let Ok(mut items) = self.pages("", "", page).await
        {
            single.retain(|id| match items.remove(*id) {
                Some(item) => found.insert((*id).to_owned(), Ok(Some(item))).is_some(),
                None => true,
            });
        }
        found.extend(self.singly(param, &single).await);
        found
    }

    /// Lists a group by its items' ids.
    async fn pages(
        self,
        param: &str,
        group: &str,
        size: usize,
    ) -> Result<BTreeMap<String, Json>, ApiError> {
        let items = self.listing(param, group, size).await?;
        let Id::Field(field) = self.ty.id else {
            return Ok(BTreeMap::new());
        };
        Ok(items
            .into_iter()
            .filter_map(|item| Some((item.get(field)?.as_str()?.to_owned(), item)))
            .collect())
    }

    /// Lists a group, or all there are without a parameter: the first page says how many there are, the others follow in parallel.
    async fn listing(self, param: &str, group: &str, size: usize) -> Result<Vec<Json>, ApiError> {
        let params = |page: usize| {
            let filter = (!param.is_empty()).then(|| (param.to_owned(), group.to_owned()));
            let mut params = Vec::from_iter(filter);
            params.push(("PageNumber".to_owned(), page.to_string()));
            params.push(("PageSize".to_owned(), size.to_string()));
            params
        };
        let own = |answer: &Json| -> Vec<Json> {
            let items = schema::items(answer, self.read.item);
            items.into_iter().cloned().collect()
        };
        let first = self.call(params(1)).await?;
        let total = first.get("TotalCount").and_then(Json::as_u64).unwrap_or(0);
        let last = usize::try_from(total)
            .unwrap_or(0)
            .div_ceil(size.max(1))
            .min(1000);
        let mut items = own(&first);
        for answer in join_all((2..=last).map(|page| self.call(params(page)))).await {
            items.extend(own(&*answer?));
        }
        Ok(items)
    }

    /// Whether an item says that it is not the one with this id: some filters are patterns.
    fn is_another(self, item: &Json, id: &str) -> bool {
        match self.ty.id {
            Id::Field(field) => item
                .get(field)
                .and_then(Json::as_str)
                .is_some_and(|other| other != id),
            Id::Parts(_) | Id::Composite => false,
        }
    }

    fn by_id(self, answer: &Json) -> BTreeMap<String, Json> {
        let Id::Field(field) = self.ty.id else {
            return BTreeMap::new();
        };
        schema::items(answer, self.read.item)
            .into_iter()
            .filter_map(|item| Some((item.get(field)?.as_str()?.to_owned(), item.clone())))
            .collect()
    }
}

/// Returns what a type's first read gives for these ids, as the API answers: for objects that are seen only as a
/// part of others.
pub async fn items(
    answers: &Answers,
    ty: &'static ResourceType,
    wanted: &[Wanted],
) -> BTreeMap<String, Found> {
    let all: Vec<&Wanted> = wanted.iter().collect();
    match ty.read.first() {
        Some(primary) => fetch(answers, ty, primary, &all).await,
        None => BTreeMap::new(),
    }
}

/// Returns the item of a type's first read for one object, asked anew.
pub async fn item(client: &Client, ty: &'static ResourceType, one: &Wanted) -> Found {
    let answers = Answers::new(client);
    items(&answers, ty, std::slice::from_ref(one))
        .await
        .remove(&one.id)
        .unwrap_or(Ok(None))
}
