//! The Alibaba Cloud provider: each type's life from its tables, and hooks where a type has them.

use async_trait::async_trait;
use futures::future::join_all;
use jiff::Timestamp;

use super::{
    Change, CreateRequest, Failure, Listing, Lost, Progress, Provider, Trace, Wanted, Whereabouts,
    batch::{self, Answers},
    gather::Gather,
    hooks::{Context, Hooks, Kind},
    lifecycle::{self, Poll, SILENT, TRACEABLE, VISIBLE, failure, local},
    lookout::Lookout,
    preflight,
    together::{self, Together},
};
use crate::{
    cloud::{ApiError, ApiErrorKind, Client},
    model::{Object, diagnostic::did_you_mean},
    schema::{Id, ResourceType, at},
};

/// How many objects are read anew together.
const READS: usize = 2000;

/// A provider over one client: one account, one region.
pub struct Aliyun {
    client: Client,
    kinds: &'static [Kind],
    data: &'static [Kind],
    lookout: Lookout,
    together: Together,
    reads: Gather<usize, Wanted, Result<Option<Object>, ApiError>>,
    /// Whether an instance is replaced for another image, and not its system disk alone.
    replaces_images: bool,
    /// Whether the region is taken as it is, and not looked up.
    trusts_region: bool,
}

impl Aliyun {
    /// Returns a provider for these resource types and data sources.
    pub fn new(client: Client, kinds: &'static [Kind], data: &'static [Kind]) -> Self {
        Self {
            client,
            kinds,
            data,
            lookout: Lookout::default(),
            together: Together::default(),
            reads: Gather::default(),
            replaces_images: false,
            trusts_region: false,
        }
    }

    /// Has another image make another instance: the block's `replace_on_image_update`.
    pub fn replacing_images(mut self, replaces: bool) -> Self {
        self.replaces_images = replaces;
        self
    }

    /// Has the region taken as it is: the block's `skip_region_validation`.
    pub fn trusting_region(mut self, trusts: bool) -> Self {
        self.trusts_region = trusts;
        self
    }

    fn hooks(&self, ty: &ResourceType) -> Hooks {
        let of = |kinds: &'static [Kind]| kinds.iter().find(|kind| std::ptr::eq(kind.ty, ty));
        of(self.kinds)
            .or_else(|| of(self.data))
            .map(|kind| kind.hooks)
            .unwrap_or_default()
    }

