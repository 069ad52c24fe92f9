//! How a person who acts stands to a record: whether it is the person's own, is assigned to the person, or is of the person's
//! unit. A rule of an agreement may hold for such records only (its *reach*).
//!
//! Not here: what such a relation allows (the agreement says), and how it is found (the record kinds name the fields).

use core::fmt;
use core::str::FromStr;

/// One relation between an actor and a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The record's person is the actor.
    Own,
    /// The record, or what it belongs to, names the actor's own record as the one that it is assigned to.
    Assigned,
    /// The record, or what it belongs to, is of the same unit as the actor's own record.
    Unit,
}

impl Relation {
    /// All relations in order.
    pub const ALL: [Self; 3] = [Self::Own, Self::Assigned, Self::Unit];

    /// The word as agreements and kinds write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Assigned => "assigned",
            Self::Unit => "unit",
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Relation {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|relation| relation.as_str() == text).ok_or(())
    }
}

/// A set of relations.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Relations(u8);

impl Relations {
    /// No relation.
    pub const NONE: Self = Self(0);

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// With this one too.
    #[must_use]
    pub const fn with(self, relation: Relation) -> Self {
        Self(self.0 | bit(relation))
    }

    /// Whether this one is among them.
    #[must_use]
    pub const fn has(self, relation: Relation) -> bool {
        self.0 & bit(relation) != 0
    }

    /// Those of either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Each, in order.
    pub fn each(self) -> impl Iterator<Item = Relation> {
        Relation::ALL.into_iter().filter(move |relation| self.has(*relation))
    }
}

const fn bit(relation: Relation) -> u8 {
    match relation {
        Relation::Own => 1,
        Relation::Assigned => 2,
        Relation::Unit => 4,
    }
}

impl FromIterator<Relation> for Relations {
    fn from_iter<I: IntoIterator<Item = Relation>>(relations: I) -> Self {
        relations.into_iter().fold(Self::NONE, Self::with)
    }
}

/// `assigned unit`; empty where there is none.
impl fmt::Display for Relations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, relation) in self.each().enumerate() {
            let space = if place == 0 { "" } else { " " };
            write!(f, "{space}{relation}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Relations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relations({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_into_it_and_reads_in_one_order() {
        let set: Relations = [Relation::Unit, Relation::Own, Relation::Unit].into_iter().collect();
        assert_eq!(set.to_string(), "own unit");
        assert!(set.has(Relation::Own) && !set.has(Relation::Assigned));
        assert_eq!(set.and(Relations::NONE.with(Relation::Unit)).to_string(), "unit");
        assert!(Relations::NONE.is_empty() && Relations::NONE.to_string().is_empty());
        for relation in Relation::ALL {
            assert_eq!(relation.as_str().parse(), Ok(relation));
        }
    }
}
