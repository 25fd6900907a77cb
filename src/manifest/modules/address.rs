//! What the `source` of a module call means.

use std::{fmt, path::Path, sync::LazyLock};

use percent_encoding::percent_decode_str;
use regex::Regex;

use crate::model::Diagnostic;

/// The registry of modules whose source names no host.
pub const DEFAULT_HOST: &str = "registry.terraform.io";

/// Where a module comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A directory beside the caller's, in the form that Terraform records: `./x` or `../x`.
    Local(String),
    Registry(Registered),
    Package(Package),
}

/// A module of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    pub host: String,
    /// `namespace/name/provider`.
    pub path: String,
    pub subdirectory: String,
}

/// A tree of files that is brought as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub how: How,
    /// The URL, without a query and without user and password where they are kept apart.
    pub url: String,
    /// `user:password` of an HTTP URL.
    pub login: Option<String>,
    /// The query: `ref` and `depth` of git, anything of a download.
    pub query: Vec<(String, String)>,
    pub subdirectory: String,
}

/// How a package is brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Git,
    Http,
    /// A directory or archive on this machine, by an absolute path.
    File,
}

static REGISTERED: LazyLock<Regex> = LazyLock::new(|| {
    let name = "[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?";
    let host =
        r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*\.[0-9A-Za-z-]+(?::[0-9]+)?|localhost(?::[0-9]+)?";
    Regex::new(&format!("^(?:({host})/)?({name}/{name}/[0-9a-z]{{1,64}})$"))
        .expect("a constant pattern")
});

/// Hosts that a short source names a repository of, and what ends the repository's URL.
const REPOSITORIES: &[&str] = &["github.com", "bitbucket.org"];

/// What git is asked for, by the beginning of a URL.
const GIT_SCHEMES: &[&str] = &["https", "http", "ssh", "file", "git"];

impl Source {
    /// Reads a source; `versioned` says whether the call has a `version`, which only a registry has.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with it, without its place.
    pub fn parse(text: &str, versioned: bool) -> Result<Self, Diagnostic> {
        let text = text.trim();
        if is_local(text) {
            if versioned {
                return Err(not_registered(text, "it is a path"));
            }
            return Ok(Self::Local(clean(text)));
        }
        let (package, subdirectory) = split(text);
        if subdirectory.split('/').any(|step| step == "..") {
            let detail = format!("The directory \"{subdirectory}\" leads out of the package.");
            return Err(invalid(detail).hint("Name a directory of the package after the //."));
        }
        if let Some(found) = REGISTERED.captures(&package) {
            let host = found.get(1).map_or(DEFAULT_HOST, |host| host.as_str());
            if !REPOSITORIES.contains(&host) {
                return Ok(Self::Registry(Registered {
                    host: host.to_ascii_lowercase(),
                    path: found[2].to_owned(),
                    subdirectory,
                }));
            }
        }
        if versioned {
            return Err(not_registered(text, "it is not NAMESPACE/NAME/PROVIDER"));
        }
        self::package(&package, subdirectory).map(Self::Package)
    }
}

/// Whether a source is a path relative to the caller's directory.
fn is_local(text: &str) -> bool {
    matches!(text, "." | "..") || text.starts_with("./") || text.starts_with("../")
}

/// Takes the steps out of a relative path that lead nowhere.
fn clean(text: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in text.split('/').filter(|step| !matches!(*step, "" | ".")) {
        match steps.last() {
            Some(last) if step == ".." && *last != ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    let path = steps.join("/");
    if path.starts_with("..") {
        path
    } else {
        format!("./{path}")
    }
}

/// Splits what stands after a `//` off, which is a directory within the package. The query stays with the package.
fn split(text: &str) -> (String, String) {
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let after_scheme = path.find("://").map_or(0, |at| at + 3);
    let (package, inner) = match path[after_scheme..].find("//") {
        None => (path, ""),
        Some(at) => (&path[..after_scheme + at], &path[after_scheme + at + 2..]),
    };
    let package = match query {
        "" => package.to_owned(),
        query => format!("{package}?{query}"),
    };
    (package, inner.trim_matches('/').to_owned())
}

fn package(text: &str, subdirectory: String) -> Result<Package, Diagnostic> {
    let (text, query) = text.split_once('?').unwrap_or((text, ""));
    let query = query.split('&').filter(|pair| !pair.is_empty());
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let query = query.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), decoded(value))
    });
    let query: Vec<_> = query.collect();
    let (forced, text) = match text.split_once("::") {
        Some((forced, rest)) if forced.chars().all(|c| c.is_ascii_alphanumeric()) => {
            (Some(forced), rest)
        }
        _ => (None, text),
    };
    let (how, url, subdirectory) = located(forced, text, subdirectory)?;
    let (url, login) = match how {
        How::Git | How::Http => without_login(&url),
        How::File => (url, None),
    };
    let package = Package {
        how,
        url,
        login,
        query,
        subdirectory,
    };
    package.check()?;
    Ok(package)
}

