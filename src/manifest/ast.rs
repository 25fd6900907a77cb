//! The one tree that both languages become. Every node knows its span.

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use crate::model::{AnyAddress, ResourceAddress, Span, Type, Value};

/// A name with its position.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    pub text: Arc<str>,
    pub span: Span,
}

/// What stands between `{` and `}` of a block, or in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
    /// The whole body; for a missing attribute, the block's header is the better place.
    pub span: Span,
}

impl Body {
    /// Returns where the first thing in it is named.
    pub(super) fn start(&self) -> Option<u32> {
        let attributes = self.attributes.iter().map(|it| it.name.span.start);
        let blocks = self.blocks.iter().map(|it| it.kind.span.start);
        attributes.chain(blocks).min()
    }
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    pub name: Name,
    pub value: Expr,
}

/// `kind "label" { … }`. A `dynamic` block is one too: kind `dynamic`, the block's name as label.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub kind: Name,
    pub labels: Vec<Name>,
    pub body: Body,
    /// The header: kind and labels.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

impl Expr {
    /// Whether a test holds for the expression or a part of it; what the test answers is not looked into.
    pub fn any(&self, test: &dyn Fn(&Self) -> Option<bool>) -> bool {
        if let Some(answer) = test(self) {
            return answer;
        }
        let any = |all: &[&Self]| all.iter().any(|it| it.any(test));
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Variable(_) | ExprKind::SplatItem => false,
            ExprKind::Template(parts) => parts.iter().any(|part| part.any(test)),
            ExprKind::GetAttr(inner, _) | ExprKind::Unary(_, inner) | ExprKind::Parens(inner) => {
                inner.any(test)
            }
            ExprKind::Index(a, b)
            | ExprKind::Binary(_, a, b)
            | ExprKind::Splat { source: a, each: b } => any(&[a, b]),
            ExprKind::Call { args, .. } | ExprKind::Tuple(args) => {
                args.iter().any(|it| it.any(test))
            }
            ExprKind::Conditional(a, b, c) => any(&[a, b, c]),
            ExprKind::Object(entries) => entries.iter().any(|(key, value)| any(&[key, value])),
            ExprKind::For(node) => {
                let parts = [node.key.as_ref(), node.condition.as_ref()];
                any(&[&node.collection, &node.value])
                    || parts.into_iter().flatten().any(|it| it.any(test))
            }
        }
    }
}

