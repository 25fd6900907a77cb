//! What a caller asks for: an action of a product, its parameters, and what may be repeated.

use std::{fmt, time::Duration};

/// The services that prov speaks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    Ecs,
    Vpc,
    /// Load balancers.
    Slb,
    Sts,
    /// Knows where the others are.
    Location,
    ResourceManager,
    Kms,
}

impl Product {
    /// Every product.
    pub const ALL: [Self; 7] = [
        Self::Ecs,
        Self::Vpc,
        Self::Slb,
        Self::Sts,
        Self::Location,
        Self::ResourceManager,
        Self::Kms,
    ];

    /// Returns the product's name in hosts and in the `endpoints` block.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ecs => "ecs",
            Self::Vpc => "vpc",
            Self::Slb => "slb",
            Self::Sts => "sts",
            Self::Location => "location",
            Self::ResourceManager => "resourcemanager",
            Self::Kms => "kms",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Ecs => "ECS",
            Self::Vpc => "VPC",
            Self::Slb => "SLB",
            Self::Sts => "STS",
            Self::Location => "Location",
            Self::ResourceManager => "Resource Management",
            Self::Kms => "KMS",
        }
    }

    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Ecs => "2014-05-26",
            Self::Vpc => "2016-04-28",
            Self::Slb => "2014-05-15",
            Self::Sts => "2015-04-01",
            Self::Location => "2015-06-12",
            Self::ResourceManager => "2020-03-31",
            Self::Kms => "2016-01-20",
        }
    }
}

/// A request, before it is signed.
#[derive(Clone)]
pub struct Call {
    pub product: Product,
    pub action: &'static str,
    /// API parameters without the common ones, `RegionId` and `ClientToken`. A `RegionId` here wins.
    pub params: Vec<(String, String)>,
    /// Sent as `ClientToken`, the same over all retries.
    pub client_token: Option<String>,
    /// Codes (matched as a substring) that are retried beyond the ones that always are.
    pub retry: &'static [&'static str],
    /// How long to go on retrying `retry` codes.
    pub patience: Duration,
    /// Whether it may be repeated without a token when it is not known if it was done: reads, deletes,
    /// and changes that set a value.
    pub idempotent: bool,
}

impl fmt::Debug for Call {
    /// Shows the names of the parameters only: values may be secrets.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.params.iter().map(|(name, _)| name);
        out.debug_struct("Call")
            .field("product", &self.product)
            .field("action", &self.action)
            .field("params", &names.collect::<Vec<_>>())
            .field("client_token", &self.client_token)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// Returns a call that changes nothing.
    pub fn read(product: Product, action: &'static str) -> Self {
        Self {
            idempotent: true,
            ..Self::change(product, action)
        }
    }

    /// Returns a call that changes something, and is not repeated when its outcome is unknown unless it
    /// gets a [`token`](Self::token) or is repeatable by [`again`](Self::again).
    pub fn change(product: Product, action: &'static str) -> Self {
        Self {
            product,
            action,
            params: Vec::new(),
            client_token: None,
            retry: &[],
            patience: Duration::ZERO,
            idempotent: false,
        }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.push((name.into(), value.into()));
        self
    }

    /// Sets the client token: at most 64 ASCII characters.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.client_token = Some(token.into());
        self
    }

    /// Says that doing it twice is as good as once: a delete, a change that sets a value.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Sets the codes that are retried, and how long.
    #[must_use]
    pub fn retry(mut self, codes: &'static [&'static str], patience: Duration) -> Self {
        self.retry = codes;
        self.patience = patience;
        self
    }

    /// Whether it may be sent again when it is not known if it was done.
    pub(super) fn repeatable(&self) -> bool {
        self.idempotent || self.client_token.is_some()
    }
}
