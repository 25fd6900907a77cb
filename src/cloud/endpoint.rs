//! Where a product is reached: overrides of the provider block, the environment, the region's public host.
//!
//! Plain HTTP is spoken with this machine only: requests carry passwords.

use std::{collections::BTreeMap, net::IpAddr};

use super::{call::Product, credentials::StsPlace, error::ApiError};

/// The endpoints that were configured; a product without one is reached at its public host.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    overrides: BTreeMap<Product, String>,
    /// One endpoint for every product (`ALIBABA_CLOUD_ENDPOINT`).
    all: Option<String>,
    protocol: Protocol,
    /// Where STS is asked for roles, unless it is configured.
    sts: StsPlace,
}

/// The scheme of endpoints that are written as `host[:port]`: the provider block's `protocol`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    Http,
    #[default]
    Https,
}

/// An address to send requests to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// `host` or `host:port`; a scheme's own port is left out, as in the `Host` header.
    pub authority: String,
    /// Whether it is on this machine.
    pub loopback: bool,
}

/// Hosts that do not follow `<product>.<region>.aliyuncs.com`: product, region (any when empty), host.
const EXCEPTIONS: &[(Product, &str, &str)] = &[
    (Product::Location, "", "location.aliyuncs.com"),
    (Product::ResourceManager, "", "resourcemanager.aliyuncs.com"),
    (Product::Vpc, "cn-hangzhou", "vpc.aliyuncs.com"),
    (Product::Slb, "ap-southeast-1", "slb.aliyuncs.com"),
    (Product::Slb, "cn-beijing", "slb.aliyuncs.com"),
    (Product::Slb, "cn-hangzhou", "slb.aliyuncs.com"),
    (Product::Slb, "cn-hangzhou-finance", "slb.aliyuncs.com"),
    (Product::Slb, "cn-hongkong", "slb.aliyuncs.com"),
    (Product::Slb, "cn-north-2-gov-1", "slb.aliyuncs.com"),
    (Product::Slb, "cn-qingdao", "slb.aliyuncs.com"),
    (Product::Slb, "cn-shanghai", "slb.aliyuncs.com"),
    (Product::Slb, "cn-shanghai-finance-1", "slb.aliyuncs.com"),
    (Product::Slb, "cn-shenzhen", "slb.aliyuncs.com"),
    (Product::Slb, "cn-shenzhen-finance-1", "slb.aliyuncs.com"),
    (Product::Slb, "cn-wuhan", "slb.aliyuncs.com"),
    (Product::Slb, "us-east-1", "slb.aliyuncs.com"),
    (Product::Slb, "us-west-1", "slb.aliyuncs.com"),
    (Product::Sts, "ap-south-1", "sts.aliyuncs.com"),
    (Product::Sts, "ap-southeast-2", "sts.aliyuncs.com"),
];

