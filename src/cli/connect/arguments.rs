//! The arguments of a provider block: which there are, what each takes, and their values.

use serde_json::{Value as Json, json};

use super::forms;

use crate::{
    cloud::{
        Product,
        credentials::{Given, Oidc, Role},
        endpoint::Protocol,
    },
    eval,
    manifest::ast,
    model::{Diagnostic, Object, Type, Value, diagnostic::did_you_mean, secret::Secret},
};

/// What an argument takes.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    /// A text of a form: what it is, and whether a text has it.
    Form(&'static str, fn(&str) -> bool),
    /// One of these, in any case.
    Word(&'static [&'static str]),
    /// A whole number, at least and at most.
    Number(i64, i64),
    Flag,
    /// At most one block with these arguments.
    Block(&'static [Argument]),
    /// Blocks with whatever is in them: texts, or further blocks.
    Open,
    /// Blocks with addresses of products, also of those that prov does not speak to.
    Addresses,
}

use Takes::{Addresses, Block, Flag, Form, Number, Open, Text, Word};

type Argument = (&'static str, Takes);

/// Milliseconds, up to an hour.
const MILLISECONDS: Takes = Number(0, 3_600_000);
/// How long a session as a role may last: seconds.
const SESSION: Takes = Number(900, 43_200);

const REGION: Takes = Form(
    "a region's id, such as cn-hangzhou: lower-case letters, digits and dashes",
    forms::is_region,
);
const ROLE: Takes = Form(
    "a role's ARN, such as acs:ram::1234567890123456:role/deploy",
    |text| forms::is_arn(text, "role"),
);
const NAME: Takes = Form(
    "2 to 64 letters, digits and any of . @ - _",
    forms::is_session,
);
const POLICY: Takes = Form("a policy in JSON, as jsonencode makes it", forms::is_json);
const BOOLEAN: Takes = Word(&["true", "false"]);

/// The arguments, as the alicloud provider has them.
const ARGUMENTS: &[Argument] = &[
    ("access_key", Text),
    ("secret_key", Text),
    ("security_token", Text),
    ("region", REGION),
    ("account_id", Form("an account's number", forms::is_number)),
    ("account_type", Word(&["Domestic", "International"])),
    ("ecs_role_name", Text),
    ("profile", Text),
    ("shared_credentials_file", Text),
    ("credentials_uri", Text),
    ("assume_role", Block(ASSUME_ROLE)),
    ("assume_role_with_oidc", Block(ASSUME_ROLE_WITH_OIDC)),
    ("sign_version", Block(&[("oss", Text), ("sls", Text)])),
    ("endpoints", Addresses),
    ("endpoint", Text),
    ("protocol", Word(&["HTTP", "HTTPS"])),
    ("client_read_timeout", MILLISECONDS),
    ("client_connect_timeout", MILLISECONDS),
    ("max_retry_timeout", Number(0, 86_400)),
    ("skip_region_validation", Flag),
    ("configuration_source", Text),
    ("source_ip", Form("an IP address", forms::is_address)),
    ("secure_transport", BOOLEAN),
    ("security_transport", BOOLEAN),
    ("features", Open),
];

const ASSUME_ROLE: &[Argument] = &[
    ("role_arn", ROLE),
    ("session_name", NAME),
    ("policy", POLICY),
    ("session_expiration", SESSION),
    ("external_id", Text),
];

const ASSUME_ROLE_WITH_OIDC: &[Argument] = &[
    (
        "oidc_provider_arn",
        Form(
            "an identity provider's ARN, such as acs:ram::1234567890123456:oidc-provider/cluster",
            |text| forms::is_arn(text, "oidc-provider"),
        ),
    ),
    ("oidc_token_file", Text),
    ("oidc_token", Text),
    ("role_arn", ROLE),
    ("role_session_name", NAME),
    ("policy", POLICY),
    ("session_expiration", SESSION),
];

/// Returns the arguments as a block of `terraform providers schema -json`.
pub(super) fn schema() -> Json {
    block_schema(ARGUMENTS)
}

fn block_schema(arguments: &[Argument]) -> Json {
    let mut attributes = serde_json::Map::new();
    let mut blocks = serde_json::Map::new();
    for (name, takes) in arguments {
        let ty = match takes {
            Text | Form(..) | Word(_) => Type::String,
            Number(..) => Type::Number,
            Flag => Type::Bool,
            Block(inner) => {
                let block = json!({
                    "nesting_mode": "list",
                    "block": block_schema(inner),
                    "max_items": 1,
                });
                blocks.insert((*name).to_owned(), block);
                continue;
            }
            Open | Addresses => {
                let block = json!({
                    "nesting_mode": "set",
                    "block": { "description_kind": "plain" },
                });
                blocks.insert((*name).to_owned(), block);
                continue;
            }
        };
        let mut attribute = json!({
            "type": ty.to_json(),
            "description_kind": "plain",
            "optional": true,
        });
        if is_secret(name) {
            attribute["sensitive"] = true.into();
        }
        attributes.insert((*name).to_owned(), attribute);
    }
    let mut block = json!({ "attributes": attributes, "description_kind": "plain" });
    if !blocks.is_empty() {
        block["block_types"] = Json::Object(blocks);
    }
    block
}

fn is_secret(name: &str) -> bool {
    name.contains("key") || name.contains("token")
}

/// A provider block whose arguments have been checked.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'a>(&'a Object);

impl<'a> Arguments<'a> {
    /// Checks the arguments of a block.
    pub(super) fn checked(
        arguments: &'a Object,
        block: Option<&ast::Provider>,
    ) -> Result<Self, Box<Diagnostic>> {
        check(arguments, ARGUMENTS, "", block)?;
        Ok(Self(arguments))
    }

    pub(super) fn text(self, name: &str) -> Option<String> {
        let text = self.converted(name, &Type::String)?.as_str()?.to_owned();
        Some(text).filter(|text| !text.trim().is_empty())
    }

    pub(super) fn number(self, name: &str) -> Option<u64> {
        let number = self.converted(name, &Type::Number)?.as_int()?;
        u64::try_from(number).ok()
    }

    pub(super) fn flag(self, name: &str) -> bool {
        let flag = self.converted(name, &Type::Bool);
        flag.and_then(|flag| flag.as_bool()).unwrap_or_default()
    }

    /// Returns a value as the type that it was checked for: `account_id = 1234` is a text too.
    fn converted(self, name: &str, ty: &Type) -> Option<Value> {
        eval::convert(self.0.get(name)?, ty).ok()
    }

    pub(super) fn block(self, name: &str) -> Option<Self> {
        first_block(self.0.get(name)?).map(Self)
    }

    pub(super) fn protocol(self) -> Protocol {
        let text = self.text("protocol");
        text.and_then(|text| Protocol::parse(&text))
            .unwrap_or_default()
    }

    /// Returns what the block says of credentials.
    pub(super) fn given(self) -> Given {
        Given {
            access_key: self.text("access_key"),
            secret_key: self.text("secret_key").map(Secret::new),
            security_token: self.text("security_token").map(Secret::new),
            profile: self.text("profile"),
            shared_credentials_file: self.text("shared_credentials_file"),
            ecs_role_name: self.text("ecs_role_name"),
            credentials_uri: self.text("credentials_uri"),
            assume_role: self.block("assume_role").map(|block| Role {
                arn: block.text("role_arn"),
                session_name: block.text("session_name"),
                policy: block.text("policy"),
                seconds: block.number("session_expiration"),
                external_id: block.text("external_id"),
            }),
            assume_role_with_oidc: self.block("assume_role_with_oidc").map(Self::oidc),
        }
    }

    fn oidc(self) -> Oidc {
        Oidc {
            role: Role {
                arn: self.text("role_arn"),
                session_name: self.text("role_session_name"),
                policy: self.text("policy"),
                seconds: self.number("session_expiration"),
                external_id: None,
            },
            provider_arn: self.text("oidc_provider_arn"),
            token_file: self.text("oidc_token_file").map(Into::into),
            token: self.text("oidc_token").map(Secret::new),
        }
    }
}

/// Returns the first of a list of blocks, or the one that YAML has in its place.
fn first_block(value: &Value) -> Option<&Object> {
    let list = value.as_list().map(<[Value]>::first);
    list.unwrap_or(Some(value))?.as_object()
}

/// Checks some arguments; `path` is where they are in the block.
fn check(
    arguments: &Object,
    known: &[Argument],
    path: &str,
    block: Option<&ast::Provider>,
) -> Result<(), Box<Diagnostic>> {
    for (name, value) in arguments.iter() {
        let full = match path {
            "" => name.to_string(),
            path => format!("{path}.{name}"),
        };
        let Some((_, takes)) = known.iter().find(|(known, _)| *known == &**name) else {
            return Err(Box::new(unsupported(name, known, &full, block)));
        };
        if !value.is_wholly_known() {
            return Err(Box::new(
                Diagnostic::error(
                    "Unknown provider argument",
                    format!("\"{full}\" is not known while planning."),
                )
                .at(name_place(&full, block))
                .hint("Use a variable or a literal."),
            ));
        }
        check_one(&full, value, *takes, block)?;
    }
    Ok(())
}

fn unsupported(
    name: &str,
    known: &[Argument],
    full: &str,
    block: Option<&ast::Provider>,
) -> Diagnostic {
    let near = did_you_mean(name, known.iter().map(|(name, _)| *name));
    let hint = near.map_or_else(
        || "Remove it.".to_owned(),
        |candidate| format!("Did you mean \"{candidate}\"?"),
    );
    Diagnostic::error(
        "Unsupported argument",
        format!("An argument named \"{full}\" is not expected in a provider block."),
    )
    .at(name_place(full, block))
    .hint(hint)
}

fn check_one(
    full: &str,
    value: &Value,
    takes: Takes,
    block: Option<&ast::Provider>,
) -> Result<(), Box<Diagnostic>> {
    let wrong = |summary, what: &str| Err(Box::new(wrong(summary, full, what, block)));
    let typed = |ty: &Type| eval::convert(value, ty).ok();
    match takes {
        Text | Form(..) | Word(_) if typed(&Type::String).is_none() => wrong("Wrong type", "text"),
        Flag if typed(&Type::Bool).is_none() => wrong("Wrong type", "true or false"),
        Form(what, has) => {
            let text = typed(&Type::String);
            let text = text.as_ref().and_then(Value::as_str).unwrap_or_default();
            if text.trim().is_empty() || has(text) {
                return Ok(());
            }
            let wrong = self::wrong("Invalid value", full, what, block);
            let hint = format!("Correct {full}, or leave it out.");
            Err(Box::new(wrong.hint(hint)))
        }
        Word(words) => {
            let text = typed(&Type::String);
            let word = text.as_ref().and_then(Value::as_str).unwrap_or_default();
            let known = words.iter().any(|known| known.eq_ignore_ascii_case(word));
            if word.is_empty() || known {
                return Ok(());
            }
            wrong("Invalid value", &words.join(" or "))
        }
        Number(least, most) => match typed(&Type::Number) {
            None => wrong("Wrong type", "a number"),
            Some(Value::Null) => Ok(()),
            Some(number)
                if number
                    .as_int()
                    .is_some_and(|it| (least..=most).contains(&it)) =>
            {
                Ok(())
            }
            Some(_) => wrong(
                "Invalid value",
                &format!("a whole number from {least} to {most}"),
            ),
        },
        Block(_) if value.as_list().is_some_and(|list| list.len() > 1) => {
            wrong("Too many blocks", "there at most once")
        }
        Block(inner) => match first_block(value) {
            Some(arguments) => check(arguments, inner, full, block),
            None if value.is_null() || value.as_list().is_some() => Ok(()),
            None => wrong("Wrong type", "a block"),
        },
        Addresses => {
            let names = first_block(value).into_iter().flat_map(Object::iter);
            let meant = names.filter_map(|(name, _)| Some((name, misspelt(name)?)));
            meant
                .map(|(name, product)| {
                    unsupported(name, &[(product, Text)], &format!("{full}.{name}"), block)
                })
                .next()
                .map_or(Ok(()), |wrong| Err(Box::new(wrong)))
        }
        Text | Flag | Open => Ok(()),
    }
}

/// Returns the product whose name has the letters of this one in another order or case.
///
/// The services are many and their short names are alike (ecs, ess, ens): a name that differs otherwise is another's.
fn misspelt(name: &str) -> Option<&'static str> {
    let letters = |name: &str| {
        let mut letters = name.to_ascii_lowercase().into_bytes();
        letters.sort_unstable();
        letters
    };
    let mut products = Product::ALL.into_iter().map(Product::name);
    products.find(|product| *product != name && letters(product) == letters(name))
}

fn wrong(summary: &str, full: &str, what: &str, block: Option<&ast::Provider>) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        summary,
        format!("\"{full}\" of a provider block must be {what}."),
    )
    .at(block.map(|block| eval::span_of(&block.body, full).unwrap_or(block.span)))
    .hint(format!("Write {full} as {what}."));
    if is_secret(full) {
        diagnostic.masked()
    } else {
        diagnostic
    }
}

fn name_place(full: &str, block: Option<&ast::Provider>) -> Option<crate::model::Span> {
    block.map(|block| eval::name_span(&block.body, full).unwrap_or(block.span))
}
