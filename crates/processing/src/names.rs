//! The names behind accounts, for whoever gives and ends them: a reading like any other, decided and entered.

use service::{Asked, No, Value};
use storage::About;
use terms::{Extent, PersonId, Verb};

use crate::Processing;
use crate::facts::Scope;
use crate::refuse::{RefusedAct, closed};

impl Processing {
    /// The names of people of the customer, in the order in which they are asked for; nothing where the link is gone.
    ///
    /// # Errors
    /// As for every reading; [`No::Missing`] where the agreement does not say as what a name is held.
    pub async fn names(&self, asked: &Asked, persons: &[PersonId]) -> Result<Vec<Option<Value>>, No> {
        let acting = self.acting(asked)?;
        let named_as = acting.agreement.accounts().and_then(|accounts| accounts.named_as.clone()).ok_or(No::Missing)?;
        let gathered = self.facts(&acting, Scope::All)?;
        let category = named_as.category.clone();
        let act = acting.act(Verb::Consult, &named_as.subject, vec![category.clone()], Extent::Exactly, gathered.facts);
        let about = About { persons: persons.to_vec(), rests_on: gathered.rests_on, ..About::default() };
        let permit = match acting.decide(act.clone()) {
            Ok(permit) => permit,
            Err(refusal) => {
                let of = RefusedAct { categories: &act.categories, about: About::default() };
                return Err(self.refused(&acting, None, &of, refusal).await);
            }
        };
        let granted = self.enter(permit, about).await?;
        let homes: Vec<_> = persons.iter().map(|person| (asked.tenant, *person)).collect();
        self.vault.open_names(granted, &category, &homes).map_err(closed)
    }
}
