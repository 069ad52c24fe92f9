//! Which crate may know which: the diagram of ARCHITECTURE.md as a table.

use super::manifests::{Package, packages};
use super::{Fault, Rule, Tree};

pub const RULE: Rule =
    Rule { name: "arrows", why: "a room that knows more than its neighbours cannot keep its promise", check };

/// One room: what it may be built from, and the sentence that explains it.
struct Room {
    name: &'static str,
    knows: &'static [&'static str],
    why: &'static str,
}

const ANYTHING: &str = "*";

const ROOMS: &[Room] = &[
    Room { name: "terms", knows: &[], why: "all rooms share these words, so they know no room" },
    Room {
        name: "journal",
        knows: &["terms"],
        why: "a customer's auditor reads the journal's code in an evening, so it stands on the shared words alone",
    },
    Room {
        name: "calendar",
        knows: &["terms"],
        why: "a date follows from a period and rules that are handed in: the calendar knows no agreement and no clock",
    },
    Room {
        name: "agreement",
        knows: &["terms", "calendar"],
        why: "an agreement is a pure value: it knows no database, no service and no clock",
    },
    Room {
        name: "reading",
        knows: &["terms", "calendar", "agreement"],
        why: "a reading is a pure value of the file's bytes: it knows no database, no service, no network and no clock",
    },
    Room {
        name: "service",
        knows: &["terms"],
        why: "the contract that a service signs knows neither services nor the platform",
    },
    Room {
        name: "paper",
        knows: &["terms"],
        why: "paper sets texts that it is handed; what they are of is the portal's matter",
    },
    Room {
        name: "storage",
        knows: &["terms", "journal", "agreement"],
        why: "storage sees sealed values only; it takes permits and makes entries, and holds no business logic",
    },
    Room {
        name: "vault",
        knows: &["terms", "storage"],
        why: "the vault opens for a grant, and grants are made in storage",
    },
    Room {
        name: "files",
        knows: &["terms", "vault", "service"],
        why: "files are sealed by the vault and asked for by processing; the room knows no record and no agreement",
    },
    Room {
        name: "custodian",
        knows: &["terms", "vault"],
        why: "whoever keeps what opens the copies must know as little else as can be: no record, no customer, no agreement",
    },
    Room {
        name: "archive",
        knows: &["terms", "journal", "storage", "files"],
        why: "the archive carries what is sealed from one place to another: it opens nothing and decides nothing",
    },
    Room {
        name: "processing",
        knows: &["terms", "agreement", "journal", "storage", "vault", "files", "service"],
        why: "processing is the one door: it alone holds both a permit and the keys of the vault",
    },
    Room {
        name: "access",
        knows: &["terms", "agreement", "journal", "storage", "vault", "processing"],
        why: "people and sessions are kept through the same door as everyone else's data",
    },
    Room {
        name: "registers",
        knows: &["terms", "calendar", "agreement", "journal", "storage", "vault", "processing", "service"],
        why: "registers add up what journal and agreement say; they know no page",
    },
    Room {
        name: "intake",
        knows: &["terms", "service"],
        why: "a file of rows comes in through the door like anything else, so its reader knows the contract alone",
    },
    Room {
        name: "portal",
        knows: &[
            "terms",
            "calendar",
            "agreement",
            "reading",
            "service",
            "paper",
            "processing",
            "access",
            "registers",
            "intake",
        ],
        why: "the portal shows and computes nothing: it reaches neither storage nor vault",
    },
    Room {
        name: "verify",
        knows: &["terms", "journal"],
        why: "who checks a journal must not have to trust the program that wrote it",
    },
    Room { name: "betrodd", knows: &[ANYTHING], why: "the program hangs everything up" },
    Room { name: "bench", knows: &[ANYTHING], why: "the bench measures all rooms" },
    Room {
        name: "faults",
        knows: &[ANYTHING],
        why: "what a fault leaves is asked of all rooms together; what it is made with knows none of them",
    },
    Room {
        name: "e2e",
        knows: &["terms", "journal", "faults"],
        why: "these tests stand outside: HTTP, files and the browser are their doors",
    },
    Room { name: "xtask", knows: &[], why: "the rules must run when the workspace is broken" },
];

/// Every service, whatever its name.
const SERVICE: Room = Room {
    name: "services/*",
    knows: &["terms", "service", "calendar"],
    why: "services are built on the door, and never behind it; beside it they count days as everybody else does",
};

