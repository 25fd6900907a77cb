//! Text in other encodings than UTF-8, in base 64; and compressed.

use std::io::Read;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use encoding_rs::Encoding;

use super::{
    super::expression::MAX_TEXT, Answer, Call, Fault, Function, Kind, invalid, param, show,
};
use crate::model::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64gunzip", STR, Kind::String, gunzip)
        .doc("Reads base 64 of what gzip has compressed (a function of OpenTofu).")
        .example(r#"base64gunzip(base64gzip("hello"))"#, r#""hello""#),
    Function::new("base64gzip", STR, Kind::String, gzip)
        .doc("Compresses a text with gzip, in base 64. The bytes need not be those that Terraform makes of it.")
        .example(r#"base64gunzip(base64gzip("hello"))"#, r#""hello""#),
    Function::new(
        "textdecodebase64",
        &[param("source", Kind::String), param("encoding", Kind::String)],
        Kind::String,
        decode,
    )
    .doc("Reads base 64 of a text in an encoding with an IANA name.")
    .example(r#"textdecodebase64("aABpAA==", "UTF-16LE")"#, r#""hi""#),
    Function::new(
        "textencodebase64",
        &[param("string", Kind::String), param("encoding", Kind::String)],
        Kind::String,
        encode,
    )
    .doc("Writes a text in an encoding with an IANA name, in base 64.")
    .example(r#"textencodebase64("hi", "UTF-16LE")"#, r#""aABpAA==""#),
];

const STR: &[super::Param] = &[param("str", Kind::String)];

/// Reads base 64 as Go does: line ends within it do not matter.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    const STRICT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
    );
    STRICT.decode(text.replace(['\r', '\n'], "")).ok()
}

fn gzip(call: &Call<'_>) -> Answer {
    let mut packed = Vec::new();
    let mut encoder =
        flate2::bufread::GzEncoder::new(call.text(0).as_bytes(), flate2::Compression::default());
    encoder
        .read_to_end(&mut packed)
        .map_err(|error| format!("failed to compress the text: {error}"))?;
    Ok(Value::string(STANDARD.encode(packed)))
}

fn gunzip(call: &Call<'_>) -> Answer {
    let packed = bytes(call.text(0)).ok_or("failed to decode base64 data")?;
    let mut text = Vec::new();
    flate2::bufread::MultiGzDecoder::new(packed.as_slice())
        .take(MAX_TEXT as u64 + 1)
        .read_to_end(&mut text)
        .map_err(|error| format!("failed to decompress the data: {error}"))?;
    if text.len() > MAX_TEXT {
        return Err(format!("the text is longer than {} MiB", MAX_TEXT >> 20).into());
    }
    let text = String::from_utf8(text).map_err(|_| "the text is not valid UTF-8")?;
    Ok(Value::string(text))
}

/// An encoding by its IANA name.
enum Named {
    Latin1,
    /// Bytes of a unit in order of significance, and a mark in front.
    Utf16 {
        big: bool,
        mark: bool,
    },
    Other(&'static Encoding),
}

fn named(name: &str) -> Result<Named, Fault> {
    Ok(match name.to_ascii_uppercase().as_str() {
        "ISO-8859-1" | "ISO_8859-1" | "LATIN1" | "L1" | "US-ASCII" => Named::Latin1,
        "UTF-16LE" => Named::Utf16 {
            big: false,
            mark: false,
        },
        "UTF-16BE" => Named::Utf16 {
            big: true,
            mark: false,
        },
        "UTF-16" => Named::Utf16 {
            big: true,
            mark: true,
        },
        _ => Named::Other(Encoding::for_label(name.as_bytes()).ok_or_else(|| {
            let name = show::quoted(name);
            invalid(
                "encoding",
                format!("{name} is not an encoding with an IANA name that is supported"),
            )
        })?),
    })
}

fn encode(call: &Call<'_>) -> Answer {
    let text = call.text(0);
    let impossible = || invalid("string", "the text has letters that the encoding has not");
    let bytes = match named(call.text(1))? {
        Named::Latin1 => text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok())
            .collect::<Option<Vec<u8>>>()
            .ok_or_else(impossible)?,
        Named::Utf16 { big, mark } => mark
            .then_some(0xfeff)
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect(),
        Named::Other(encoding) => match encoding.encode(text) {
            (_, _, true) => return Err(impossible()),
            (bytes, ..) => bytes.into_owned(),
        },
    };
    Ok(Value::string(STANDARD.encode(bytes)))
}

fn decode(call: &Call<'_>) -> Answer {
    let encoding = named(call.text(1))?;
    let bytes = bytes(call.text(0)).ok_or_else(|| invalid("source", "it is not valid base 64"))?;
    let impossible = || invalid("source", "it holds bytes that mean nothing in the encoding");
    let text = match encoding {
        Named::Latin1 => bytes.iter().copied().map(char::from).collect(),
        Named::Utf16 { mut big, mark } => {
            let rest = match bytes.as_slice() {
                [0xfe, 0xff, rest @ ..] if mark => rest,
                [0xff, 0xfe, rest @ ..] if mark => {
                    big = false;
                    rest
                }
                all => all,
            };
            let (pairs, odd) = rest.as_chunks::<2>();
            let units = pairs.iter().map(|pair| {
                if big {
                    u16::from_be_bytes(*pair)
                } else {
                    u16::from_le_bytes(*pair)
                }
            });
            let text: Result<String, _> = char::decode_utf16(units).collect();
            text.ok()
                .filter(|_| odd.is_empty())
                .ok_or_else(impossible)?
        }
        Named::Other(encoding) => encoding
            .decode_without_bom_handling_and_without_replacement(&bytes)
            .ok_or_else(impossible)?
            .into_owned(),
    };
    Ok(Value::string(text))
}
