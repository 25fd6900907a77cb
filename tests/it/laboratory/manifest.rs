//! A random manifest, the edits that are made to it, and its text.

use std::fmt::Write;

use fastrand::Rng;

use super::kinds::{KINDS, Kind};

/// What a manifest is to be.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    pub blocks: Vec<Block>,
    /// Former addresses, and the ones that took their place.
    moves: Vec<(String, String)>,
    /// The number of the next block.
    next: usize,
}

/// A resource block.
#[derive(Clone, Debug)]
pub struct Block {
    pub kind: &'static Kind,
    pub uid: usize,
    /// How often it was renamed.
    label: usize,
    pub count: Option<usize>,
    revision: usize,
    pub replaced: usize,
    before_destroy: bool,
    /// The numbers of its parents.
    pub parents: Vec<usize>,
}

/// Blocks that a manifest has at most.
const BLOCKS: usize = 14;

impl Block {
    fn label(&self) -> String {
        format!("b{}_{}", self.uid, self.label)
    }

    /// The address of the whole block.
    pub fn address(&self) -> String {
        format!("{}.{}", self.kind.ty, self.label())
    }

    /// The addresses of its instances.
    pub fn addresses(&self) -> Vec<String> {
        match self.count {
            None => vec![self.address()],
            Some(count) => (0..count)
                .map(|at| format!("{}[{at}]", self.address()))
                .collect(),
        }
    }

    /// What others refer to.
    pub fn first(&self) -> String {
        let counted = self.count.is_some();
        format!("{}{}", self.address(), if counted { "[0]" } else { "" })
    }
}

/// How the places in a text are filled in.
pub enum Filling {
    /// For a manifest, whose instances know their number.
    Text,
    /// For one instance.
    Instance(usize),
}

impl Manifest {
    /// Makes a manifest of some blocks.
    pub fn new(random: &mut Rng) -> Self {
        let mut manifest = Self::default();
        for _ in 0..random.usize(2..=5) {
            manifest.add_some(random);
        }
        manifest
    }

    /// Makes a manifest of one block and what it needs.
    #[cfg(test)]
    pub fn of(key: &str) -> Self {
        let mut manifest = Self::default();
        manifest.add(super::kinds::kind(key), None, &mut Rng::with_seed(0));
        let alone = |block: &mut Block| block.count = None;
        manifest.blocks.iter_mut().for_each(alone);
        manifest
    }

    pub fn block(&self, uid: usize) -> &Block {
        let found = self.blocks.iter().find(|block| block.uid == uid);
        found.expect("parents are there as long as what refers to them")
    }

    /// Returns the VPC block that a block is in.
    fn root(&self, uid: usize) -> Option<usize> {
        let block = self.block(uid);
        if block.kind.key == "vpc" {
            return Some(uid);
        }
        block.parents.iter().find_map(|parent| self.root(*parent))
    }

    fn add_some(&mut self, random: &mut Rng) -> String {
        let all: usize = KINDS.iter().map(|kind| kind.weight).sum();
        let mut at = random.usize(..all);
        let chosen = KINDS.iter().find(|kind| match at.checked_sub(kind.weight) {
            Some(rest) => {
                at = rest;
                false
            }
            None => true,
        });
        let chosen = chosen.expect("the weights add up");
        let before = self.blocks.len();
        self.add(chosen, None, random);
        let new: Vec<String> = self.blocks[before..].iter().map(Block::address).collect();
        format!("add {}", new.join(" "))
    }

    fn add(&mut self, kind: &'static Kind, root: Option<usize>, random: &mut Rng) -> usize {
        let mut root = root;
        let mut parents = Vec::new();
        for (at, key) in kind.parents.iter().enumerate() {
            let takes = kind.takes.contains(&at);
            let fits: Vec<usize> = self
                .blocks
                .iter()
                .filter(|block| {
                    let own = self.root(block.uid);
                    let near = own.is_none() || root.is_none() || own == root;
                    block.kind.key == *key && near && !(takes && self.is_taken(block, kind))
                })
                .map(|block| block.uid)
                .collect();
            let parent = match random.choice(&fits) {
                Some(parent) if random.u8(..10) < 8 => *parent,
                _ => self.add(super::kinds::kind(key), root, random),
            };
            root = root.or_else(|| self.root(parent));
            parents.push(parent);
        }
        // Nothing is in a VPC of its own when it is to be in this one.
        if let (Some(root), "vpc") = (root, kind.key) {
            return root;
        }
        let uid = self.next;
        self.next += 1;
        let count = (kind.counted && random.u8(..3) == 0).then(|| random.usize(1..=3));
        self.blocks.push(Block {
            kind,
            uid,
            label: 0,
            count,
            revision: 0,
            replaced: 0,
            before_destroy: kind.twice && random.u8(..4) == 0,
            parents,
        });
        uid
    }

    /// Whether a parent is taken by another block of the kind, or of one that takes it too.
    fn is_taken(&self, parent: &Block, kind: &Kind) -> bool {
        let rivals = parent.kind.free.map_or(&[][..], |(_, rivals)| rivals);
        self.blocks.iter().any(|block| {
            let rival = block.kind.key == kind.key || rivals.contains(&block.kind.key);
            rival && block.parents.contains(&parent.uid)
        })
    }

