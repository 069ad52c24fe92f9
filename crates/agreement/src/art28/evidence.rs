//! What the platform's registers know at the moment of the check, for the checks that ask not what the text says but whether
//! it is true. Each register may be missing, as at the command line; what it would have answered is then *not applicable*.

use jiff::civil::Date;
use terms::AgreementHash;

/// The registers at hand. `None` means that there is no such register here, which is another thing than an empty one.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Who accepted the agreement, and how.
    pub acceptances: Option<Vec<Acceptance>>,
    /// The contacts to whom incidents are told.
    pub incident_contacts: Option<Vec<IncidentContact>>,
    /// Whether the customer is a public body, whose secrecy is the law's.
    pub customer_is_public: Option<bool>,
    /// Whether the customer is itself a processor for somebody else.
    pub customer_is_processor: Option<bool>,
    /// How many other controllers act under the same agreement, as the companies of a group do.
    pub other_controllers: Option<usize>,
    /// The ids of the subprocessors in use.
    pub subprocessors_in_use: Option<Vec<String>>,
    /// The ids of the subprocessors on the list that the customer accepted.
    pub subprocessors_accepted: Option<Vec<String>>,
    /// The ids of the subprocessors on the published list.
    pub subprocessors_published: Option<Vec<String>>,
    /// The hosts that the platform has called with personal data.
    pub hosts_called: Option<Vec<String>>,
    /// Whether a reminder stands before the day on which each basis for a transfer ends.
    pub basis_reminders: Option<bool>,
    /// Whether the record of processing (Art. 30(2)) could be produced.
    pub record_of_processing: Option<bool>,
}

/// One acceptance of the agreement. Whether something is known, never what: names stay in their register.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// The person is known.
    pub person: bool,
    /// The organisation is known.
    pub organisation: bool,
    /// The person's authority to sign is shown.
    pub authority: bool,
    /// The moment is known.
    pub time: bool,
    /// The method is known.
    pub method: bool,
    /// The hash of the exact text that was accepted.
    pub text: Option<AgreementHash>,
}

/// One contact to whom incidents are told.
#[derive(Debug, Clone)]
pub struct IncidentContact {
    /// When somebody last made sure that it is reached.
    pub verified: Option<Date>,
    /// Whether it is a function's address and not one person's.
    pub function_address: bool,
}
