//! Downloads: requests that follow redirects, and archives.

use bytes::Bytes;
use sha2::Digest;

use super::archive::{self, Kind};
use crate::{
    cloud::transport::{Http, Transport},
    manifest::modules::address::Package,
};

/// A server that redirects more often than this goes round in circles.
const MOST_REDIRECTS: usize = 10;

/// In which header a server names a module's source.
pub(super) const ELSEWHERE: &str = "x-terraform-get";

/// Asks servers.
#[derive(Debug, Default)]
pub(super) struct Downloads {
    http: Http,
}

/// A server's answer, and the URL that it came from.
pub(super) struct Answer {
    pub(super) url: String,
    pub(super) status: u16,
    /// What [`ELSEWHERE`] says.
    pub(super) elsewhere: Option<String>,
    pub(super) body: Bytes,
}

impl Downloads {
    /// Asks for a URL with a header, if there is one; a redirect to another host does not get it.
    pub(super) async fn get(&self, url: &str, header: Option<&str>) -> Result<Answer, String> {
        let mut url = url.to_owned();
        let mut header = header;
        for _ in 0..MOST_REDIRECTS {
            let mut request = http::Request::get(&url).header("user-agent", "prov");
            if let Some(value) = header {
                request = request.header("authorization", value);
            }
            let request = request
                .body(Bytes::new())
                .map_err(|error| format!("{} is no URL: {error}.", shown(&url)))?;
            let answer = self.http.send(request).await;
            let answer = answer.map_err(|error| format!("{}: {error}.", shown(&url)))?;
            let text = |name: &str| {
                let value = answer.headers().get(name)?.to_str().ok()?;
                Some(value.to_owned())
            };
            let status = answer.status().as_u16();
            match text("location").filter(|_| answer.status().is_redirection()) {
                Some(next) => {
                    let next = joined(&url, &next);
                    if url.starts_with("https://") && !next.starts_with("https://") {
                        return Err(format!("{} leads to an unsafe place.", shown(&url)));
                    }
                    if host(&next) != host(&url) {
                        header = None;
                    }
                    url = next;
                }
                None => {
                    return Ok(Answer {
                        elsewhere: text(ELSEWHERE),
                        url,
                        status,
                        body: answer.into_body(),
                    });
                }
            }
        }
        Err(format!("{} redirects without end.", shown(&url)))
    }

    /// Downloads an archive and unpacks it, or returns the other source that the server names.
    pub(super) async fn archive(
        &self,
        package: &Package,
        into: &std::path::Path,
    ) -> Result<Option<String>, String> {
        let told = package.asked("archive");
        let kind = match told {
            Some("false") => return Err("archive=false leaves one file, not a module.".to_owned()),
            Some(told) => Some(Kind::of(told).ok_or_else(|| unknown(told))?),
            None => Kind::of(&package.url),
        };
        let mut url = package.url.clone();
        let own = |name: &str| matches!(name, "archive" | "checksum");
        let rest = package.query.iter().filter(|(name, _)| !own(name));
        let mut query: Vec<(String, String)> = rest.cloned().collect();
        if kind.is_none() {
            query.push(("terraform-get".to_owned(), "1".to_owned()));
        }
        for (at, (name, value)) in query.iter().enumerate() {
            let value =
                percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
            url += &format!("{}{name}={value}", if at == 0 { '?' } else { '&' });
        }
        let login = package.login.as_ref().map(|login| {
            use base64::Engine;
            format!(
                "Basic {}",
                base64::engine::general_purpose::STANDARD.encode(login)
            )
        });
        let answer = self.get(&url, login.as_deref()).await?;
        if answer.status >= 400 {
            return Err(format!("the server answers {}.", answer.status));
        }
        if let Some(elsewhere) = answer.elsewhere.filter(|_| kind.is_none()) {
            return Ok(Some(joined(&answer.url, &elsewhere)));
        }
        let kind = kind
            .or_else(|| Kind::of(answer.url.split('?').next().unwrap_or_default()))
            .ok_or_else(|| {
                "it is no archive that prov knows (.tar.gz, .tgz, .tar, .zip; archive=… says which), and the server names no other source.".to_owned()
            })?;
        if let Some(sum) = package.asked("checksum") {
            verify(sum, &answer.body)?;
        }
        archive::unpack(kind, &answer.body, into)?;
        Ok(None)
    }
}

fn unknown(told: &str) -> String {
    format!("prov does not unpack {told}: it knows tar.gz, tgz, tar and zip.")
}

/// Holds an archive against its checksum: `sha256:…`, or the digits alone.
fn verify(wanted: &str, bytes: &[u8]) -> Result<(), String> {
    let (kind, digits) = match wanted.split_once(':') {
        Some((kind, digits)) => (kind, digits),
        None if wanted.len() == 64 => ("sha256", wanted),
        None if wanted.len() == 128 => ("sha512", wanted),
        None => ("", wanted),
    };
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|it| format!("{it:02x}")).collect() };
    let found = match kind {
        "sha256" => hex(&sha2::Sha256::digest(bytes)),
        "sha512" => hex(&sha2::Sha512::digest(bytes)),
        _ => {
            return Err(format!(
                "prov cannot check the checksum {wanted}: it knows sha256:… and sha512:…."
            ));
        }
    };
    if found == digits.to_ascii_lowercase() {
        return Ok(());
    }
    Err(format!(
        "its checksum is {kind}:{found}, not the one in the source."
    ))
}

/// Returns a URL as people are shown it: a query may hold secrets.
fn shown(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

/// Returns the scheme and the host of a URL.
fn host(url: &str) -> Vec<&str> {
    url.splitn(4, '/').take(3).collect()
}

/// Returns a reference of a page as a URL; what is no path stays.
pub(super) fn joined(base: &str, reference: &str) -> String {
    if let Some(rest) = reference.strip_prefix("//") {
        let scheme = base.split("//").next().unwrap_or("https:");
        return format!("{scheme}//{rest}");
    }
    if reference.starts_with('/') {
        return format!("{}{reference}", host(base).join("/"));
    }
    if !reference.starts_with("./") && !reference.starts_with("../") {
        return reference.to_owned();
    }
    let path = shown(base);
    let mut steps: Vec<&str> = path.split('/').collect();
    steps.pop();
    for step in reference.split('/') {
        match step {
            "." => {}
            ".." if steps.len() > 3 => {
                steps.pop();
            }
            ".." => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}