    /// What a hook may use when there is nobody to tell of its calls.
    fn quietly<'a>(&'a self, ty: &'static ResourceType, answers: &'a Answers) -> Context<'a> {
        self.context(ty, answers, SILENT)
    }

    fn context<'a>(
        &'a self,
        ty: &'static ResourceType,
        answers: &'a Answers,
        progress: Progress<'a>,
    ) -> Context<'a> {
        Context {
            client: &self.client,
            ty,
            progress,
            answers,
            lookout: &self.lookout,
            together: &self.together,
        }
    }

    /// Reads all of one type.
    async fn read_type(
        &self,
        answers: &Answers,
        ty: &'static ResourceType,
        wanted: &[Wanted],
    ) -> Vec<Result<Option<Object>, ApiError>> {
        let Some(hook) = self.hooks(ty).read else {
            return batch::read(answers, ty, wanted).await;
        };
        let found = hook(self.quietly(ty, answers), wanted).await;
        let complete = |(found, one): (Result<Option<Object>, ApiError>, &Wanted)| {
            found.map(|object| object.map(|object| batch::complete(&object, &one.known)))
        };
        found.into_iter().zip(wanted).map(complete).collect()
    }

    /// Reads one object anew, after a change; with it those of its type that have changed at the same time.
    async fn read_back(
        &self,
        ty: &'static ResourceType,
        id: &str,
        known: &Object,
    ) -> Result<Option<Object>, ApiError> {
        let wanted = lifecycle::wanted(ty, id, known);
        let read = async |wanted: Vec<Wanted>| {
            let answers = Answers::new(&self.client);
            self.read_type(&answers, ty, &wanted).await
        };
        let key = std::ptr::from_ref(ty).addr();
        let read = self.reads.join(key, wanted, READS, read).await;
        read.unwrap_or_else(|| Err(together::left()))
    }

    /// Reads a new object, which a listing may show only after a moment.
    async fn read_new(
        &self,
        ty: &'static ResourceType,
        id: &str,
        known: &Object,
    ) -> Result<Option<Object>, ApiError> {
        let mut poll = Poll::new(VISIBLE);
        loop {
            let read = self.read_back(ty, id, known).await;
            if !lifecycle::is_absent(&read) || !poll.pause().await {
                return read;
            }
        }
    }

    /// Deletes as the table says, and waits until the object is gone.
    async fn remove(&self, context: Context<'_>, id: &str, prior: &Object) -> Result<(), ApiError> {
        let read = || self.read_back(context.ty, id, prior);
        lifecycle::remove(context, id, prior, read).await
    }

    /// Sends a create call and returns its answer.
    async fn ask(
        &self,
        context: Context<'_>,
        request: &CreateRequest,
        desired: &Object,
        token: &str,
    ) -> Result<serde_json::Value, ApiError> {
        match self.hooks(context.ty).create {
            Some(hook) => hook(context, request, desired, token).await,
            None => lifecycle::create(context, request, token).await,
        }
    }

    /// Returns the id of an object that a refused create call may be about, if it is there: what has no token
    /// is told by its parts.
    async fn existing(
        &self,
        ty: &'static ResourceType,
        request: &CreateRequest,
        error: &ApiError,
    ) -> Option<String> {
        if !lifecycle::may_exist(ty, request, error) {
            return None;
        }
        let id = self.requested(ty, request)?;
        let read = self.read_back(ty, &id, &Object::new()).await;
        read.ok().flatten().map(|_| id)
    }

    /// Returns the id that a request makes by itself, without an answer.
    fn requested(&self, ty: &ResourceType, request: &CreateRequest) -> Option<String> {
        let nothing = serde_json::Value::Null;
        match (self.hooks(ty).id, &ty.id) {
            (Some(hook), Id::Composite) => hook(request, &nothing),
            (None, Id::Parts(parts)) => batch::joined(parts, request, &nothing),
            (_, Id::Field(_) | Id::Composite | Id::Parts(_)) => None,
        }
    }

    /// Returns the object as it reads after a change, or the failure with it.
    async fn finish(
        &self,
        ty: &'static ResourceType,
        id: &str,
        known: &Object,
        done: Result<(), Failure>,
    ) -> Result<Object, Failure> {
        let current = match done {
            Ok(()) => self.read_new(ty, id, known).await,
            Err(_) => self.read_back(ty, id, known).await,
        };
        match (done, current) {
            (Ok(()), Ok(Some(object))) => Ok(object),
            (Ok(()), Ok(None)) => {
                let text = format!("{id} was changed, and does not exist any more.");
                Err(failure(
                    ty,
                    local(ty, "ObjectVanished", text, ApiErrorKind::NotFound),
                    None,
                ))
            }
            (Ok(()), Err(error)) => Err(failure(ty, error, None)),
            (Err(mut failed), current) => {
                failed.current = failed.current.or(current.ok().flatten());
                Err(failed)
            }
        }
    }
}

/// Whether the credentials are good, and only this action is not allowed.
fn forbidden(error: &ApiError) -> bool {
    error.kind == ApiErrorKind::Throttled
        || [
            "Forbidden.RAM",
            "Forbidden.NoPermission",
            "NoPermission",
            "Forbidden.Action",
        ]
        .iter()
        .any(|prefix| error.code.starts_with(prefix))
        || error.code == "Forbidden"
}

/// Checks that a list of regions has the region, if it has any.
fn known_region(region: &str, answer: &serde_json::Value) -> Result<(), ApiError> {
    let regions = at(answer, "Regions.Region").and_then(serde_json::Value::as_array);
    let ids: Vec<&str> = regions
        .into_iter()
        .flatten()
        .filter_map(|region| region.get("RegionId")?.as_str())
        .collect();
    if ids.is_empty() || ids.contains(&region) {
        return Ok(());
    }
    let near = did_you_mean(region, ids.iter().copied())
        .map_or_else(String::new, |near| format!(" Did you mean `{near}`?"));
    let mut error = ApiError::local(
        "InvalidRegionId",
        format!("There is no region `{region}`.{near}"),
    );
    error.action = "DescribeRegions".to_owned();
    Err(error)
}

