//! The gateway: from an HTTP request to a call whose caller is known, or a refusal, before any action is looked at.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::HOST;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use percent_encoding::percent_decode;
use serde::{Deserialize, Serialize};

use super::accounts::{Accounts, Directory};
use super::actions::sts::WITH_OIDC;
use super::clock::{self, Millis};
use super::policy::Policy;
use super::reply::{Format, Refusal, refusal, refuse};
use super::request::{Caller, missing};
use super::signature::{self, Signed};
use super::world::ACCOUNT;

/// How far a request's date may be from now.
const TOLERANCE: Millis = 15 * 60 * 1000;
/// How many nonces are remembered at most.
const NONCES: usize = 1_000_000;

/// Parameters that belong to the protocol of version 1.
const PROTOCOL: &[&str] = &[
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "TimeStamp",
    "Timestamp",
    "Version",
];

/// A call whose caller is known.
pub(super) struct Call {
    pub(super) caller: Caller,
    pub(super) version: String,
    pub(super) action: String,
    pub(super) host: String,
    pub(super) parameters: BTreeMap<String, String>,
    /// What the caller may do: all that each of these allows.
    pub(super) policies: Vec<Policy>,
}

/// What is known of a request before it is believed.
pub(super) struct Incoming {
    pub(super) format: Format,
    pub(super) action: String,
    pub(super) version: String,
    pub(super) host: String,
    method: Method,
    headers: HeaderMap,
    query: BTreeMap<String, String>,
    form: BTreeMap<String, String>,
    body: Bytes,
    duplicate: Option<String>,
}

/// The access keys and what is remembered between requests.
pub(super) struct Gateway {
    pub(super) directory: Directory,
    vault: Vec<u8>,
    seen: HashSet<u64>,
    order: VecDeque<(Millis, u64)>,
}

/// What a security token says.
#[derive(Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) key_id: String,
    pub(super) account: String,
    pub(super) role: String,
    pub(super) session: String,
    pub(super) expires: Millis,
    /// Narrows what the role may do.
    pub(super) policy: Option<Policy>,
}

/// Temporary credentials.
pub(super) struct Credentials {
    pub(super) key_id: String,
    pub(super) secret: String,
    pub(super) token: String,
}

impl Incoming {
    /// Takes a request apart without judging it.
    pub(super) fn read(parts: &Parts, body: Bytes) -> Self {
        let mut duplicate = None;
        let query = decode(
            parts.uri.query().unwrap_or_default().as_bytes(),
            &mut duplicate,
        );
        let form_typed = parts
            .headers
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let form = if form_typed {
            decode(&body, &mut duplicate)
        } else {
            BTreeMap::new()
        };
        // Some clients send the region in both places.
        let differs = |(name, value): &(&String, &String)| {
            query.get(*name).is_some_and(|other| other != *value)
        };
        duplicate = duplicate.or_else(|| form.iter().find(differs).map(|it| it.0.clone()));
        let mut headers = parts.headers.clone();
        if let Some(authority) = parts.uri.authority()
            && let Ok(host) = HeaderValue::from_str(authority.as_str())
        {
            headers.entry(HOST).or_insert(host);
        }
        let mut incoming = Self {
            format: Format::Json,
            action: String::new(),
            version: String::new(),
            host: header(&headers, "host").unwrap_or_else(|| "ecs.aliyuncs.com".to_owned()),
            method: parts.method.clone(),
            headers,
            query,
            form,
            body,
            duplicate,
        };
        incoming.address();
        incoming
    }

    /// Finds which action is asked for, and in which format it is to be answered.
    fn address(&mut self) {
        let version3 = self.is_version3();
        let parameter = |name: &str| {
            self.query
                .get(name)
                .or_else(|| self.form.get(name))
                .cloned()
        };
        let from = |name: &str, header_name: &str| match version3 {
            true => header(&self.headers, header_name).or_else(|| parameter(name)),
            false => parameter(name),
        };
        let action = from("Action", "x-acs-action").unwrap_or_default();
        let version = from("Version", "x-acs-version").unwrap_or_default();
        let format = match parameter("Format") {
            Some(format) if format.eq_ignore_ascii_case("json") => Format::Json,
            None if version3 => Format::Json,
            _ => Format::Xml,
        };
        (self.action, self.version, self.format) = (action, version, format);
    }

