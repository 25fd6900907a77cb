//! What a saved plan does to each object, among the nodes of all blocks.

use std::collections::HashMap;

use super::Everything;
use crate::{
    manifest::ast::Module,
    model::plan::{Action, Change, Plan},
};

/// How the node ends that stands for all objects of a resource.
const EXPAND: &str = " (expand)";

impl Everything {
    /// Adds the objects that a plan changes. What depends on their resource depends on each of them.
    /// What does not change is there if it has conditions, which are looked at again.
    pub fn carry_out(&mut self, root: &Module, plan: &Plan) {
        let checked = |change: &Change| {
            let block = root.block(&change.address.resource);
            block.is_some_and(|block| block.lifecycle.promises())
        };
        let drawn = |change: &&Change| !change.is_idle() || checked(change);
        let users = self.users();
        for change in plan.changes.iter().filter(drawn) {
            self.object(change, &users);
        }
    }

    /// Returns the nodes that depend on all objects of a resource, by its node; its own do not wait for each other.
    fn users(&self) -> HashMap<String, Vec<String>> {
        let mut users: HashMap<String, Vec<String>> = HashMap::new();
        for (from, needs) in &self.edges.0 {
            let label = self.drawn.get(from).map(|(label, _)| label);
            for need in needs {
                let resource = need.strip_suffix(EXPAND);
                if resource.is_some_and(|it| label.is_none_or(|label| label != it)) {
                    users.entry(need.clone()).or_default().push(from.clone());
                }
            }
        }
        users
    }

    fn object(&mut self, change: &Change, users: &HashMap<String, Vec<String>>) {
        let resource = change.address.resource.config().to_string();
        let (address, provider) = (change.address.to_string(), &*change.provider);
        let gone = match (change.action, &change.deposed) {
            (Action::Forget, _) => format!("{address} (forget)"),
            (_, Some(key)) => format!("{address} (destroy deposed {key})"),
            _ => format!("{address} (destroy)"),
        };
        let (made, unmade) = match change.action {
            Action::NoOp | Action::Read | Action::Create | Action::Update => (true, false),
            Action::DeleteCreate | Action::CreateDelete => (true, true),
            Action::Delete | Action::Forget => (false, true),
        };
        let close = format!("{provider} (close)");
        if unmade {
            self.draw(&gone, &resource, "box");
            self.draw(provider, provider, "diamond");
            self.edges.edge(&gone, provider);
            self.edges.edge(&close, &gone);
        }
        if made {
            let expand = format!("{resource}{EXPAND}");
            self.draw(&address, &resource, "box");
            for from in users.get(&expand).into_iter().flatten() {
                self.edges.edge(from, &address);
            }
            self.edges.edge(&address, &expand);
        }
        match change.action {
            Action::DeleteCreate => self.edges.edge(&address, &gone),
            Action::CreateDelete => self.edges.edge(&gone, &address),
            _ => {}
        }
    }
}
