//! Where two answers differ, and where they are meant to.

use serde_json::Value as Json;

/// What is meant to differ from Terraform: the case, where in its answers, and why.
pub(super) const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "providers that are not right",
        "/validate",
        "the provider terraform is built in: its block is not looked at",
    ),
    // More is said, or said at a better place.
    (
        "a remote state that is there and is not",
        "/state/resources",
        "secrets are kept nowhere",
    ),
    (
        "a check reads a data source of its own",
        "/plan/shown/checks",
        "what could not be read is said in other words",
    ),
    (
        "a resource of a module that is called often is forgotten",
        "/apply/counts/forget",
        "what is forgotten is counted too",
    ),
    (
        "optional attributes within optional attributes",
        "/plan/shown/variables",
        "a variable is shown as it is, with its defaults",
    ),
    (
        "promises about outputs and data sources",
        "/state/check_results",
        "a plan that failed writes nothing",
    ),
    (
        "commands that fail, at both ends",
        "/apply/said",
        "a failure that is to be ignored is told of",
    ),
    (
        "commands that fail, at both ends",
        "/ran/said",
        "a failure that is to be ignored is told of",
    ),
    (
        "a check that waits for what is made",
        "/apply/said",
        "what the plan warns of is said before the apply",
    ),
    (
        "checks in modules that read a data source",
        "/plan",
        "what could not be read is no change, and said in other words",
    ),
    (
        "a validation with a default that does not hold",
        "/",
        "the variable is where it is wrong",
    ),
    // Not there yet.
    (
        "providers of modules that are not right",
        "/",
        "all is said in one go",
    ),
    (
        "a module is forgotten",
        "/plan/counts/forget",
        "what is forgotten is counted too",
    ),
    (
        "a module is forgotten",
        "/apply/counts/forget",
        "what is forgotten is counted too",
    ),
    (
        "a resource of a module is forgotten",
        "/plan/counts/forget",
        "what is forgotten is counted too",
    ),
    (
        "a resource of a module is forgotten",
        "/apply/counts/forget",
        "what is forgotten is counted too",
    ),
    (
        "arguments of a call that the module does not have or needs",
        "/ran",
        "init reads the calls as well",
    ),
    ("a block in a call", "/ran", "init reads the calls as well"),
    (
        "an index of a call that has one instance",
        "/validate",
        "it can never be planned",
    ),
    (
        "secrets of modules in outputs of the root that do not say so",
        "/",
        "what a module says is secret is one",
    ),
    (
        "errors within modules have their file and line",
        "/",
        "what is given to a variable is known",
    ),
    (
        "optional attributes and defaults of variables of modules",
        "/outputs/m/type",
        "null has no type",
    ),
    (
        "optional attributes and defaults of variables of modules",
        "/state/outputs/m/type",
        "null has no type",
    ),
    (
        "ephemeral values and modules",
        "/validate/said",
        "all is said in one go",
    ),
    (
        "ephemeral values that go through modules",
        "/plan/shown/variables",
        "what is ephemeral is kept nowhere",
    ),
    (
        "ephemeral values that go through modules",
        "/state/resources",
        "null has no type",
    ),
    (
        "calls that are not right",
        "/validate/said",
        "all is said in one go",
    ),
    (
        "a module calls itself",
        "/ran/said",
        "the call is where it is wrong",
    ),
    (
        "unknown arguments and blocks in a resource",
        "/validate/said",
        "read-only arguments are named where they stand",
    ),
    (
        "names that are not names",
        "/validate/said",
        "a quoted name in locals ends the parsing",
    ),
    (
        "reserved arguments",
        "/validate/said",
        "connections are not supported, and said so first",
    ),
    (
        "blocks within blocks",
        "/validate/said",
        "a block in locals is unsupported as elsewhere",
    ),
    (
        "a condition that refers to nothing and to itself",
        "/validate/said",
        "a condition of its own name ends in a circle",
    ),
    (
        "JSON that is not right",
        "/validate",
        "JSON has the words that HCL has",
    ),
    (
        "moves that are not written right",
        "/validate/said",
        "a quoted address is taken",
    ),
    (
        "a move within another resource type",
        "/validate/said",
        "providers are not installed, types are unknown",
    ),
    (
        "a resource is forgotten",
        "/plan/counts/forget",
        "what is forgotten is counted too",
    ),
    (
        "a resource is forgotten",
        "/apply/counts/forget",
        "what is forgotten is counted too",
    ),
    (
        "import by command",
        "/ran/said",
        "the words of the command's own errors",
    ),
    (
        "replace_triggered_by in wrong forms",
        "/validate/said",
        "what is undeclared is said first",
    ),
    (
        "replace_triggered_by itself",
        "/validate",
        "it can never be planned",
    ),
    (
        "-target",
        "/plan",
        "a target that names nothing is a mistake",
    ),
    (
        "-replace",
        "/plan",
        "a replacement that names nothing is a mistake",
    ),
    (
        "taint and untaint",
        "/ran/said",
        "what was missing is named",
    ),
    (
        "there is no configuration",
        "/",
        "an empty directory is a mistake",
    ),
    (
        "flags that do not exist or go together",
        "/",
        "the words of the command line's own errors",
    ),
    (
        "a command that may fail",
        "/apply/said",
        "a failure that is allowed is told",
    ),
    (
        "provisioners that are not written right",
        "/validate/said",
        "all is said in one go",
    ),
    (
        "a provisioner that does not exist",
        "/validate/said",
        "the block is where it is wrong",
    ),
    (
        "undeclared references of each kind",
        "/",
        "`var` alone is no reference",
    ),
    (
        "an attribute that does not exist",
        "/plan/said",
        "the plan goes on with what is known",
    ),
    (
        "a resource refers to itself",
        "/validate/said",
        "all circles are said in one go",
    ),
    (
        "depends_on that is not right",
        "/validate/said",
        "a dependency is on a whole object",
    ),
    (
        "depends_on in a circle",
        "/validate",
        "it can never be planned",
    ),
    (
        "errors within functions",
        "/",
        "a division by zero is an error",
    ),
    (
        "a key twice in an object",
        "/validate",
        "the first of the two would be lost",
    ),
    (
        "an instance that is not there",
        "/plan/said",
        "the plan goes on with what is known",
    ),
    (
        "a heredoc that does not end",
        "/validate/said",
        "it is open where it begins",
    ),
    (
        "an object that is not right",
        "/validate/said",
        "a key with a dot is ambiguous",
    ),
    (
        "an index that is not right",
        "/validate/said",
        "the line is that of what was found",
    ),
    (
        "a value of the wrong type",
        "/plan/said",
        "a value that cannot be read was given all the same",
    ),
    (
        "a tfvars file with a reference and one that is no HCL",
        "/plan/said",
        "which variables are unset is said too",
    ),
    (
        "a sensitive variable goes through everything",
        "/state/resources",
        "what comes of a secret is one",
    ),
    (
        "a sensitive variable goes through everything",
        "/plan/shown/resource_changes",
        "what comes of a secret is one",
    ),
    // A value has no type of its own where it is null, and variables are shown as they are used.
    (
        "a variable of every type",
        "/outputs/object/type",
        "null has no type",
    ),
    ("a variable of every type", "/state/", "null has no type"),
    (
        "values by -var in every type",
        "/plan/shown/variables",
        "as converted",
    ),
    ("null and nullable", "/plan/shown/variables", "as converted"),
    (
        "validation that holds and does not",
        "/plan/shown/variables",
        "as converted",
    ),
];

