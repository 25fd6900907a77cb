//! Trees as Terraform draws them.

use std::io;

/// A line, and what hangs below it.
#[derive(Debug, Default)]
pub struct Branch {
    pub text: String,
    pub below: Vec<Self>,
}

/// Draws branches, each line after `before`.
pub fn draw(branches: &[Branch], before: &str, out: &mut dyn io::Write) -> io::Result<()> {
    for (at, Branch { text, below }) in branches.iter().enumerate() {
        let (corner, line) = if at + 1 == branches.len() {
            ("└── ", "    ")
        } else {
            ("├── ", "│   ")
        };
        writeln!(out, "{before}{corner}{text}")?;
        draw(below, &format!("{before}{line}"), out)?;
    }
    Ok(())
}
