//! A tree as HCL. How it is laid out is left to the formatter.

use super::{
    super::{
        ast::{Attribute, Block, Body, Expr, ExprKind},
        hcl,
        shape::{MANIFEST, Shape},
    },
    IsBlock, Item, Mode,
    comments::Comments,
    is_nested, items, mode, named_until,
    same::plain,
    wordless,
    written::{Written, escaped, parts_text, plain_text, read},
};
use crate::model::{Diagnostic, SourceId, Span, Value};

type Outcome<T> = Result<T, Vec<Diagnostic>>;

/// The longest list on one line.
const WIDTH: usize = 80;

/// Returns a manifest as HCL.
pub(super) fn write(
    body: &Body,
    written: &Written<'_>,
    comments: Comments<'_>,
    is_block: IsBlock<'_>,
) -> Outcome<String> {
    let mut writer = Writer {
        written,
        comments,
        is_block,
        out: String::new(),
        depth: 0,
    };
    let mut place = Around::default();
    writer.body(body, None, &MANIFEST, &mut place)?;
    let foot = writer.comments.rest();
    if !(foot.is_empty() || writer.out.is_empty()) {
        writer.out.push('\n');
    }
    writer.lines(&foot);
    Ok(writer.out)
}

/// What a body is in: the kind and the type of the block, and the nested blocks on the way.
#[derive(Clone, Default)]
struct Around {
    kind: String,
    label: String,
    path: Vec<String>,
}

impl Around {
    fn within(&self, block: &Block) -> Self {
        let label = block.labels.first().map_or("", |label| &*label.text);
        match &*block.kind.text {
            "resource" | "data" | "ephemeral" | "provider" => Self {
                kind: block.kind.text.to_string(),
                label: label.to_owned(),
                path: Vec::new(),
            },
            "dynamic" => self.and(label),
            "content" => self.clone(),
            kind => self.and(kind),
        }
    }

    fn and(&self, name: &str) -> Self {
        let mut inner = self.clone();
        inner.path.push(name.to_owned());
        inner
    }
}

struct Writer<'a> {
    written: &'a Written<'a>,
    comments: Comments<'a>,
    is_block: IsBlock<'a>,
    out: String,
    /// How many braces and brackets are open.
    depth: usize,
}