/// Summaries of errors that Terraform has because of others; where they stand alone, ours are compared.
const FOLLOWING: &[&str] = &[
    "Zero assert blocks",
    "Invalid multi-line string",
    "Quoted references are deprecated",
];

/// Finds where two answers differ: a path of names, and what each has there.
pub(super) fn differences(
    one: &Json,
    another: &Json,
    place: &mut String,
    all: &mut Vec<(String, String, String)>,
) {
    let length = place.len();
    match (one, another) {
        (Json::Object(left), Json::Object(right)) => {
            let names = left
                .keys()
                .chain(right.keys().filter(|it| !left.contains_key(*it)));
            for name in names {
                place.push('/');
                place.push_str(name);
                let missing = &Json::String("(nothing)".to_owned());
                let (left, right) = (left.get(name), right.get(name));
                differences(
                    left.unwrap_or(missing),
                    right.unwrap_or(missing),
                    place,
                    all,
                );
                place.truncate(length);
            }
        }
        (Json::Array(left), Json::Array(right))
            if left.len() == right.len() && !place.ends_with("said") =>
        {
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                place.push_str(&format!("/{at}"));
                differences(left, right, place, all);
                place.truncate(length);
            }
        }
        (Json::Array(left), Json::Array(right)) if place.ends_with("said") => {
            if let Some((left, right)) = said(left, right) {
                all.push((place.clone(), left, right));
            }
        }
        _ if one != another => {
            all.push((place.clone(), one.to_string(), another.to_string()));
        }
        _ => {}
    }
}

/// Compares diagnostics by their places. Of several that Terraform has for a line, those that follow from the
/// first need not be ours, and where it names no place, ours may.
fn said(theirs: &[Json], ours: &[Json]) -> Option<(String, String)> {
    let parts = |line: &Json| {
        let (place, summary) = line.as_str().unwrap().split_once(": ").unwrap();
        (place.to_owned(), summary.to_owned())
    };
    let theirs: Vec<(String, String)> = theirs.iter().map(parts).collect();
    let ours: Vec<(String, String)> = ours.iter().map(parts).collect();
    let nowhere = |place: &str| place.ends_with(" -");
    let agree = |(place, summary): &(String, String),
                 (our_place, our_summary): &(String, String)| {
        summary == our_summary && (place == our_place || nowhere(place))
    };
    let met = |one: &&(String, String)| ours.iter().any(|our| agree(one, our));
    let missing = theirs.iter().filter(|one| {
        let same_place = theirs.iter().filter(|it| it.0 == one.0);
        let follows = FOLLOWING.contains(&&*one.1);
        !met(one) && !follows && (nowhere(&one.0) || !same_place.into_iter().any(|it| met(&it)))
    });
    let surplus = ours
        .iter()
        .filter(|our| !theirs.iter().any(|one| agree(one, our)));
    let list = |all: Vec<&(String, String)>| {
        let line = |it: &&(String, String)| format!("\n      {}: {}", it.0, it.1);
        all.iter().map(line).collect::<String>()
    };
    let (missing, surplus) = (list(missing.collect()), list(surplus.collect()));
    (!missing.is_empty() || !surplus.is_empty()).then_some((missing, surplus))
}