impl Part {
    fn any(&self, test: &dyn Fn(&Expr) -> Option<bool>) -> bool {
        let all = |parts: &[Self]| parts.iter().any(|part| part.any(test));
        match self {
            Self::Literal(_) => false,
            Self::Interpolation(expr) => expr.any(test),
            Self::If { condition, yes, no } => condition.any(test) || all(yes) || all(no),
            Self::For {
                collection, body, ..
            } => collection.any(test) || all(body),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A number, string without interpolation, `true`, `false` or `null`.
    Literal(Value),
    /// A string with interpolations or directives. One interpolation and nothing else keeps its type.
    Template(Vec<Part>),
    /// The first name of a traversal: `var`, `local`, `alicloud_vpc`, `each`, or a `for`'s variable.
    Variable(Arc<str>),
    /// `object.name`.
    GetAttr(Box<Expr>, Name),
    /// `collection[key]`; the legacy `list.0` too.
    Index(Box<Expr>, Box<Expr>),
    /// `list.*.a` (attribute-only) or `list[*].a`: `each` is applied to every element, which it names
    /// with [`ExprKind::SplatItem`].
    Splat {
        source: Box<Expr>,
        each: Box<Expr>,
    },
    /// The element that the innermost enclosing splat is at.
    SplatItem,
    /// `f(a, b...)`. `name` may be namespaced: `core::f`.
    Call {
        name: Name,
        args: Vec<Expr>,
        expand_last: bool,
    },
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `condition ? yes : no`.
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `[…]`.
    Tuple(Vec<Expr>),
    /// `{…}`. A bare identifier as key is a literal string; `(expr)` is evaluated.
    Object(Vec<(Expr, Expr)>),
    For(Box<For>),
    /// `(…)`.
    Parens(Box<Expr>),
}

/// `[for k, v in collection : value if condition]` or `{for k, v in collection : key => value... if condition}`.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    pub key_name: Option<Name>,
    pub value_name: Name,
    pub collection: Expr,
    /// Set for the object form.
    pub key: Option<Expr>,
    pub value: Expr,
    /// Whether `...` groups values by key.
    pub group: bool,
    pub condition: Option<Expr>,
}

/// A part of a template. Whitespace that `~` strips is already gone from the literals.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Literal(Arc<str>),
    Interpolation(Expr),
    If {
        condition: Expr,
        yes: Vec<Self>,
        no: Vec<Self>,
    },
    For {
        key_name: Option<Name>,
        value_name: Name,
        collection: Expr,
        body: Vec<Self>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Negate,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
}

/// A module: everything that its files declare, merged.
#[derive(Clone, Debug, Default)]
pub struct Module {
    pub variables: BTreeMap<Arc<str>, Variable>,
    pub locals: BTreeMap<Arc<str>, Attribute>,
    pub outputs: BTreeMap<Arc<str>, Output>,
    pub providers: Vec<Provider>,
    /// Managed resources and data sources.
    pub resources: BTreeMap<Arc<ResourceAddress>, Resource>,
    pub settings: Settings,
    /// `import { to = …, id = … }` blocks.
    pub imports: Vec<Import>,
    pub moved: Vec<Moved>,
    pub removed: Vec<Removed>,
    pub checks: BTreeMap<Arc<str>, Check>,
    /// `module` blocks.
    pub calls: BTreeMap<Arc<str>, ModuleCall>,
    /// What the calls call, as far as it could be loaded. Calls of one directory share it.
    pub children: BTreeMap<Arc<str>, Arc<Self>>,
    /// What `path.module` says: relative to the working directory, `.` for the directory itself.
    pub directory: PathBuf,
}

/// `module "name" { … }`.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    pub name: Name,
    /// The header.
    pub span: Span,
    /// Where the module comes from, as it is written.
    pub source: (String, Span),
    /// The version constraint of a module from a registry.
    pub version: Option<(String, Span)>,
    pub count: Option<Expr>,
    pub for_each: Option<Expr>,
    pub depends_on: Vec<Reference>,
    /// `providers = { child = parent }`.
    pub providers: Vec<Passed>,
    /// The arguments: values of the module's variables.
    pub body: Body,
}

/// A provider that a call hands to the module: names with their aliases.
#[derive(Clone, Debug)]
pub struct Passed {
    pub child: (Name, Option<Name>),
    pub parent: (Name, Option<Name>),
}

/// What `terraform {}` and `prov {}` say.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `required_version` constraints.
    pub required_version: Vec<(String, Span)>,
    /// Local name, source, version constraint.
    pub required_providers: Vec<RequiredProvider>,
    /// `backend "type" { … }`.
    pub backend: Option<Block>,
}

#[derive(Clone, Debug)]
pub struct RequiredProvider {
    pub name: Name,
    pub source: Option<String>,
    pub version: Option<String>,
    /// `configuration_aliases`: what the caller of the module has to hand to it.
    pub aliases: Vec<(Name, Option<Name>)>,
}

/// `variable "name" { … }`.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: Name,
    pub ty: Type,
    /// Whether `type` was written; without it, text from the command line stays text.
    pub typed: bool,
    pub default: Option<Expr>,
    pub description: Option<String>,
    pub sensitive: bool,
    pub nullable: bool,
    pub ephemeral: bool,
    pub validations: Vec<Condition>,
}

/// A `validation`, `precondition` or `postcondition` block.
#[derive(Clone, Debug)]
pub struct Condition {
    pub condition: Expr,
    pub error_message: Expr,
    pub span: Span,
}

/// `output "name" { … }`.
#[derive(Clone, Debug)]
pub struct Output {
    pub name: Name,
    pub value: Expr,
    pub description: Option<String>,
    pub sensitive: bool,
    pub ephemeral: bool,
    pub depends_on: Vec<Reference>,
    pub preconditions: Vec<Condition>,
    /// The header.
    pub span: Span,
}

/// `provider "alicloud" { … }`.
#[derive(Clone, Debug)]
pub struct Provider {
    pub name: Name,
    pub alias: Option<Name>,
    /// Without `alias` and `version`.
    pub body: Body,
    pub span: Span,
}