/// What only the program may be built from, and what nobody may.
const ONLY_FOR_BETRODD: &[&str] = &["bench"];
const FOR_NOBODY: &[&str] = &["betrodd", "verify", "e2e", "xtask"];

fn check(tree: &Tree) -> Vec<Fault> {
    let ours = packages(tree);
    let mut faults = Vec::new();
    for package in &ours {
        let Some(room) = room(package) else {
            let message = format!(
                "`{}` has no row in the table of xtask/src/tidy/arrows.rs; a new room is a decision",
                package.name
            );
            faults.push(Fault::new(&package.manifest(), None, message));
            continue;
        };
        let is_ours = |name: &&String| ours.iter().any(|other| other.name == **name);
        for name in package.dependencies.iter().filter(is_ours) {
            if !may_know(&package.name, room, name, &ours) {
                faults.push(fault(package, name, room));
            }
        }
        for name in package.dev_dependencies.iter().filter(is_ours) {
            // A test may name what its room reaches through its neighbours: the test of a vault needs a permit.
            if !may_know(&package.name, room, name, &ours) && !reaches(room, name, &ours) {
                faults.push(fault(package, name, room));
            }
        }
    }
    faults
}

fn fault(package: &Package, name: &str, room: &Room) -> Fault {
    Fault::new(&package.manifest(), None, format!("`{}` must not depend on `{name}`: {}", package.name, room.why))
}

fn room(package: &Package) -> Option<&'static Room> {
    if package.folder.starts_with("services/") {
        return Some(&SERVICE);
    }
    ROOMS.iter().find(|room| room.name == package.name)
}

fn may_know(from: &str, room: &Room, name: &str, ours: &[Package]) -> bool {
    if FOR_NOBODY.contains(&name) || (ONLY_FOR_BETRODD.contains(&name) && from != "betrodd") {
        return false;
    }
    // Services are hung up by the program and measured by the bench; no room has a list of them.
    let is_service = ours.iter().any(|package| package.name == name && package.folder.starts_with("services/"));
    room.knows.contains(&ANYTHING) || (!is_service && room.knows.contains(&name))
}

fn reaches(room: &Room, name: &str, ours: &[Package]) -> bool {
    room.knows.iter().any(|known| {
        let next = ours.iter().find(|package| package.name == **known).and_then(self::room);
        *known == name || next.is_some_and(|next| reaches(next, name, ours))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{check_clean, check_one};
    use super::*;

    const TERMS: (&str, &str) = ("crates/terms/Cargo.toml", "[package]\nname = \"terms\"");
    const AGREEMENT: (&str, &str) = ("crates/agreement/Cargo.toml", "[package]\nname = \"agreement\"");
    const STORAGE: (&str, &str) =
        ("crates/storage/Cargo.toml", "[package]\nname = \"storage\"\n[dependencies]\nagreement.workspace = true");

    #[test]
    fn a_portal_must_not_reach_storage() {
        let portal =
            ("crates/portal/Cargo.toml", "[package]\nname = \"portal\"\n[dependencies]\nstorage.workspace = true");
        check_one(
            &RULE,
            &[AGREEMENT, STORAGE, portal],
            "crates/portal/Cargo.toml: `portal` must not depend on `storage`: the portal shows",
        );
    }

    #[test]
    fn a_renamed_dependency_is_the_same_dependency() {
        let service = (
            "services/x/Cargo.toml",
            "[package]\nname = \"x\"\n[dependencies]\nlocker = { package = \"storage\", path = \"\" }",
        );
        check_one(&RULE, &[AGREEMENT, STORAGE, service], "services/x/Cargo.toml: `x` must not depend on `storage`");
    }

    #[test]
    fn a_test_may_name_what_its_room_reaches() {
        let vault = (
            "crates/vault/Cargo.toml",
            "[package]\nname = \"vault\"\n[dependencies]\nstorage.workspace = true\n[dev-dependencies]\nagreement.workspace = true",
        );
        check_clean(&RULE, &[TERMS, AGREEMENT, STORAGE, vault]);
    }

    #[test]
    fn a_new_room_is_a_decision() {
        let attic = ("crates/attic/Cargo.toml", "[package]\nname = \"attic\"");
        check_one(&RULE, &[attic], "crates/attic/Cargo.toml: `attic` has no row");
    }
}
