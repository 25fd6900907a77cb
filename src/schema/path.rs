//! Where in a resource's arguments something is; written out only when there is something to say.

use std::fmt;

/// A path to a value: a chain of steps on the stack.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    parent: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Root,
    Name(&'a str),
    At(usize),
    Key(&'a str),
}

impl<'a> Path<'a> {
    /// The resource as a whole.
    pub const ROOT: Path<'static> = Path {
        parent: None,
        step: Step::Root,
    };

    /// Returns the path to an attribute of what is here.
    pub fn name(&'a self, name: &'a str) -> Self {
        Self {
            parent: Some(self),
            step: Step::Name(name),
        }
    }

    /// Returns the path to an element of the list that is here.
    pub fn at(&'a self, at: usize) -> Self {
        Self {
            parent: Some(self),
            step: Step::At(at),
        }
    }

    /// Returns the path to an element of the map that is here.
    pub fn key(&'a self, key: &'a str) -> Self {
        Self {
            parent: Some(self),
            step: Step::Key(key),
        }
    }
}

impl fmt::Display for Path<'_> {
    /// `data_disks[0].size`, `tags["a"]`
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(out)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Name(name) if self.parent.is_some_and(|it| matches!(it.step, Step::Root)) => {
                out.write_str(name)
            }
            Step::Name(name) => write!(out, ".{name}"),
            Step::At(at) => write!(out, "[{at}]"),
            Step::Key(key) => write!(out, "[\"{key}\"]"),
        }
    }
}
