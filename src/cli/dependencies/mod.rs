//! The graphs that `prov graph` draws: what depends on what, without what follows from the rest.
//!
//! `edges` finds what follows, `everything` and `destroy` have Terraform's nodes, `draw` is for other
//! programs than Graphviz.

mod carried_out;
mod destroy;
mod draw;
mod edges;
mod everything;
mod resources;

pub use self::{
    destroy::of_destroy,
    everything::{Everything, Phase, of_everything},
    resources::of_resources,
};
use draw::Drawing;
use edges::Edges;

/// A graph, in the forms in which it can be had.
pub trait Graph {
    /// Returns it as Terraform writes it.
    fn dot(&self) -> String;

    /// Draws what is on a cycle in red.
    fn draw_cycles(&mut self) {}

    /// Returns what is to be seen of it.
    fn drawing(&self) -> Drawing;
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
