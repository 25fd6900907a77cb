//! What a saved plan does to each object, among the nodes of all blocks.

use super::Everything;
use crate::{
    manifest::ast::Module,
    model::plan::{Action, Change, Plan},
};

impl Everything {
    /// Adds the objects that a plan changes. What depends on their resource depends on each of them.
    /// What does not change is there if it has conditions, which are looked at again.
    pub fn carry_out(&mut self, root: &Module, plan: &Plan) {
        let checked = |change: &Change| {
            let block = root.block(&change.address.resource);
            block.is_some_and(|block| block.lifecycle.promises())
        };
        let drawn = |change: &&Change| !change.is_idle() || checked(change);
        for change in plan.changes.iter().filter(drawn) {
            self.object(change);
        }
    }

    fn object(&mut self, change: &Change) {
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
            let expand = format!("{resource} (expand)");
            self.draw(&address, &resource, "box");
            for (from, needs) in &mut self.edges.0 {
                // Its other objects do not wait for it.
                let drawn = self.drawn.get(from);
                let other = drawn.is_none_or(|(label, _)| *label != resource);
                if other && needs.contains(&expand) {
                    needs.insert(address.clone());
                }
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