#[async_trait]
impl Provider for Aliyun {
    async fn check(&self, ty: &'static ResourceType) -> Result<(), ApiError> {
        if self.client.has_succeeded() {
            return Ok(());
        }
        let product = batch::product(ty.service);
        let call = batch::read_call(product, "DescribeRegions", Vec::new());
        match self.client.call(&call).await {
            Ok(_) if self.trusts_region => Ok(()),
            Ok(answer) => known_region(self.client.region(), &answer),
            // Whoever may create need not be allowed to list regions.
            Err(error) if forbidden(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn now(&self) -> Timestamp {
        self.client.now()
    }

    fn whereabouts(&self) -> Option<Whereabouts> {
        Some(Whereabouts {
            region: self.client.region().to_owned(),
            account: self.client.identity().to_owned(),
        })
    }

    async fn preflight(&self, orders: &[preflight::Order]) -> preflight::Report {
        preflight::run(&self.client, &|ty| self.hooks(ty), orders).await
    }

    fn replacing(&self, ty: &'static ResourceType) -> &'static [&'static str] {
        if self.replaces_images && ty.name == "alicloud_instance" {
            &["image_id"]
        } else {
            &[]
        }
    }

    async fn read(&self, wanted: &[Wanted]) -> Vec<Result<Option<Object>, ApiError>> {
        let mut groups: Vec<(&'static ResourceType, Vec<usize>)> = Vec::new();
        for (at, one) in wanted.iter().enumerate() {
            match groups.iter_mut().find(|(ty, _)| std::ptr::eq(*ty, one.ty)) {
                Some((_, places)) => places.push(at),
                None => groups.push((one.ty, vec![at])),
            }
        }
        let answers = Answers::new(&self.client);
        let reads = groups.iter().map(|(ty, places)| {
            let of_type: Vec<Wanted> = places.iter().map(|at| wanted[*at].clone()).collect();
            let answers = &answers;
            async move { self.read_type(answers, ty, &of_type).await }
        });
        let mut results: Vec<_> = wanted.iter().map(|_| Ok(None)).collect();
        for ((_, places), found) in groups.iter().zip(join_all(reads).await) {
            for (at, found) in places.iter().zip(found) {
                results[*at] = found;
            }
        }
        results
    }

    async fn list(&self, ty: &'static ResourceType) -> Result<Listing, ApiError> {
        match self.hooks(ty).list {
            Some(hook) => hook(self.quietly(ty, &Answers::new(&self.client))).await,
            None => batch::list(&self.client, ty).await,
        }
    }

    async fn data(&self, ty: &'static ResourceType, arguments: &Object) -> Result<Object, Failure> {
        let answers = Answers::new(&self.client);
        let Some(hook) = self.hooks(ty).data else {
            let text = format!("{} cannot be read as a data source.", ty.name);
            return Err(failure(
                ty,
                local(ty, "NotADataSource", text, ApiErrorKind::Invalid),
                None,
            ));
        };
        hook(self.quietly(ty, &answers), arguments).await
    }

    fn create_request(&self, ty: &'static ResourceType, desired: &Object) -> CreateRequest {
        let hook = self
            .hooks(ty)
            .create_request
            .unwrap_or(lifecycle::create_request);
        let mut request = hook(ty, desired);
        request.params.sort_by(|a, b| a.name.cmp(&b.name));
        request
    }

    async fn create(
        &self,
        ty: &'static ResourceType,
        request: &CreateRequest,
        token: &str,
        desired: &Object,
    ) -> Result<String, Failure> {
        let answers = Answers::new(&self.client);
        let context = self.quietly(ty, &answers);
        let whole;
        let request = match self.hooks(ty).reveal {
            Some(hook) => {
                whole = hook(context, request).await;
                whole
                    .as_ref()
                    .map_err(|error| failure(ty, error.clone(), None))?
            }
            None => request,
        };
        let began = self.client.now();
        let mut answer = self.ask(context, request, desired, token).await;
        if let Err(error) = &answer
            && error.kind == ApiErrorKind::OutcomeUnknown
            && !(request.takes_token || lifecycle::is_repeated(ty, request))
        {
            let lost = Lost {
                request,
                planned: desired,
                at: began,
                known: &[],
            };
            match self.trace(ty, lost).await {
                Ok(Trace::Made { id }) => return Ok(id),
                Ok(Trace::AskAgain) => {
                    answer = self.ask(context, request, desired, token).await;
                }
                // It may yet come true, or is of no use: the next run looks again.
                Ok(Trace::Spoilt { .. } | Trace::NotMade) | Err(_) => {}
            }
        }
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let existing = self.existing(ty, request, &error).await;
                return existing.ok_or_else(|| failure(ty, error, None));
            }
        };
        let id = match (self.hooks(ty).id, &ty.id) {
            (Some(hook), _) => hook(request, &answer),
            (None, Id::Field(field)) => at(&answer, field)
                .and_then(|id| id.as_str())
                .map(str::to_owned),
            (None, Id::Parts(parts)) => batch::joined(parts, request, &answer),
            (None, Id::Composite) => None,
        };
        id.ok_or_else(|| {
            let text = format!("{} was done, and its answer has no id.", request.action);
            failure(
                ty,
                local(ty, "MissingId", text, ApiErrorKind::OutcomeUnknown),
                None,
            )
        })
    }

    async fn trace(&self, ty: &'static ResourceType, lost: Lost<'_>) -> Result<Trace, ApiError> {
        let hooks = self.hooks(ty);
        let answers = Answers::new(&self.client);
        if let Some(hook) = hooks.trace {
            return hook(self.quietly(ty, &answers), lost).await;
        }
        // An id that is made of the request says where to look; what is not there is asked for again.
        let Some(id) = self.requested(ty, lost.request) else {
            return Ok(Trace::AskAgain);
        };
        let mut poll = Poll::new(TRACEABLE);
        loop {
            let found = self.read_back(ty, &id, &Object::new()).await;
            if !lifecycle::is_absent(&found) {
                return found.map(|_| Trace::Made { id });
            }
            if !poll.pause().await {
                return Ok(Trace::AskAgain);
            }
        }
    }

    async fn settle(
        &self,
        ty: &'static ResourceType,
        id: &str,
        desired: &Object,
        progress: Progress<'_>,
    ) -> Result<Object, Failure> {
        let answers = Answers::new(&self.client);
        let context = self.context(ty, &answers, progress);
        let done = match self.hooks(ty).settle {
            Some(hook) => hook(context, id, desired).await,
            None => lifecycle::settle(context, id, desired)
                .await
                .map_err(|error| failure(ty, error, None)),
        };
        self.finish(ty, id, desired, done).await
    }

    async fn update(
        &self,
        ty: &'static ResourceType,
        id: &str,
        change: Change<'_>,
        progress: Progress<'_>,
    ) -> Result<Object, Failure> {
        let answers = Answers::new(&self.client);
        let context = self.context(ty, &answers, progress);
        let done = match self.hooks(ty).update {
            Some(hook) => hook(context, id, change).await,
            None => lifecycle::update(context, id, change)
                .await
                .map_err(|error| failure(ty, error, None)),
        };
        // After a failure, what cannot be read is what it was before.
        let known = if done.is_ok() {
            change.desired
        } else {
            change.prior
        };
        self.finish(ty, id, known, done).await
    }

    async fn delete(
        &self,
        ty: &'static ResourceType,
        id: &str,
        prior: &Object,
        progress: Progress<'_>,
    ) -> Result<(), Failure> {
        let answers = Answers::new(&self.client);
        let context = self.context(ty, &answers, progress);
        match self.hooks(ty).delete {
            Some(hook) => hook(context, id, prior).await,
            None => match self.remove(context, id, prior).await {
                Ok(()) => Ok(()),
                Err(error) => {
                    let current = self.read_back(ty, id, prior).await.ok().flatten();
                    Err(failure(ty, error, current))
                }
            },
        }
    }
}