    fn is_version3(&self) -> bool {
        header(&self.headers, "authorization").is_some_and(|value| value.starts_with("ACS3-"))
    }

    /// Whether nobody signs it, and nobody has to: the action has another proof of who asks.
    fn is_anonymous(&self) -> bool {
        let keyed = |all: &BTreeMap<String, String>| all.contains_key("AccessKeyId");
        self.action == WITH_OIDC && !keyed(&self.query) && !keyed(&self.form)
    }

    fn call(
        &self,
        caller: Caller,
        parameters: BTreeMap<String, String>,
        policies: Vec<Policy>,
    ) -> Call {
        Call {
            caller,
            version: self.version.clone(),
            action: self.action.clone(),
            host: self.host.clone(),
            parameters,
            policies,
        }
    }

    fn parameters(&self) -> BTreeMap<String, String> {
        let mut all = self.query.clone();
        all.extend(self.form.clone());
        all
    }
}

impl Gateway {
    pub(super) fn new(keys: &[(String, String)], accounts: &Accounts, seed: u64) -> Self {
        let vault = signature::hmac_sha256(b"security tokens", &seed.to_be_bytes());
        let first = keys
            .first()
            .map(|(_, secret)| secret.as_bytes())
            .unwrap_or_default();
        Self {
            directory: Directory::new(keys, accounts),
            vault: signature::hmac_sha256(&vault, first),
            seen: HashSet::new(),
            order: VecDeque::new(),
        }
    }

    /// Believes a request, or refuses it. `wall` is the time that its date is compared with.
    pub(super) fn admit(&mut self, incoming: &Incoming, wall: Millis) -> Result<Call, Refusal> {
        if incoming.method != Method::GET && incoming.method != Method::POST {
            let text = "This http method is not supported.";
            return refuse(403, "UnsupportedHTTPMethod", text);
        }
        if let Some(name) = &incoming.duplicate {
            let text = format!("The parameter \"{name}\" is given more than once.");
            return refuse(400, "InvalidParameter", text);
        }
        if incoming.is_version3() {
            self.admit_v3(incoming, wall)
        } else if incoming.is_anonymous() {
            admit_nobody(incoming)
        } else {
            self.admit_v1(incoming, wall)
        }
    }

    fn admit_v1(&mut self, incoming: &Incoming, wall: Millis) -> Result<Call, Refusal> {
        let mut all = incoming.parameters();
        let need = |name: &str| {
            all.get(name)
                .filter(|value| !value.is_empty())
                .cloned()
                .ok_or_else(|| missing(name))
        };
        need("Action")?;
        need("Version")?;
        let key_id = need("AccessKeyId")?;
        let nonce = need("SignatureNonce")?;
        let given =
            need("Signature").map_err(|_| refusal(400, "IncompleteSignature", INCOMPLETE))?;
        let date = need("Timestamp")
            .or_else(|_| need("TimeStamp"))
            .map_err(|_| missing("Timestamp"))?;
        check_constant(&all, "SignatureMethod", "HMAC-SHA1")?;
        check_constant(&all, "SignatureVersion", "1.0")?;
        let token = all.get("SecurityToken").map(String::as_str);
        let (secret, caller, policies) = self.secret(&key_id, token, wall)?;
        check_date(&date, wall)?;
        all.remove("Signature");
        let text = signature::string_to_sign_v1(incoming.method.as_str(), &all);
        if !signature::same(&signature::sign_v1(&secret, &text), &given) {
            return refuse(400, "SignatureDoesNotMatch", format!("{MISMATCH}{text}"));
        }
        self.use_nonce(&key_id, &nonce, wall)?;
        all.retain(|name, _| !PROTOCOL.contains(&name.as_str()));
        Ok(incoming.call(caller, all, policies))
    }

