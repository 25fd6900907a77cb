//! Graphs for those who have no Graphviz: Mermaid's language, and a picture.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use layout::{
    backends::svg::SVGWriter,
    core::{base::Orientation, geometry::Point, style::StyleAttr},
    std_shapes::shapes::{Arrow, Element, ShapeKind},
    topo::layout::VisualGraph,
};

/// What is to be seen of a graph.
#[derive(Debug, Default)]
pub struct Drawing {
    pub nodes: Vec<Node>,
    /// From what depends to what it depends on.
    pub edges: Vec<(String, String)>,
}

/// A box.
#[derive(Debug)]
pub struct Node {
    pub name: String,
    pub label: String,
    /// The module that it is drawn in.
    pub module: Option<String>,
}

impl Drawing {
    /// Returns it for Mermaid, whose nodes need names without dots.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart RL\n");
        let mut numbers = BTreeMap::new();
        let mut modules: Vec<(&Option<String>, Vec<String>)> = Vec::new();
        for (number, node) in self.nodes.iter().enumerate() {
            numbers.insert(&*node.name, number);
            let label = node.label.replace('"', "#quot;");
            let line = format!("n{number}[\"{label}\"]");
            match modules.last_mut() {
                Some((module, lines)) if **module == node.module => lines.push(line),
                _ => modules.push((&node.module, vec![line])),
            }
        }
        for (number, (module, lines)) in modules.into_iter().enumerate() {
            let mut indent = "  ";
            if let Some(module) = module {
                let _ = writeln!(text, "  subgraph m{number}[\"{module}\"]");
                indent = "    ";
            }
            for line in lines {
                let _ = writeln!(text, "{indent}{line}");
            }
            if module.is_some() {
                text += "  end\n";
            }
        }
        for (from, to) in &self.edges {
            let (from, to) = (&numbers[&**from], &numbers[&**to]);
            let _ = writeln!(text, "  n{from} --> n{to}");
        }
        text
    }

    /// Returns it as a picture.
    pub fn svg(&self) -> String {
        const LINE: f64 = 24.0;
        const LETTER: f64 = 9.0;
        let mut graph = VisualGraph::new(Orientation::LeftToRight);
        let mut handles = BTreeMap::new();
        for node in &self.nodes {
            let letters = u16::try_from(node.name.chars().count()).unwrap_or(u16::MAX);
            let size = Point::new(LETTER * f64::from(letters) + LINE, LINE * 1.5);
            let shape = ShapeKind::new_box(&node.name);
            let element =
                Element::create(shape, StyleAttr::simple(), Orientation::LeftToRight, size);
            handles.insert(&*node.name, graph.add_node(element));
        }
        let drawn: BTreeSet<_> = self.edges.iter().filter(|(from, to)| from != to).collect();
        for (from, to) in drawn {
            graph.add_edge(Arrow::simple(""), handles[&**from], handles[&**to]);
        }
        let mut picture = SVGWriter::new();
        if !self.nodes.is_empty() {
            graph.do_it(false, false, false, &mut picture);
        }
        picture.finalize()
    }
}

/// Returns nodes and edges as they are.
pub(super) fn of_edges(edges: &super::Edges) -> Drawing {
    let node = |name: &String| Node {
        name: name.clone(),
        label: name.clone(),
        module: None,
    };
    let reduced = edges.reduced().into_iter();
    Drawing {
        nodes: edges.0.keys().map(node).collect(),
        edges: reduced
            .map(|(from, to)| (from.to_owned(), to.to_owned()))
            .collect(),
    }
}