impl Writer<'_> {
    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.out += line;
            self.out.push('\n');
        }
    }

    fn body(
        &mut self,
        body: &Body,
        shape: Option<&'static Shape>,
        inner: &'static [Shape],
        around: &mut Around,
    ) -> Outcome<()> {
        let mut first = true;
        let mut after_block = false;
        for item in items(body) {
            let start = self.comments.start(item.start());
            let apart = self.comments.is_set_apart(start);
            match item {
                Item::Attribute(attribute) => {
                    let name = &*attribute.name.text;
                    let bodies = self.bodies(&attribute.value, around, name);
                    let is_block = bodies.is_some();
                    if !first && (apart || after_block || is_block) {
                        self.out.push('\n');
                    }
                    match bodies {
                        Some(bodies) => self.objects(name, bodies, around)?,
                        None => self.argument(attribute, shape)?,
                    }
                    after_block = is_block;
                }
                Item::Block(block) => {
                    if !first {
                        self.out.push('\n');
                    }
                    self.block(block, inner, around)?;
                    after_block = true;
                }
            }
            first = false;
        }
        Ok(())
    }

    fn block(
        &mut self,
        block: &Block,
        inner: &'static [Shape],
        around: &mut Around,
    ) -> Outcome<()> {
        let before = self.comments.before(block.span.start);
        self.lines(&before);
        self.out += &block.kind.text;
        for label in &block.labels {
            self.out.push(' ');
            self.out += &quoted(&label.text);
        }
        self.out += " {\n";
        self.depth += 1;
        let shape = Shape::find(inner, &block.kind.text);
        let within = shape.map_or(
            inner
                .iter()
                .position(|it| it.kind == "dynamic")
                .map_or(&[][..], |at| &inner[at..=at]),
            |shape| shape.inner,
        );
        self.body(&block.body, shape, within, &mut around.within(block))?;
        let span = block.body.span;
        let foot = self
            .comments
            .foot(block.body.start().unwrap_or(span.start), span.end);
        self.lines(&foot);
        self.depth -= 1;
        self.out += "}\n";
        Ok(())
    }

    /// Returns the objects that an argument has as nested blocks.
    fn bodies<'e>(&self, value: &'e Expr, around: &Around, name: &str) -> Option<Vec<&'e Expr>> {
        let path: Vec<&str> = around
            .path
            .iter()
            .map(String::as_str)
            .chain([name])
            .collect();
        if !is_nested(self.is_block, &around.kind, &around.label, &path) {
            return None;
        }
        let all = match &value.kind {
            ExprKind::Object(_) if around.path.is_empty() => vec![value],
            ExprKind::Tuple(items) if !items.is_empty() => items.iter().collect(),
            _ => return None,
        };
        let named = |(key, _): &(Expr, Expr)| name_of(key).is_some();
        let is_body =
            |it: &&Expr| matches!(&it.kind, ExprKind::Object(all) if all.iter().all(named));
        all.iter().all(is_body).then_some(all)
    }

    /// Writes objects as nested blocks.
    fn objects(&mut self, name: &str, bodies: Vec<&Expr>, around: &Around) -> Outcome<()> {
        let around = around.and(name);
        for (at, body) in bodies.into_iter().enumerate() {
            if at > 0 {
                self.out.push('\n');
            }
            let ExprKind::Object(entries) = &body.kind else {
                continue;
            };
            let before = self.comments.before(body.span.start);
            self.lines(&before);
            self.out += &format!("{name} {{\n");
            self.depth += 1;
            let mut after_block = false;
            for (at, (key, value)) in entries.iter().enumerate() {
                let name = name_of(key).unwrap_or_default();
                let start = self.comments.start(key.span.start);
                let bodies = self.bodies(value, &around, name);
                let apart = self.comments.is_set_apart(start) || after_block || bodies.is_some();
                if at > 0 && apart {
                    self.out.push('\n');
                }
                after_block = bodies.is_some();
                match bodies {
                    Some(bodies) => self.objects(name, bodies, &around)?,
                    None => self.pair((name, key.span.start), value, Mode::Template)?,
                }
            }
            let foot = self.comments.foot(body.span.start, body.span.end);
            self.lines(&foot);
            self.depth -= 1;
            self.out += "}\n";
        }
        Ok(())
    }

    fn argument(&mut self, attribute: &Attribute, shape: Option<&'static Shape>) -> Outcome<()> {
        let Attribute { name, value } = attribute;
        if !is_name(&name.text) {
            let detail = format!(
                "\"{}\" cannot be the name of an argument in HCL.",
                name.text
            );
            return Err(wordless(
                name.span,
                detail,
                "Name it with letters, digits, _ and -.",
            ));
        }
        let mode = mode(shape, &name.text);
        match &value.kind {
            ExprKind::Object(entries)
                if shape.is_some_and(|it| it.kind == "required_providers") =>
            {
                let before = self.comments.before(name.span.start);
                self.lines(&before);
                let text = self.object(value, entries, mode, shape);
                self.out += &format!("{} = {text}\n", name.text);
                Ok(())
            }
            _ => self.pair((&name.text, name.span.start), value, mode),
        }
    }

    /// Writes a name and its value, with the comments around them.
    fn pair(&mut self, (name, start): (&str, u32), value: &Expr, mode: Mode) -> Outcome<()> {
        let before = self.comments.before(named_until(start, value));
        self.lines(&before);
        let text = self.value(value, mode);
        let tail = self.comments.tail(value.span.end);
        match tail {
            // Nothing can follow the end of a heredoc.
            Some(tail) if text.starts_with("<<") => {
                self.out += &format!("{tail}\n{name} = {text}\n")
            }
            Some(tail) => self.out += &format!("{name} = {text} {tail}\n"),
            None => self.out += &format!("{name} = {text}\n"),
        }
        Ok(())
    }

    fn value(&mut self, expr: &Expr, mode: Mode) -> String {
        match &expr.kind {
            ExprKind::Tuple(items) => self.list(expr, items, mode),
            ExprKind::Object(entries) => self.object(expr, entries, mode, None),
            _ if mode == Mode::Bare => held(self.written.bare(expr)),
            ExprKind::Literal(Value::String(text)) => self.text(text, self.depth),
            ExprKind::Literal(value) => plain_text(value),
            _ => match self.written.scalar(expr) {
                Some(template) => self.template(template, self.depth),
                None => self.written.raw(expr),
            },
        }
    }

    fn list(&mut self, expr: &Expr, items: &[Expr], mode: Mode) -> String {
        let mut texts = Vec::with_capacity(items.len());
        let mut alone = false;
        self.depth += 1;
        for item in items {
            let before = self.comments.before(item.span.start);
            let text = self.value(item, mode);
            let tail = self.comments.tail(item.span.end);
            alone |= !before.is_empty() || tail.is_some() || text.contains('\n');
            texts.push((before, text, tail));
        }
        self.depth -= 1;
        let foot = self.comments.foot(expr.span.start, expr.span.end);
        let width: usize = texts.iter().map(|(_, text, _)| text.len() + 2).sum();
        if !alone && foot.is_empty() && width <= WIDTH {
            let texts: Vec<String> = texts.into_iter().map(|(_, text, _)| text).collect();
            return format!("[{}]", texts.join(", "));
        }
        let mut written = String::from("[\n");
        for (before, text, tail) in texts {
            written.extend(before.iter().map(|line| format!("{line}\n")));
            written += &text;
            // The end of a heredoc stands alone.
            written += if text.starts_with("<<") { "\n," } else { "," };
            written += &tail.map(|tail| format!(" {tail}")).unwrap_or_default();
            written.push('\n');
        }
        written.extend(foot.iter().map(|line| format!("{line}\n")));
        written + "]"
    }

    fn object(
        &mut self,
        expr: &Expr,
        entries: &[(Expr, Expr)],
        mode: Mode,
        shape: Option<&Shape>,
    ) -> String {
        let mut written = String::from("{\n");
        self.depth += 1;
        for (at, (key, value)) in entries.iter().enumerate() {
            let start = self.comments.start(key.span.start);
            if at > 0 && self.comments.is_set_apart(start) {
                written.push('\n');
            }
            let before = self.comments.before(named_until(key.span.start, value));
            written.extend(before.iter().map(|line| format!("{line}\n")));
            let key_text = match &key.kind {
                _ if mode == Mode::Bare => self.written.bare(key),
                ExprKind::Literal(Value::String(text)) if is_name(text) && !is_word(text) => {
                    text.to_string()
                }
                ExprKind::Literal(Value::String(text)) => quoted(text),
                ExprKind::Template(_) => {
                    let text = self.written.scalar(key).unwrap_or_default();
                    match super::written::inside(text) {
                        Some(inner) => format!("({inner})"),
                        None => self.template(text, 0),
                    }
                }
                _ => self.written.raw(key),
            };
            let inner = match shape {
                Some(shape) if shape.bare.contains(&&*key_text) => Mode::Bare,
                _ => mode,
            };
            let text = self.value(value, inner);
            let tail = self.comments.tail(value.span.end);
            let tail = tail.map(|tail| format!(" {tail}")).unwrap_or_default();
            written += &match text.starts_with("<<") && !tail.is_empty() {
                true => format!("{}\n{key_text} = {text}\n", tail.trim()),
                false => format!("{key_text} = {text}{tail}\n"),
            };
        }
        self.depth -= 1;
        let foot = self.comments.foot(expr.span.start, expr.span.end);
        written.extend(foot.iter().map(|line| format!("{line}\n")));
        match written.as_str() {
            "{\n" => "{}".to_owned(),
            _ => written + "}",
        }
    }

    /// Returns text as a string: in lines of its own if it has more than one.
    fn text(&self, text: &str, depth: usize) -> String {
        heredoc(&escaped(text), depth).unwrap_or_else(|| quoted(text))
    }

    /// Returns the text of a string of JSON syntax as an expression.
    fn template(&self, template: &str, depth: usize) -> String {
        if let Some(inner) = super::written::inside(template) {
            return held(inner);
        }
        let Some(Expr { kind, .. }) = read(template) else {
            return quoted(template);
        };
        let ExprKind::Template(parts) = kind else {
            return quoted(template);
        };
        if let Some(lines) = heredoc(template, depth) {
            return lines;
        }
        let as_it_is = format!("\"{template}\"");
        if says(&as_it_is, template) {
            return as_it_is;
        }
        let raw = |inner: &Expr| {
            let Span { start, end, .. } = inner.span;
            template[start as usize..end as usize].to_owned()
        };
        let escape = |text: &str| {
            let quoted = quoted(text);
            quoted[1..quoted.len() - 1].to_owned()
        };
        format!("\"{}\"", parts_text(&parts, &raw, &escape))
    }
}