    fn admit_v3(&mut self, incoming: &Incoming, wall: Millis) -> Result<Call, Refusal> {
        let headers = &incoming.headers;
        let need = |name: &str| header(headers, name).ok_or_else(|| missing(name));
        let authorization = need("authorization")?;
        let Some((key_id, names, given)) = credential(&authorization) else {
            return refuse(400, "IncompleteSignature", INCOMPLETE);
        };
        for name in ["host", "x-acs-action", "x-acs-version"] {
            need(name)?;
        }
        let date = need("x-acs-date")?;
        let nonce = need("x-acs-signature-nonce")?;
        let hash = need("x-acs-content-sha256")?;
        let token = header(headers, "x-acs-security-token");
        let (secret, caller, policies) = self.secret(&key_id, token.as_deref(), wall)?;
        check_date(&date, wall)?;
        check_coverage(headers, &names)?;
        let mut signed_headers = Vec::new();
        for name in &names {
            let value = header(headers, name).ok_or_else(|| missing(name))?;
            signed_headers.push((name.clone(), value.trim().to_owned()));
        }
        let text = signature::string_to_sign_v3(&Signed {
            method: incoming.method.as_str(),
            query: &incoming.query,
            headers: &signed_headers,
            payload_hash: &hash,
        });
        let body_holds = signature::sha256_hex(&incoming.body) == hash;
        if !body_holds || !signature::same(&signature::sign_v3(&secret, &text), &given) {
            return refuse(400, "SignatureDoesNotMatch", format!("{MISMATCH}{text}"));
        }
        self.use_nonce(&key_id, &nonce, wall)?;
        let mut parameters = incoming.parameters();
        parameters.remove("Format");
        Ok(incoming.call(caller, parameters, policies))
    }

    /// The secret of an access key, who has it, and what that one may do.
    fn secret(
        &self,
        key_id: &str,
        token: Option<&str>,
        wall: Millis,
    ) -> Result<(String, Caller, Vec<Policy>), Refusal> {
        if let Some(key) = self.directory.key(key_id) {
            if key.inactive {
                let text = "Specified access key is disabled.";
                return refuse(400, "InvalidAccessKeyId.Inactive", text);
            }
            let caller = Caller {
                key_id: key_id.to_owned(),
                account: key.account.clone(),
                user: key.user.clone(),
                session: None,
            };
            let policies = key.policy.iter().cloned().collect();
            return Ok((key.secret.clone(), caller, policies));
        }
        if !key_id.starts_with("STS.") {
            let text = "Specified access key is not found.";
            return refuse(404, "InvalidAccessKeyId.NotFound", text);
        }
        let token = token.ok_or_else(|| {
            refusal(
                400,
                "MissingSecurityToken",
                "SecurityToken is mandatory for this action.",
            )
        })?;
        let session = self.open_token(token).ok_or_else(|| {
            let text = "Specified SecurityToken is malformed.";
            refusal(400, "InvalidSecurityToken.Malformed", text)
        })?;
        if session.key_id != key_id {
            let text = "Specified SecurityToken does not match the AccessKeyId.";
            return refuse(400, "InvalidSecurityToken.MismatchWithAccessKey", text);
        }
        if session.expires < wall {
            let text = "Specified SecurityToken is expired.";
            return refuse(400, "InvalidSecurityToken.Expired", text);
        }
        let arn = format!("acs:ram::{}:role/{}", session.account, session.role);
        let role = self.directory.role(&arn).and_then(|role| role.policy);
        let policies = role.into_iter().chain(session.policy).collect();
        let caller = Caller {
            key_id: key_id.to_owned(),
            account: session.account,
            user: None,
            session: Some((session.role, session.session)),
        };
        Ok((self.session_secret(key_id), caller, policies))
    }

    /// Makes temporary credentials that this gateway will believe until they expire.
    pub(super) fn lend(&self, unique: &str, session: Session) -> Credentials {
        let key_id = format!("STS.{unique}");
        let said = Session {
            key_id: key_id.clone(),
            ..session
        };
        let said = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&said).unwrap_or_default());
        let seal = signature::hex(&signature::hmac_sha256(&self.vault, said.as_bytes()));
        let secret = self.session_secret(&key_id);
        Credentials {
            key_id,
            secret,
            token: format!("{said}.{seal}"),
        }
    }

    fn open_token(&self, token: &str) -> Option<Session> {
        let (said, seal) = token.split_once('.')?;
        let expected = signature::hex(&signature::hmac_sha256(&self.vault, said.as_bytes()));
        if !signature::same(seal, &expected) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(said).ok()?).ok()
    }

    fn session_secret(&self, key_id: &str) -> String {
        URL_SAFE_NO_PAD.encode(signature::hmac_sha256(&self.vault, key_id.as_bytes()))
    }

    fn use_nonce(&mut self, key_id: &str, nonce: &str, wall: Millis) -> Result<(), Refusal> {
        while let Some(&(at, oldest)) = self.order.front() {
            if self.order.len() < NONCES && at + 2 * TOLERANCE >= wall {
                break;
            }
            self.order.pop_front();
            self.seen.remove(&oldest);
        }
        let mut hasher = DefaultHasher::new();
        (key_id, nonce).hash(&mut hasher);
        let mark = hasher.finish();
        if !self.seen.insert(mark) {
            let text = "Specified signature nonce was used already.";
            return refuse(400, "SignatureNonceUsed", text);
        }
        self.order.push_back((wall, mark));
        Ok(())
    }
}

