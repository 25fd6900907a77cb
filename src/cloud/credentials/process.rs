//! A program that prints credentials: run as it is written, without a shell.

use std::{process::Stdio, time::Duration};

use serde::Deserialize;
use tokio::process::Command;

use super::{Credentials, Lent};
use crate::model::secret::Secret;

/// How long the program may take: it may ask a person.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the program prints. It has secrets, so it is never shown.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Printed {
    mode: String,
    access_key_id: String,
    access_key_secret: String,
    sts_token: String,
    expiration: String,
}

/// Runs the program and reads what it prints.
pub(super) async fn run(command: &str) -> Result<Lent, String> {
    let words = split(command)?;
    let Some((program, arguments)) = words.split_first() else {
        return Err("process_command is empty".to_owned());
    };
    let failed = |reason: String| format!("The program {program} gave no credentials: {reason}");
    let running = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(PATIENCE, running)
        .await
        .map_err(|_| failed(format!("it did not end within {} s", PATIENCE.as_secs())))?
        .map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(format!(
            "it ended with {}; run it by hand to see why",
            output.status
        )));
    }
    // A message of the parser could quote what it read.
    let printed: Printed = serde_json::from_slice(&output.stdout)
        .map_err(|_| failed("what it printed is not JSON".to_owned()))?;
    read(printed).map_err(failed)
}

fn read(printed: Printed) -> Result<Lent, String> {
    let need = |name: &str, text: &str| match text {
        "" => Err(format!("it printed no {name}")),
        text => Ok(text.to_owned()),
    };
    if printed.mode == "StsToken" {
        need("sts_token", &printed.sts_token)?;
    } else if !matches!(printed.mode.as_str(), "" | "AK") {
        return Err(format!(
            "it printed the mode {}, not AK or StsToken",
            printed.mode
        ));
    }
    let expires = match printed.expiration.as_str() {
        "" => None,
        time => Some(
            time.parse()
                .map_err(|_| "the expiration that it printed is not a time".to_owned())?,
        ),
    };
    let token = Some(printed.sts_token).filter(|token| !token.is_empty());
    let credentials = Credentials {
        access_key: need("access_key_id", &printed.access_key_id)?,
        secret_key: Secret::new(need("access_key_secret", &printed.access_key_secret)?),
        security_token: token.map(Secret::new),
    };
    Ok(Lent {
        credentials,
        expires,
    })
}

/// Splits a command into words at spaces; quotes keep words together, a backslash keeps one character.
pub(super) fn split(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            ('\\', None | Some('"')) => {
                let next = letters
                    .next()
                    .ok_or("process_command ends with a backslash")?;
                word.get_or_insert_default().push(next);
            }
            (letter, Some(open)) if letter == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (letter, None) if letter.is_whitespace() => words.extend(word.take()),
            (letter, _) => word.get_or_insert_default().push(letter),
        }
    }
    if quote.is_some() {
        return Err("A quote in process_command is not closed".to_owned());
    }
    words.extend(word);
    Ok(words)
}