/// `resource "type" "name" { … }` or `data "type" "name" { … }`.
#[derive(Clone, Debug)]
pub struct Resource {
    pub address: Arc<ResourceAddress>,
    /// The header.
    pub span: Span,
    pub count: Option<Expr>,
    pub for_each: Option<Expr>,
    pub depends_on: Vec<Reference>,
    /// `provider = alicloud.alias`: name and alias.
    pub provider: Option<(Name, Option<Name>)>,
    pub lifecycle: Lifecycle,
    /// The check that this data source is part of: its failures are warnings.
    pub check: Option<Arc<str>>,
    /// In the order in which they run.
    pub provisioners: Vec<Provisioner>,
    /// The arguments, without the meta-arguments above.
    pub body: Body,
}

#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    pub create_before_destroy: Option<bool>,
    pub prevent_destroy: bool,
    pub prevent_destroy_span: Option<Span>,
    pub ignore_changes: IgnoreChanges,
    pub replace_triggered_by: Vec<Expr>,
    pub preconditions: Vec<Condition>,
    pub postconditions: Vec<Condition>,
}

impl Lifecycle {
    /// Whether there are conditions.
    pub fn promises(&self) -> bool {
        !self.preconditions.is_empty() || !self.postconditions.is_empty()
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum IgnoreChanges {
    #[default]
    None,
    All,
    /// Attribute paths: the traversal's names and keys, `tags`, `tags["a"]`, `data_disks[0].size`.
    Some(Vec<(AttributePath, Span)>),
}

/// A path into a resource's attributes.
pub type AttributePath = Vec<PathStep>;

#[derive(Clone, Debug, PartialEq)]
pub enum PathStep {
    Name(Arc<str>),
    Index(usize),
    Key(Arc<str>),
}

/// A reference to another object, as in `depends_on`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub target: Target,
    pub span: Span,
}

/// What can be referred to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Resource(Arc<ResourceAddress>),
    Variable(Arc<str>),
    Local(Arc<str>),
    Output(Arc<str>),
    /// A whole call of a module, with everything in it.
    Module(Arc<str>),
    /// One output of a call.
    ModuleOutput(Arc<str>, Arc<str>),
}

/// Writes it as an expression names it.
impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resource(address) => write!(out, "{address}"),
            Self::Variable(name) => write!(out, "var.{name}"),
            Self::Local(name) => write!(out, "local.{name}"),
            Self::Output(name) => write!(out, "output.{name}"),
            Self::Module(name) => write!(out, "module.{name}"),
            Self::ModuleOutput(name, output) => write!(out, "module.{name}.{output}"),
        }
    }
}

/// `import { to = ADDRESS, id = "…" }`, with `for_each` as often as that says.
#[derive(Clone, Debug)]
pub struct Import {
    pub to: Expr,
    pub id: Expr,
    pub for_each: Option<Expr>,
    pub span: Span,
}

/// `moved { from = ADDRESS, to = ADDRESS }`: two modules or two resources; if neither has a key, all instances.
#[derive(Clone, Debug)]
pub struct Moved {
    pub from: AnyAddress,
    pub to: AnyAddress,
    pub span: Span,
}

/// `removed { from = ADDRESS, lifecycle { destroy = … } }`.
#[derive(Clone, Debug)]
pub struct Removed {
    /// A module or a resource, without keys.
    pub from: AnyAddress,
    /// Whether the objects are destroyed, and not only forgotten.
    pub destroy: bool,
    pub span: Span,
}

/// `check "name" { assert { … } }`: what is told and stops nothing.
#[derive(Clone, Debug)]
pub struct Check {
    pub name: Name,
    pub asserts: Vec<Condition>,
    pub span: Span,
}

/// `provisioner "local-exec" { … }`: a command for this machine.
#[derive(Clone, Debug)]
pub struct Provisioner {
    pub when: When,
    /// Whether its failure is a warning only.
    pub goes_on: bool,
    /// Without `when` and `on_failure`.
    pub body: Body,
    /// The header.
    pub span: Span,
}

/// When a provisioner runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// After the object has been created.
    Create,
    /// Before it is destroyed.
    Destroy,
}