/// Says how a package is brought, from which URL, and which directory of it is meant.
fn located(
    forced: Option<&str>,
    text: &str,
    subdirectory: String,
) -> Result<(How, String, String), Diagnostic> {
    for host in REPOSITORIES {
        let path = text
            .strip_prefix(host)
            .and_then(|rest| rest.strip_prefix('/'));
        if let Some(path) = path.filter(|_| matches!(forced, None | Some("git"))) {
            return repository(host, path, &subdirectory);
        }
    }
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let how = match (forced, scheme) {
        (None | Some("git"), None) if text.starts_with('/') => {
            let how = forced.map_or(How::File, |_| How::Git);
            return Ok((how, format!("file://{text}"), subdirectory));
        }
        // The short form of ssh, as git has it.
        (None | Some("git"), None) if text.contains('@') && text.contains(':') => {
            let (host, path) = text.split_once(':').expect("it contains one");
            let url = format!("ssh://{host}/{}", path.trim_start_matches('/'));
            return Ok((How::Git, url, subdirectory));
        }
        (Some("git"), Some(scheme)) if GIT_SCHEMES.contains(&scheme) => How::Git,
        (None, Some("ssh")) => How::Git,
        (None | Some("http" | "https"), Some("http" | "https")) => How::Http,
        (None | Some("file"), Some("file")) => How::File,
        (None, None) => return Err(undetermined(text)),
        (Some("git"), _) => {
            let detail = format!("\"{text}\" is no URL of a git repository.");
            return Err(
                invalid(detail).hint("Write git::https://…, git::ssh://… or git::file:///….")
            );
        }
        (forced, scheme) => {
            let what = forced.or(scheme).unwrap_or_default();
            let detail = format!("prov does not bring modules by \"{what}\".");
            return Err(Diagnostic::error("Unsupported module source", detail).hint(
                "Use a path, a git repository (git::https://…), a registry, or an archive (https://….tar.gz).",
            ));
        }
    };
    Ok((how, text.to_owned(), subdirectory))
}

/// A repository by its short name: `github.com/owner/name`, perhaps with a directory after it.
fn repository(
    host: &str,
    path: &str,
    subdirectory: &str,
) -> Result<(How, String, String), Diagnostic> {
    let mut steps = path.splitn(3, '/');
    let (Some(owner), Some(name)) = (steps.next(), steps.next().filter(|it| !it.is_empty())) else {
        let detail = format!("{host}/{path} is no repository.");
        return Err(invalid(detail).hint(format!("Write {host}/OWNER/REPOSITORY.")));
    };
    let name = name.strip_suffix(".git").unwrap_or(name);
    let inner = [steps.next().unwrap_or(""), subdirectory];
    let inner: Vec<&str> = inner.into_iter().filter(|it| !it.is_empty()).collect();
    let url = format!("https://{host}/{owner}/{name}.git");
    Ok((How::Git, url, inner.join("/")))
}

/// Takes the user and the password out of an HTTP URL.
fn without_login(url: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = url.split_once("://") else {
        return (url.to_owned(), None);
    };
    let host = rest.split('/').next().unwrap_or(rest);
    match host.rsplit_once('@') {
        Some((login, _)) if scheme.starts_with("http") => (
            format!("{scheme}://{}", &rest[login.len() + 1..]),
            Some(percent_decode_str(login).decode_utf8_lossy().into_owned()),
        ),
        _ => (url.to_owned(), None),
    }
}

impl Package {
    /// Returns a value of the query.
    pub fn asked(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.iter();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the same package without a directory.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self {
            subdirectory: String::new(),
            ..self.clone()
        }
    }

    /// Returns the package as people are shown it: the query of a download may hold secrets.
    pub fn shown(&self) -> String {
        match self.how {
            How::Git => self.to_string(),
            How::Http | How::File => self.url.clone(),
        }
    }

    fn check(&self) -> Result<(), Diagnostic> {
        if self.how != How::Git {
            return Ok(());
        }
        for (name, value) in &self.query {
            let detail = match &**name {
                "ref" if value.starts_with('-') => {
                    format!("\"{value}\" is no branch, tag or commit: it begins with a dash.")
                }
                "ref" if value.is_empty() => "The ref is empty.".to_owned(),
                "depth" if value.parse::<u32>().is_ok_and(|depth| depth > 0) => continue,
                "depth" => format!("The depth \"{value}\" is not a whole number from 1 upwards."),
                "ref" => continue,
                "sshkey" => {
                    let detail = "A key in the source would be a secret in the manifests.";
                    return Err(invalid(detail.to_owned())
                        .hint("Leave sshkey out: git uses the keys of ssh and its agent."));
                }
                _ => format!("A git source has no \"{name}\"."),
            };
            return Err(invalid(detail).hint("Write ?ref=NAME, and &depth=1 if that is enough."));
        }
        Ok(())
    }
}

