//! In which order Terraform writes the names of its documents.

use crate::model::ordered::{
    PLAIN,
    Shape::{self, Each, Fields, Sorted},
};

static PLACE: Shape = Fields(&[("line", &PLAIN), ("column", &PLAIN), ("byte", &PLAIN)]);

static RANGE: Shape = Fields(&[("filename", &PLAIN), ("start", &PLACE), ("end", &PLACE)]);

static SNIPPET: Shape = Fields(&[
    ("context", &PLAIN),
    ("code", &PLAIN),
    ("start_line", &PLAIN),
    ("highlight_start_offset", &PLAIN),
    ("highlight_end_offset", &PLAIN),
    (
        "values",
        &Fields(&[("traversal", &PLAIN), ("statement", &PLAIN)]),
    ),
]);

static DIAGNOSTIC: Shape = Fields(&[
    ("severity", &PLAIN),
    ("summary", &PLAIN),
    ("detail", &PLAIN),
    ("address", &PLAIN),
    ("range", &RANGE),
    ("snippet", &SNIPPET),
    ("prov_hint", &PLAIN),
    (
        "prov_labels",
        &Fields(&[("message", &PLAIN), ("range", &RANGE)]),
    ),
]);

/// Of `validate -json`.
pub static VALIDATION: Shape = Fields(&[
    ("format_version", &PLAIN),
    ("valid", &PLAIN),
    ("error_count", &PLAIN),
    ("warning_count", &PLAIN),
    ("diagnostics", &DIAGNOSTIC),
]);

/// Of `version -json`.
pub static VERSION: Shape = Fields(&[
    ("terraform_version", &PLAIN),
    ("platform", &PLAIN),
    ("provider_selections", &PLAIN),
    ("terraform_outdated", &PLAIN),
]);

static RESOURCE_CHANGES: Shape = Fields(&[
    ("address", &PLAIN),
    ("previous_address", &PLAIN),
    ("module_address", &PLAIN),
    ("mode", &PLAIN),
    ("type", &PLAIN),
    ("name", &PLAIN),
    ("index", &PLAIN),
    ("provider_name", &PLAIN),
    ("deposed", &PLAIN),
    ("change", &CHANGE),
    ("action_reason", &PLAIN),
]);

static CHANGE: Shape = Fields(&[
    ("actions", &PLAIN),
    ("before", &PLAIN),
    ("after", &PLAIN),
    ("after_unknown", &PLAIN),
    ("before_sensitive", &PLAIN),
    ("after_sensitive", &PLAIN),
]);

static OUTPUT: Shape = Fields(&[("sensitive", &PLAIN), ("type", &PLAIN), ("value", &PLAIN)]);

static STATE_MODULE: Shape = Fields(&[
    (
        "resources",
        &Fields(&[
            ("address", &PLAIN),
            ("mode", &PLAIN),
            ("type", &PLAIN),
            ("name", &PLAIN),
            ("index", &PLAIN),
            ("provider_name", &PLAIN),
            ("schema_version", &PLAIN),
            ("values", &PLAIN),
            ("sensitive_values", &PLAIN),
            ("depends_on", &PLAIN),
        ]),
    ),
    ("address", &PLAIN),
    ("child_modules", &STATE_MODULE),
]);

