//! The manifests of the workspace, as far as rules ask: who depends on whom.

use super::Tree;

/// One package of ours.
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder, e.g. `crates/terms`.
    pub folder: String,
    /// What it is built from: dependencies and build dependencies, on every target.
    pub dependencies: Vec<String>,
    /// What only its tests are built from.
    pub dev_dependencies: Vec<String>,
}

impl Package {
    /// Where its manifest lies.
    pub fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }
}

/// All packages of the workspace. A manifest that is no TOML is cargo's to complain of and is left out here.
pub fn packages(tree: &Tree) -> Vec<Package> {
    tree.ending("/Cargo.toml").filter_map(|(path, text)| package(path, text)).collect()
}

fn package(path: &str, text: &str) -> Option<Package> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    let name = document.get("package")?.get("name")?.as_str()?.to_owned();
    let folder = path.strip_suffix("/Cargo.toml")?.to_owned();
    let mut found = Package { name, folder, dependencies: Vec::new(), dev_dependencies: Vec::new() };
    found.take(document.as_table());
    if let Some(targets) = document.get("target").and_then(toml_edit::Item::as_table_like) {
        for (_, target) in targets.iter() {
            if let Some(table) = target.as_table_like() {
                found.take(table);
            }
        }
    }
    Some(found)
}

impl Package {
    fn take(&mut self, table: &dyn toml_edit::TableLike) {
        self.dependencies.extend(names(table, "dependencies"));
        self.dependencies.extend(names(table, "build-dependencies"));
        self.dev_dependencies.extend(names(table, "dev-dependencies"));
    }
}

/// The names of the packages meant, also where a dependency is renamed.
fn names(table: &dyn toml_edit::TableLike, section: &str) -> Vec<String> {
    let Some(section) = table.get(section).and_then(toml_edit::Item::as_table_like) else { return Vec::new() };
    let meant = |key: &str, item: &toml_edit::Item| {
        item.get("package").and_then(|name| name.as_str()).unwrap_or(key).to_owned()
    };
    section.iter().map(|(key, item)| meant(key, item)).collect()
}
