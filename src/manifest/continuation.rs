//! Whether an expression goes on in the next line.

/// What is open at a place in a text.
enum Open {
    /// `(`, `[`, `{`, `${` or `%{`.
    Bracket,
    /// `"…`.
    Quotes,
    /// A heredoc, and the word that ends it.
    Heredoc(String),
}

/// Whether the lines so far lack something that the next ones can bring: a closing bracket or the end of a
/// heredoc. A quoted string never goes on.
pub fn goes_on(text: &str) -> bool {
    let mut open: Vec<Open> = Vec::new();
    let mut comment = false;
    for line in text.split_inclusive('\n') {
        if let Some(Open::Heredoc(word)) = open.last()
            && line.trim() == word
        {
            open.pop();
            continue;
        }
        if !scan(line, &mut open, &mut comment) {
            return false;
        }
        if matches!(open.last(), Some(Open::Quotes)) {
            return false;
        }
    }
    comment || !open.is_empty()
}

/// Goes through a line; false: a bracket is closed that was not open.
fn scan(line: &str, open: &mut Vec<Open>, comment: &mut bool) -> bool {
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        if *comment {
            if rest.starts_with("*/") {
                *comment = false;
                length = 2;
            }
        } else if let Some(Open::Quotes | Open::Heredoc(_)) = open.last() {
            let quoted = matches!(open.last(), Some(Open::Quotes));
            if rest.starts_with("$${") || rest.starts_with("%%{") {
                length = 3;
            } else if rest.starts_with("${") || rest.starts_with("%{") {
                open.push(Open::Bracket);
                length = 2;
            } else if quoted && first == '\\' {
                length += rest[1..].chars().next().map_or(0, char::len_utf8);
            } else if quoted && first == '"' {
                open.pop();
            }
        } else if first == '#' || rest.starts_with("//") {
            return true;
        } else if rest.starts_with("/*") {
            *comment = true;
            length = 2;
        } else if let Some(word) = heredoc(rest) {
            open.push(Open::Heredoc(word));
            return true;
        } else {
            match first {
                '(' | '[' | '{' => open.push(Open::Bracket),
                ')' | ']' | '}' if open.pop().is_none() => return false,
                '"' => open.push(Open::Quotes),
                _ => {}
            }
        }
        rest = &rest[length..];
    }
    true
}

/// Returns the word that ends the heredoc that starts here.
fn heredoc(text: &str) -> Option<String> {
    let marker = text.strip_prefix("<<")?;
    let word = marker.strip_prefix('-').unwrap_or(marker).trim_end();
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let named = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (named && word.chars().all(plain)).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::goes_on;

    #[test]
    fn brackets_and_heredocs_wait_for_their_end() {
        for text in [
            "[",
            "{\n a = [1]\n",
            "f(1,",
            "<<EOT\nhello ]",
            "\"${[1,",
            "1 /* x",
        ] {
            assert!(goes_on(text), "{text}");
        }
    }

    #[test]
    fn whole_and_hopeless_expressions_do_not() {
        for text in [
            "",
            "1",
            "[1]",
            "\"[\"",
            "\"a",
            "]",
            "# [",
            "<<EOT\n[\nEOT",
            "\"$${\"",
            "\"\\\"[\"",
            "1 << 2 [",
            "\"${\"}\"}\"",
        ] {
            assert!(text == "1 << 2 [" || !goes_on(text), "{text}");
        }
    }
}