fn invalid(detail: String) -> Diagnostic {
    Diagnostic::error("Invalid module source address", detail)
}

fn not_registered(text: &str, why: &str) -> Diagnostic {
    let detail =
        format!("Only a module of a registry has a version, and \"{text}\" is none: {why}.");
    Diagnostic::error("Invalid registry module source address", detail)
        .hint("Remove version; for a git repository, put ?ref=TAG at the end of the source.")
}

fn undetermined(text: &str) -> Diagnostic {
    let detail = format!("\"{text}\" says neither where the module is nor how to get it.");
    let hint = if Path::new(text).is_relative() {
        format!("For a directory beside this file, write \"./{text}\".")
    } else {
        "Write a path that begins with ./ or ../, or a source such as git::https://….".to_owned()
    };
    invalid(detail).hint(hint)
}

impl fmt::Display for Source {
    /// Writes a source as Terraform records it. A password is left out.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => out.write_str(path),
            Self::Registry(module) => module.fmt(out),
            Self::Package(package) => package.fmt(out),
        }
    }
}

impl fmt::Display for Registered {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.host, self.path)?;
        inside(&self.subdirectory, out)
    }
}

impl fmt::Display for Package {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.how == How::Git {
            out.write_str("git::")?;
        }
        out.write_str(&self.url)?;
        inside(&self.subdirectory, out)?;
        for (at, (name, value)) in self.query.iter().enumerate() {
            let sign = if at == 0 { '?' } else { '&' };
            write!(out, "{sign}{name}={value}")?;
        }
        Ok(())
    }
}

fn inside(subdirectory: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match subdirectory {
        "" => Ok(()),
        inner => write!(out, "//{inner}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_as_terraform_reads_them() {
        for (text, expected) in [
            ("./m", "./m"),
            ("./a//b/", "./a/b"),
            ("./a/../../b", "../b"),
            ("../x", "../x"),
            ("a/b/c", "registry.terraform.io/a/b/c"),
            ("Example.com/a/b/c//x/y", "example.com/a/b/c//x/y"),
            ("localhost:8080/a/b/c", "localhost:8080/a/b/c"),
            ("github.com/a/b", "git::https://github.com/a/b.git"),
            (
                "github.com/a/b.git//c?ref=v1",
                "git::https://github.com/a/b.git//c?ref=v1",
            ),
            ("github.com/a/b/c/d", "git::https://github.com/a/b.git//c/d"),
            ("bitbucket.org/a/b", "git::https://bitbucket.org/a/b.git"),
            (
                "git@github.com:a/b.git",
                "git::ssh://git@github.com/a/b.git",
            ),
            (
                "git::git@host.example:a/b.git//c?ref=main",
                "git::ssh://git@host.example/a/b.git//c?ref=main",
            ),
            ("git::/srv/r", "git::file:///srv/r"),
            ("/srv/r//x", "file:///srv/r//x"),
            (
                "https://example.com/x.zip?archive=zip",
                "https://example.com/x.zip?archive=zip",
            ),
            // A password is nobody's business.
            (
                "git::https://me:secret@example.com/x.git",
                "git::https://example.com/x.git",
            ),
            ("m", "\"m\" says neither"),
            ("gitlab.com/a/b", "\"gitlab.com/a/b\" says neither"),
            ("s3::https://x/y", "prov does not bring modules by \"s3\""),
            ("git::ext::sh", "\"ext::sh\" is no URL of a git repository"),
            ("git::https://x/y?ref=-u", "\"-u\" is no branch"),
            ("git::https://x/y//../z", "leads out of the package"),
            ("github.com/a", "github.com/a is no repository"),
        ] {
            let shown = match Source::parse(text, false) {
                Ok(source) => source.to_string(),
                Err(diagnostic) => diagnostic.detail,
            };
            assert!(
                shown.starts_with(expected) || shown.contains(expected),
                "{text}: {shown}"
            );
        }
        let login = match Source::parse("git::https://me:a%40b@example.com/x.git", false) {
            Ok(Source::Package(package)) => package.login,
            other => panic!("{other:?}"),
        };
        assert_eq!(login.as_deref(), Some("me:a@b"));
        assert!(Source::parse("./m", true).is_err());
        assert!(Source::parse("a/b/c", true).is_ok());
    }
}
