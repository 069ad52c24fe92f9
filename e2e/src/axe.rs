//! What axe-core finds on the page that a browser shows. `cargo xtask test` fetches the script and says in `AXE_CORE` where it
//! lies.

use std::sync::LazyLock;

use crate::Browser;

static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let place = std::env::var("AXE_CORE").expect("AXE_CORE says where axe-core lies: run `cargo xtask test`");
    std::fs::read_to_string(&place).unwrap_or_else(|error| panic!("{place} cannot be read: {error}"))
});

/// Runs after the script; gives one line a rule that is broken seriously, with the first elements that break it.
const RUN: &str = r"
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then(
  found => done(found.violations
    .filter(rule => ['serious', 'critical'].includes(rule.impact))
    .map(rule => `${rule.id} (${rule.impact}): ${rule.help}: ${rule.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' | ')}`)),
  error => done([`axe-core failed: ${error}`]));
";

impl Browser {
    /// What axe-core calls serious or critical on this page, a line for each rule.
    ///
    /// # Panics
    /// When the script cannot be read or does not run: then nothing was checked.
    pub async fn serious_faults(&self) -> Vec<String> {
        self.run(&SCRIPT, &[]).await;
        let found = self.execute_async(RUN, Vec::new()).await.expect("axe-core runs");
        let found = found.as_array().expect("axe-core answers with a list");
        found.iter().map(|fault| fault.as_str().unwrap_or("?").to_owned()).collect()
    }
}