    /// Whether something has taken the object of a block.
    pub fn is_used(&self, block: &Block) -> bool {
        let rivals = block.kind.free.map_or(&[][..], |(_, rivals)| rivals);
        self.blocks
            .iter()
            .any(|other| rivals.contains(&other.kind.key) && other.parents.contains(&block.uid))
    }

    /// Changes something, and says what.
    pub fn edit(&mut self, random: &mut Rng) -> String {
        if self.blocks.is_empty() || self.blocks.len() < BLOCKS && random.u8(..100) < 30 {
            return self.add_some(random);
        }
        let at = random.usize(..self.blocks.len());
        let block = &mut self.blocks[at];
        let address = block.address();
        match random.u8(..100) {
            0..15 => self.remove(at),
            15..45 if block.kind.updates => {
                block.revision += 1;
                format!("change {address}")
            }
            45..65 if block.kind.replaces => {
                block.replaced += 1;
                format!("replace {address}")
            }
            65..77 => {
                block.label += 1;
                let new = block.address();
                let story = format!("move {address} to {new}");
                self.moves.push((address, new));
                story
            }
            77..92 if block.kind.counted => {
                block.count = match block.count {
                    None => Some(random.usize(1..=3)),
                    Some(1) if random.bool() => None,
                    Some(_) => Some(random.usize(1..=3)),
                };
                format!("count {address}: {:?}", block.count)
            }
            92.. if block.kind.twice => {
                block.before_destroy = !block.before_destroy;
                format!("create {address} before destroy: {}", block.before_destroy)
            }
            _ => self.edit(random),
        }
    }

    fn remove(&mut self, at: usize) -> String {
        let mut gone = vec![self.blocks[at].uid];
        let mut story = "remove".to_owned();
        let mut next = 0;
        while let Some(uid) = gone.get(next).copied() {
            next += 1;
            let more = self.blocks.iter().filter(|it| it.parents.contains(&uid));
            for block in more.map(|it| it.uid).collect::<Vec<_>>() {
                if !gone.contains(&block) {
                    gone.push(block);
                }
            }
        }
        for uid in &gone {
            write!(story, " {}", self.block(*uid).address()).expect("a string takes all");
        }
        self.blocks.retain(|block| !gone.contains(&block.uid));
        story
    }

    /// Forgets the moves, which were made.
    pub fn settled(&mut self) {
        self.moves.clear();
    }

    /// Returns a text with its places filled in: `ids` gives what stands for a parent.
    pub fn fill(
        &self,
        block: &Block,
        text: &str,
        filling: &Filling,
        parent: &dyn Fn(&Block) -> String,
    ) -> String {
        let counted = block.count.is_some();
        let (number, net) = match filling {
            Filling::Instance(at) => (at.to_string(), (at + block.replaced % 30 * 8).to_string()),
            Filling::Text if counted => (
                "${count.index}".to_owned(),
                format!("${{count.index + {}}}", block.replaced % 30 * 8),
            ),
            Filling::Text => ("0".to_owned(), (block.replaced % 30 * 8).to_string()),
        };
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            let (place, after) = after.split_once('>').expect("each place ends");
            out.push_str(before);
            match place {
                "name" => write!(out, "o{}-{number}", block.uid),
                "note" => write!(out, "revision-{}", block.revision),
                "replaced" => write!(out, "{}", block.replaced),
                "uid" => write!(out, "{}", block.uid),
                "net" => write!(out, "{net}"),
                "port" => write!(out, "{}", 1000 + block.replaced),
                _ => match place.split_once(':') {
                    Some((_, either)) => {
                        let (even, odd) = either.split_once('|').expect("there are two");
                        let odd_one = block.replaced % 2 == 1;
                        write!(out, "{}", if odd_one { odd } else { even })
                    }
                    None => {
                        let whole = place.ends_with('*');
                        let mut found = block;
                        for at in place.trim_end_matches('*').split('.') {
                            let at: usize = at.parse().expect("a place is known");
                            found = self.block(found.parents[at]);
                        }
                        write!(
                            out,
                            "{}",
                            if whole {
                                found.address()
                            } else {
                                parent(found)
                            }
                        )
                    }
                },
            }
            .expect("a string takes all");
            rest = after;
        }
        out + rest
    }

    /// Returns the manifest's text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            let body = self.fill(block, block.kind.text, &Filling::Text, &Block::first);
            let (ty, label) = (block.kind.ty, block.label());
            writeln!(out, "resource \"{ty}\" \"{label}\" {{").expect("a string takes all");
            if let Some(count) = block.count {
                writeln!(out, "  count = {count}").expect("a string takes all");
            }
            writeln!(out, "{body}").expect("a string takes all");
            if block.before_destroy {
                out.push_str("\n  lifecycle {\n    create_before_destroy = true\n  }\n");
            }
            out.push_str("}\n\n");
        }
        for (from, to) in &self.moves {
            write!(out, "moved {{\n  from = {from}\n  to   = {to}\n}}\n\n")
                .expect("a string takes all");
        }
        out
    }

    /// Returns what tells whether an object has to be the same one as before.
    pub fn identity(&self, block: &Block) -> Option<String> {
        let mut identity = format!("{}/{}", block.uid, block.replaced);
        for parent in &block.parents {
            let parent = self.identity(self.block(*parent))?;
            write!(identity, " in ({parent})").expect("a string takes all");
        }
        block.kind.stays.then_some(identity)
    }
}
