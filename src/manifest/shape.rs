//! Which blocks there are, what they may hold, and how their arguments are to be read: what JSON syntax does not say.

/// A kind of block: how many labels it has, and which blocks it may hold.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) kind: &'static str,
    pub(super) labels: usize,
    pub(super) inner: &'static [Self],
    /// Whether strings in it are text, not templates.
    pub(super) literal: bool,
    /// The arguments that JSON syntax writes as the text of an expression: references, types, keywords.
    pub(super) bare: &'static [&'static str],
}

impl Shape {
    const fn new(kind: &'static str, labels: usize, inner: &'static [Self]) -> Self {
        Self {
            kind,
            labels,
            inner,
            literal: false,
            bare: &[],
        }
    }

    const fn literal(mut self) -> Self {
        self.literal = true;
        self
    }

    const fn bare(mut self, names: &'static [&'static str]) -> Self {
        self.bare = names;
        self
    }

    /// Returns the shape of this kind among some.
    pub(super) fn find(shapes: &'static [Self], kind: &str) -> Option<&'static Self> {
        shapes.iter().find(|shape| shape.kind == kind)
    }

    /// Whether the order of blocks of this kind means something, or how many there are says nothing.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.kind, "moved" | "import" | "removed")
    }
}

const fn shape(kind: &'static str, labels: usize, inner: &'static [Shape]) -> Shape {
    Shape::new(kind, labels, inner)
}

const LIFECYCLE: Shape = shape(
    "lifecycle",
    0,
    &[
        shape("precondition", 0, &[]),
        shape("postcondition", 0, &[]),
    ],
)
.bare(&["ignore_changes", "replace_triggered_by"]);

static IN_DYNAMIC: [Shape; 1] = [shape("content", 0, &IN_CONTENT)];

static IN_CONTENT: [Shape; 1] = [dynamic()];

const fn dynamic() -> Shape {
    shape("dynamic", 1, &IN_DYNAMIC).bare(&["iterator"])
}

/// A block of a resource's own that holds what only a block can hold.
pub(super) static NESTED: Shape = shape("", 0, &IN_CONTENT);

const CONNECTION: Shape = shape("connection", 0, &[]);

static IN_RESOURCE: [Shape; 4] = [
    LIFECYCLE,
    dynamic(),
    shape("provisioner", 1, &[CONNECTION]).bare(&["when", "on_failure"]),
    CONNECTION,
];

const fn resource(kind: &'static str) -> Shape {
    shape(kind, 2, &IN_RESOURCE).bare(&["depends_on", "provider"])
}

static IN_CHECK: [Shape; 2] = [resource("data"), shape("assert", 0, &[])];

const SETTINGS: &[Shape] = &[
    shape("required_providers", 0, &[])
        .literal()
        .bare(&["configuration_aliases"]),
    shape("backend", 1, &[]).literal(),
    shape("cloud", 0, &[shape("workspaces", 0, &[]).literal()]).literal(),
    shape("provider_meta", 1, &[]).literal(),
];

/// The blocks of a manifest.
pub(super) static MANIFEST: [Shape; 14] = [
    resource("resource"),
    resource("data"),
    resource("ephemeral"),
    shape("variable", 1, &[shape("validation", 0, &[])])
        .literal()
        .bare(&["type"]),
    shape("output", 1, &[shape("precondition", 0, &[])]).bare(&["depends_on"]),
    shape("provider", 1, &[]),
    shape("locals", 0, &[]),
    shape("module", 1, &[]).bare(&["depends_on", "providers"]),
    shape("check", 1, &IN_CHECK),
    shape("import", 0, &[]).bare(&["to", "provider"]),
    shape("moved", 0, &[]).bare(&["from", "to"]),
    shape(
        "removed",
        0,
        &[
            shape("lifecycle", 0, &[]),
            shape("provisioner", 1, &[CONNECTION]).bare(&["when", "on_failure"]),
        ],
    )
    .bare(&["from"]),
    shape("terraform", 0, SETTINGS).literal(),
    shape("prov", 0, SETTINGS).literal(),
];

/// The blocks of a file that says what mocks answer.
pub(super) static MOCKS: [Shape; 5] = [
    shape("mock_resource", 1, &[]),
    shape("mock_data", 1, &[]),
    shape("override_resource", 0, &[]),
    shape("override_data", 0, &[]),
    shape("override_module", 0, &[]),
];

static IN_RUN: [Shape; 7] = [
    shape("variables", 0, &[]),
    shape("assert", 0, &[]),
    shape("module", 0, &[]).literal(),
    shape("plan_options", 0, &[]),
    shape("override_resource", 0, &[]),
    shape("override_data", 0, &[]),
    shape("override_module", 0, &[]),
];

/// The blocks of a file of tests.
pub(super) static TESTS: [Shape; 8] = [
    shape("run", 1, &IN_RUN),
    shape("variables", 0, &[]),
    shape("provider", 1, &[]),
    shape("mock_provider", 1, &MOCKS),
    shape("override_resource", 0, &[]),
    shape("override_data", 0, &[]),
    shape("override_module", 0, &[]),
    shape("test", 0, &[]),
];