/// Lets a request through that nobody has signed.
fn admit_nobody(incoming: &Incoming) -> Result<Call, Refusal> {
    if incoming.version.is_empty() {
        return Err(missing("Version"));
    }
    let mut all = incoming.parameters();
    all.retain(|name, _| !PROTOCOL.contains(&name.as_str()));
    let caller = Caller {
        key_id: String::new(),
        account: ACCOUNT.to_owned(),
        user: None,
        session: None,
    };
    Ok(incoming.call(caller, all, Vec::new()))
}

const INCOMPLETE: &str = "The request signature does not conform to Aliyun standards.";
const MISMATCH: &str =
    "Specified signature is not matched with our calculation. server string to sign is:";

fn check_constant(
    parameters: &BTreeMap<String, String>,
    name: &str,
    expected: &str,
) -> Result<(), Refusal> {
    match parameters.get(name).map(String::as_str) {
        None | Some("") => Err(missing(name)),
        Some(value) if value.eq_ignore_ascii_case(expected) => Ok(()),
        Some(_) => {
            let text = format!("The specified parameter \"{name}\" is not valid.");
            refuse(400, "InvalidParamater", text)
        }
    }
}

fn check_date(date: &str, wall: Millis) -> Result<(), Refusal> {
    let Some(at) = clock::parse_seconds(date) else {
        let text = "Specified time stamp or date value is not well formatted.";
        return refuse(400, "InvalidTimeStamp.Format", text);
    };
    if at.abs_diff(wall) > TOLERANCE {
        let text = "Specified time stamp or date value is expired.";
        return refuse(400, "InvalidTimeStamp.Expired", text);
    }
    Ok(())
}

/// Everything that must be signed has to be: the host and all headers of the protocol.
fn check_coverage(headers: &HeaderMap, names: &[String]) -> Result<(), Refusal> {
    let must = |name: &str| name == "host" || name.starts_with("x-acs-");
    let forgotten = headers
        .keys()
        .find(|name| must(name.as_str()) && !names.iter().any(|have| have == name.as_str()));
    let sorted = names.windows(2).all(|pair| pair[0] < pair[1]);
    match forgotten {
        None if sorted => Ok(()),
        _ => refuse(400, "IncompleteSignature", INCOMPLETE),
    }
}

/// Splits `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…`.
fn credential(authorization: &str) -> Option<(String, Vec<String>, String)> {
    let rest = authorization.strip_prefix("ACS3-HMAC-SHA256 ")?;
    let mut fields: BTreeMap<&str, &str> = BTreeMap::new();
    for part in rest.split(',') {
        let (name, value) = part.trim().split_once('=')?;
        fields.insert(name, value);
    }
    let names = fields
        .get("SignedHeaders")?
        .split(';')
        .map(str::to_owned)
        .collect();
    Some((
        (*fields.get("Credential")?).to_owned(),
        names,
        (*fields.get("Signature")?).to_owned(),
    ))
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Decodes a query or a form. The first name that comes twice is noted.
fn decode(text: &[u8], duplicate: &mut Option<String>) -> BTreeMap<String, String> {
    let mut parameters = BTreeMap::new();
    for pair in text
        .split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
    {
        let at = pair
            .iter()
            .position(|byte| *byte == b'=')
            .unwrap_or(pair.len());
        let name = decode_one(&pair[..at]);
        let value = decode_one(pair.get(at + 1..).unwrap_or_default());
        if parameters.insert(name.clone(), value).is_some() && duplicate.is_none() {
            *duplicate = Some(name);
        }
    }
    parameters
}

fn decode_one(text: &[u8]) -> String {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}