/// Of a line of an event stream: by name, as its parts are.
pub static EVENT: Shape = Sorted(&[
    ("diagnostic", &DIAGNOSTIC),
    (
        "changes",
        &Fields(&[
            ("add", &PLAIN),
            ("change", &PLAIN),
            ("import", &PLAIN),
            ("remove", &PLAIN),
            ("operation", &PLAIN),
        ]),
    ),
    ("outputs", &Each(&OUTPUT)),
    (
        "test_run",
        &Fields(&[
            ("path", &PLAIN),
            ("run", &PLAIN),
            ("progress", &PLAIN),
            ("elapsed", &PLAIN),
            ("status", &PLAIN),
        ]),
    ),
    (
        "test_plan",
        &Fields(&[
            ("plan_format_version", &PLAIN),
            ("output_changes", &Each(&CHANGE)),
            ("resource_changes", &RESOURCE_CHANGES),
        ]),
    ),
    (
        "test_state",
        &Fields(&[
            ("state_format_version", &PLAIN),
            ("root_module", &STATE_MODULE),
            ("outputs", &Each(&OUTPUT)),
        ]),
    ),
    (
        "test_cleanup",
        &Fields(&[(
            "failed_resources",
            &Fields(&[("instance", &PLAIN), ("deposed_key", &PLAIN)]),
        )]),
    ),
    (
        "test_summary",
        &Fields(&[
            ("status", &PLAIN),
            ("passed", &PLAIN),
            ("failed", &PLAIN),
            ("errored", &PLAIN),
            ("skipped", &PLAIN),
        ]),
    ),
]);

static ATTRIBUTE: Shape = Fields(&[
    ("type", &PLAIN),
    ("description", &PLAIN),
    ("description_kind", &PLAIN),
    ("deprecated", &PLAIN),
    ("required", &PLAIN),
    ("optional", &PLAIN),
    ("computed", &PLAIN),
    ("sensitive", &PLAIN),
]);

static BLOCK: Shape = Fields(&[
    ("attributes", &Each(&ATTRIBUTE)),
    (
        "block_types",
        &Each(&Fields(&[
            ("nesting_mode", &PLAIN),
            ("block", &BLOCK),
            ("min_items", &PLAIN),
            ("max_items", &PLAIN),
        ])),
    ),
    ("description", &PLAIN),
    ("description_kind", &PLAIN),
    ("deprecated", &PLAIN),
]);

static SCHEMA: Shape = Fields(&[("version", &PLAIN), ("block", &BLOCK)]);

/// Of `providers schema -json`.
pub static SCHEMAS: Shape = Fields(&[
    ("format_version", &PLAIN),
    (
        "provider_schemas",
        &Each(&Fields(&[
            ("provider", &SCHEMA),
            ("resource_schemas", &Each(&SCHEMA)),
            ("data_source_schemas", &Each(&SCHEMA)),
            ("ephemeral_resource_schemas", &Each(&SCHEMA)),
        ])),
    ),
]);

static CONFIGURED: Shape = Fields(&[
    (
        "outputs",
        &Each(&Fields(&[("sensitive", &PLAIN), ("expression", &PLAIN)])),
    ),
    (
        "resources",
        &Fields(&[
            ("address", &PLAIN),
            ("mode", &PLAIN),
            ("type", &PLAIN),
            ("name", &PLAIN),
            ("provider_config_key", &PLAIN),
            (
                "provisioners",
                &Fields(&[("type", &PLAIN), ("expressions", &PLAIN)]),
            ),
            ("expressions", &PLAIN),
            ("schema_version", &PLAIN),
            ("count_expression", &PLAIN),
            ("for_each_expression", &PLAIN),
            ("depends_on", &PLAIN),
        ]),
    ),
    (
        "module_calls",
        &Each(&Fields(&[
            ("source", &PLAIN),
            ("expressions", &PLAIN),
            ("count_expression", &PLAIN),
            ("for_each_expression", &PLAIN),
            ("module", &CONFIGURED),
            ("version_constraint", &PLAIN),
            ("depends_on", &PLAIN),
        ])),
    ),
    ("variables", &PLAIN),
]);

/// Of the configuration in a plan.
pub(super) static CONFIGURATION: Shape = Fields(&[
    (
        "provider_config",
        &Each(&Fields(&[
            ("name", &PLAIN),
            ("full_name", &PLAIN),
            ("version_constraint", &PLAIN),
            ("module_address", &PLAIN),
            ("expressions", &PLAIN),
        ])),
    ),
    ("root_module", &CONFIGURED),
]);

/// Of the checks in a plan.
pub(super) static CHECKS: Shape = Fields(&[
    ("address", &PLAIN),
    ("status", &PLAIN),
    (
        "instances",
        &Fields(&[("address", &PLAIN), ("status", &PLAIN)]),
    ),
]);
