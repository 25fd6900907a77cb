//! The parameters of every action: name, kind and whether it is required, as the public API metadata lists them.
//!
//! One word per parameter. `.N` stands for an index counted from 1; the signs after a name are its kind (`#` integer,
//! `%` number, `?` boolean, none text) and `!` marks what is required (`X.1!`: at least one element of the list X).

mod catalog;
mod egress;
mod instance;
mod labels;
mod launch_template;
mod load_balancer;
mod network_interface;
mod security_group;
mod services;
mod storage;
mod vpc;

/// What one action takes.
pub(super) struct Parameters {
    pub(super) product: &'static str,
    pub(super) action: &'static str,
    pub(super) names: &'static str,
    /// What several actions take alike.
    pub(super) more: &'static str,
}

impl Parameters {
    /// Adds what several actions take alike.
    const fn and(self, more: &'static str) -> Self {
        Self { more, ..self }
    }

    /// The words of all parameters.
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> {
        let all = [self.names, self.more].into_iter();
        all.flat_map(str::split_whitespace)
    }
}

const fn row(product: &'static str, action: &'static str, names: &'static str) -> Parameters {
    Parameters {
        product,
        action,
        names,
        more: "",
    }
}

/// The parameters of every action.
pub(super) fn all() -> impl Iterator<Item = &'static Parameters> {
    let tables = [
        catalog::ROWS,
        egress::ROWS,
        instance::ROWS,
        labels::ROWS,
        launch_template::ROWS,
        load_balancer::ROWS,
        network_interface::ROWS,
        security_group::ROWS,
        services::ROWS,
        storage::ROWS,
        vpc::ROWS,
    ];
    tables.into_iter().flatten()
}