/// Returns an expression that may go over several lines.
fn held(text: String) -> String {
    if !text.contains('\n') {
        return text;
    }
    let body = format!("x = {text}\n");
    match hcl::body(&body, SourceId::NOWHERE) {
        Ok(body) if body.attributes.len() == 1 && body.blocks.is_empty() => text,
        _ => format!("(\n{text}\n)"),
    }
}

/// Returns a template as a heredoc if it is of lines, each of which ends.
fn heredoc(template: &str, depth: usize) -> Option<String> {
    let odd = |c: char| c != '\n' && c != '\t' && c.is_control();
    if !template.ends_with('\n') || template.trim().is_empty() || template.contains(odd) {
        return None;
    }
    let marker = ["EOT", "EOF", "END", "END_OF_TEXT"]
        .into_iter()
        .find(|marker| template.lines().all(|line| line.trim() != *marker))?;
    let indent = "  ".repeat(depth + 1);
    let lines = template.split_inclusive('\n');
    let indented: String = lines
        .map(|line| match line.trim().is_empty() {
            true => line.to_owned(),
            false => format!("{indent}{line}"),
        })
        .collect();
    let end = "  ".repeat(depth);
    let candidates = [
        format!("<<-{marker}\n{indented}{end}{marker}"),
        format!("<<{marker}\n{template}{marker}"),
    ];
    candidates.into_iter().find(|text| says(text, template))
}

/// Whether an expression of HCL says what the text of a string of JSON syntax does.
fn says(text: &str, template: &str) -> bool {
    // A heredoc ends with its line.
    let body = format!("x = {text}\n");
    let (Ok(body), Some(meant)) = (hcl::body(&body, SourceId::NOWHERE), read(template)) else {
        return false;
    };
    let only = body.attributes.first().filter(|_| body.blocks.is_empty());
    only.is_some_and(|it| body.attributes.len() == 1 && plain(&it.value) == plain(&meant))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in escaped(text).chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            '\n' => quoted += "\\n",
            '\r' => quoted += "\\r",
            '\t' => quoted += "\\t",
            c if c.is_control() => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Returns the plain name that a key is.
fn name_of(key: &Expr) -> Option<&str> {
    match &key.kind {
        ExprKind::Literal(Value::String(text)) => Some(&**text).filter(|text| is_name(text)),
        _ => None,
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Whether a name means something of its own as the key of an object.
fn is_word(text: &str) -> bool {
    matches!(text, "true" | "false" | "null" | "for")
}
