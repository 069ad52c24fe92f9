# The page of the agreement: facts first, then who may see what, warnings and the clauses.

agreement-title = The agreement
agreement-your-version = This is the version in force for you.
agreement-general-version = This is the general version. If you are a customer, log in to see the version in force for you.
agreement-older-version = This is an older version. It is no longer in force.
agreement-future-version = This version has not yet come into force.
agreement-download = Download the agreement as it is written (Markdown, Swedish)
agreement-hash = The file's fingerprint (SHA-256)

agreement-facts = Facts
agreement-facts-controller = Controller
agreement-facts-processor = Processor
agreement-facts-registration = registration number { $number }
agreement-facts-version = Version
agreement-facts-published = Published
agreement-facts-from = In force from
agreement-facts-purposes = Purposes
agreement-facts-subjects = Data subjects
agreement-facts-subprocessors = Subprocessors
agreement-facts-roles = Roles
agreement-facts-log = The access log is kept
agreement-subprocessor-count = { $count ->
    [0] none
    [one] one
   *[other] { $count }
}
agreement-subject-undeclared = { $name } (not listed in the agreement)
agreement-clause = clause { $number }
agreement-clause-unnumbered = the clause

agreement-not-found = Not found in the text
agreement-none = None, says the agreement
agreement-provenance-stated = stated
agreement-provenance-derived = follows from the text
agreement-provenance-set = set by the provider, no promise of the agreement
agreement-provenance-not-found = not found in the text
agreement-looked-for = What was looked for: { $note }

agreement-versions = Versions
agreement-versions-caption = Versions that have been in force for you, latest first
agreement-versions-version = Version
agreement-versions-from = In force from
agreement-versions-hash = Fingerprint
agreement-versions-now = in force now

agreement-may-heading = Who may see and do what
agreement-may-caption = Computed from the agreement’s rules. What does not stand here is not allowed. What the provider has set is no promise of the agreement.
agreement-may-role = Role
agreement-may-verbs = May
agreement-may-subject = Data about
agreement-may-categories = Which data
agreement-may-purpose = Purpose
agreement-may-within = Condition
agreement-may-reach = only { $what }
agreement-reach-own = one's own
agreement-reach-assigned = what is assigned
agreement-reach-unit = one's own unit's
agreement-reach-or = or
agreement-may-with-consent = only with the data subject's consent
agreement-may-within-case = only within the case { $case }
agreement-may-always = none
agreement-provenance-set-short = set by the provider
agreement-may-clause = Clause
agreement-may-none = The agreement has no such rules, and then nothing is allowed.
agreement-side-controller = { $role } (the customer)
agreement-side-processor = { $role } (the provider)
agreement-side-subject = { $role } (the data subject itself)
agreement-side-platform = { $role } (the platform's own work)
agreement-all-declared = all data that the agreement declares: { $categories }

agreement-warnings = Worth knowing about the agreement
agreement-warnings-lead = This is what the check of the text found. It does not change what is in force, but you should know of it.
agreement-warnings-none = The check of the text found nothing to warn of.

agreement-clauses = The clauses
agreement-clauses-contents = Contents
agreement-swedish-governs = The agreement is written in Swedish, and the Swedish text governs.
agreement-english-governs = The agreement is written in English, and the English text governs.
agreement-english-reading = This is an English reading, as a help. The Swedish text governs.
agreement-terms-run = Terms that run ({ $number })
agreement-terms-run-unnumbered = Terms that run
agreement-terms-lead = These lines are what the program reads. They decide what is allowed.
agreement-missing-title = There is no agreement to show
agreement-missing = The service has no agreement in force, and so it processes no personal data.

agreement-warning-not-found = The text says nothing of this
agreement-warning-required = A document belongs to the agreement and is not here
agreement-warning-not-declared = Data about people whom the agreement does not list
agreement-warning-unused = Something is defined and never used
agreement-warning-vague-place = A recipient’s place is vague
agreement-warning-flagged = A recipient needs attention
agreement-warning-mentioned = An organisation is mentioned and is no recipient

agreement-exception = In force with an exception for { $of }: { $why }. Decided by { $who }, until { $until }.
agreement-exception-ended = The exception for { $of } ended on { $until }: { $why }. It was decided by { $who }. No new customer gets the agreement like this.