impl Protocol {
    /// Reads the provider block's `protocol`, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "http" => Some(Self::Http),
            "https" => Some(Self::Https),
            _ => None,
        }
    }

    fn scheme(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl Endpoints {
    /// Takes the provider block's endpoints, and for the products that it leaves out the environment's:
    /// `ALIBABA_CLOUD_ENDPOINT_<PRODUCT>`, `<PRODUCT>_ENDPOINT`, `ALIBABA_CLOUD_<PRODUCT>_ENDPOINT`,
    /// `ALIBABA_CLOUD_ENDPOINT` for all.
    pub fn new(
        given: impl IntoIterator<Item = (Product, String)>,
        protocol: Protocol,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let read = |name: &str| environment(name).filter(|text| !text.trim().is_empty());
        let mut overrides: BTreeMap<Product, String> = given
            .into_iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .collect();
        for product in Product::ALL {
            let name = product.name().to_ascii_uppercase();
            let found = read(&format!("ALIBABA_CLOUD_ENDPOINT_{name}"))
                .or_else(|| read(&format!("{name}_ENDPOINT")))
                .or_else(|| read(&format!("ALIBABA_CLOUD_{name}_ENDPOINT")));
            if let Some(found) = found {
                overrides.entry(product).or_insert(found);
            }
        }
        Self {
            overrides,
            all: read("ALIBABA_CLOUD_ENDPOINT"),
            protocol,
            sts: StsPlace::default(),
        }
    }

    /// Returns the same endpoints with STS at a place, unless it is configured.
    pub(super) fn with_sts(&self, place: &StsPlace) -> Self {
        Self {
            sts: place.clone(),
            ..self.clone()
        }
    }

    /// Whether somebody has said where the product is.
    pub(super) fn configures(&self, product: Product) -> bool {
        self.overrides.contains_key(&product) || self.all.is_some()
    }

    /// Whether somebody has said of the location service in particular where it is.
    pub(super) fn configures_location(&self) -> bool {
        self.overrides.contains_key(&Product::Location)
    }

    /// Reads a host that the location service has told.
    pub(super) fn told(&self, host: &str) -> Result<Endpoint, ApiError> {
        parse(host.trim(), self.protocol)
    }

    /// Returns endpoints where every product is at one address.
    pub fn single(address: impl Into<String>) -> Self {
        Self {
            all: Some(address.into()),
            ..Self::default()
        }
    }

    /// Returns where the product is reached in the region.
    ///
    /// # Errors
    /// The endpoint or region is not one, or the endpoint is plain HTTP to another machine.
    pub fn resolve(&self, product: Product, region: &str) -> Result<Endpoint, ApiError> {
        let configured = self.overrides.get(&product).or(self.all.as_ref());
        match (configured, product) {
            (Some(text), _) => parse(text.trim(), self.protocol),
            (None, Product::Sts) => self.public_sts(region),
            (None, _) => public(product, region, self.protocol),
        }
    }

    fn public_sts(&self, region: &str) -> Result<Endpoint, ApiError> {
        if let Some(text) = &self.sts.endpoint {
            return parse(text.trim(), self.protocol);
        }
        let region = self.sts.region.as_deref().unwrap_or(region);
        let public = public(Product::Sts, region, self.protocol)?;
        if self.sts.vpc {
            return parse(&format!("sts-vpc.{region}.aliyuncs.com"), self.protocol);
        }
        Ok(public)
    }
}

impl Endpoint {
    /// Returns the address as one writes it: `https://ecs.cn-beijing.aliyuncs.com`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.authority)
    }
}

/// Reads an endpoint that is on this machine.
pub fn local(text: &str) -> Option<Endpoint> {
    parse(text.trim(), Protocol::Http)
        .ok()
        .filter(|endpoint| endpoint.loopback)
}

/// Returns the product's public host in the region.
fn public(product: Product, region: &str, protocol: Protocol) -> Result<Endpoint, ApiError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if region.is_empty() || !region.chars().all(fits) {
        return Err(ApiError::local(
            "InvalidRegion",
            format!(
                "`{region}` is not a region's name: it is made of lower-case letters, digits and \
                 dashes, like `cn-hangzhou`"
            ),
        ));
    }
    let known = EXCEPTIONS
        .iter()
        .find(|(of, at, _)| *of == product && (at.is_empty() || *at == region));
    let host = known.map_or_else(
        || format!("{}.{region}.aliyuncs.com", product.name()),
        |(_, _, host)| (*host).to_owned(),
    );
    parse(&host, protocol)
}

/// Reads a URL or `host[:port]`.
fn parse(text: &str, protocol: Protocol) -> Result<Endpoint, ApiError> {
    let full = if text.contains("://") {
        text.to_owned()
    } else {
        format!("{}://{text}", protocol.scheme())
    };
    let malformed = || {
        ApiError::local(
            "InvalidEndpoint",
            format!(
                "`{text}` is not an endpoint: write a host, `host:port`, or a URL without a path \
                 such as `https://ecs.cn-beijing.aliyuncs.com`"
            ),
        )
    };
    let uri: http::Uri = full.parse().map_err(|_| malformed())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(malformed());
    };
    let (scheme, default_port) = match scheme {
        "http" => ("http", 80),
        "https" => ("https", 443),
        _ => return Err(malformed()),
    };
    let plain = matches!(uri.path(), "" | "/") && uri.query().is_none();
    if !plain || authority.as_str().contains('@') || authority.host().is_empty() {
        return Err(malformed());
    }
    let host = authority.host();
    let endpoint = Endpoint {
        scheme,
        authority: match authority.port_u16() {
            Some(port) if port != default_port => format!("{host}:{port}"),
            _ => host.to_owned(),
        },
        loopback: is_loopback(host),
    };
    if scheme == "http" && !endpoint.loopback {
        return Err(ApiError::local(
            "InsecureEndpoint",
            format!(
                "The endpoint {} is plain HTTP to another machine, which would show passwords and \
                 signatures to the network: use https (plain HTTP is for this machine only)",
                endpoint.url()
            ),
        ));
    }
    Ok(endpoint)
}

/// Whether the host (an IPv6 address in brackets) is this machine by its name alone.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
