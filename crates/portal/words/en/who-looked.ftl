# Who looked: the access log that the customer's administrator reads.

who-looked-title = Who looked?
who-looked-link = Who looked?
who-looked-promise = The agreement promises that { $what } is logged, so that it can be traced who had access
who-looked-promise-every-request = every request for access
who-looked-promise-clause = clause { $number }
who-looked-kept = The log is kept: { $keep }.
who-looked-kept-not-found = The agreement does not say how long the log is kept.
who-looked-kept-none = The agreement gives the log no period.
who-looked-read-is-logged = That you read this list is written in it too.
who-looked-only-record = The list shows only what concerns a single record ({ $record }).
who-looked-only-person = The list shows only what concerns a single person ({ $person }).
who-looked-only-actor = The list shows only what a single person has done ({ $actor }).
who-looked-show-all = Show everything

who-looked-filter = Narrow the list
who-looked-filter-person = Whom the data is about (pseudonym, 32 characters)
who-looked-filter-record = Which record (designation, 32 characters)
who-looked-filter-actor = Who read or changed (pseudonym, 32 characters)
who-looked-filter-outcome = Outcome
who-looked-filter-any = All
who-looked-filter-from = From and including
who-looked-filter-to = To and including
who-looked-filter-purpose = Purpose
who-looked-filter-apply = Show
who-looked-filter-wrong = The filter could not be read: { $fields }. No log is shown until it is corrected.
who-looked-file = who-looked
who-looked-csv = Download the same selection as CSV (at most { $max } rows)
who-looked-csv-cut = There are more rows. Narrow by date to get them.

who-looked-caption = { $count ->
    [0] No events
    [one] One event, latest first
   *[other] { $count } events, latest first
}
who-looked-empty = No event fits the selection.
who-looked-paging = Pages of the log
who-looked-older = Older events
who-looked-newest = To the latest

who-looked-time = Time
who-looked-person = Who
who-looked-pseudonym = Pseudonym
who-looked-role = Role
who-looked-did = Did
who-looked-purpose = Purpose
who-looked-case = Case
who-looked-what = What
who-looked-kind = Kind
who-looked-records = Records
who-looked-persons = Number of persons
who-looked-fields = Data
who-looked-withheld = Withheld
who-looked-outcome = Outcome
who-looked-reason = Reason
who-looked-clause = Clause
who-looked-clause-id = Id of the clause
who-looked-index = Number in the log

who-looked-authors = Name of who wrote
who-looked-about-persons = { $count ->
    [0] no person
    [one] one person
   *[other] { $count } persons
}
who-looked-more-records = { $count ->
    [one] and one more
   *[other] and { $count } more
}
who-looked-withheld-these = Withheld: { $categories }
who-looked-just-this-actor = Only { $name }
who-looked-nobody = unknown

who-looked-outcome-granted = Granted
who-looked-outcome-refused = Refused
who-looked-outcome-happened = Happened
who-looked-reason-not-in-force = No agreement in force
who-looked-reason-purpose-not-agreed = The purpose is not in the agreement
who-looked-reason-category-not-declared = The kind of data is not declared in the agreement
who-looked-reason-field-not-declared = The field is not declared
who-looked-reason-subject-not-declared = The people are not covered by the agreement
who-looked-reason-role-not-agreed = The role is not in the agreement
who-looked-reason-no-rule = No rule allows it
who-looked-reason-case-required = A case is required
who-looked-reason-out-of-reach = Neither one's own, assigned nor of one's unit
who-looked-reason-no-consent = Consent is missing or was withdrawn
who-looked-reason-case-does-not-cover = The case does not cover it
who-looked-reason-recipient-not-agreed = The recipient is not accepted
who-looked-reason-place-not-agreed = The place is not accepted
who-looked-reason-no-transfer-basis = No basis for a transfer to that country
who-looked-reason-prohibited = Prohibited by an instruction
who-looked-reason-waits-for-decision = Waits for a decision
who-looked-reason-restricted = The data is restricted
who-looked-reason-account-ended = The account is ended
who-looked-reason-overridden = in spite of lacks

who-looked-event-log-in = Logged in
who-looked-event-log-out = Logged out
who-looked-event-demo-entered = Entered the demo
who-looked-event-log-ins-failed = Failed log-ins
who-looked-event-sessions-over = Sessions ran out
who-looked-event-erasure-planned = Plan of an erasure shown
who-looked-event-erasure-everywhere = What was erased is unusable everywhere
who-looked-event-keys-rotated = Archive key changed
who-looked-event-erasure-portion = A part of what was erased taken away
who-looked-event-erasure-completed = Erasure completed and certified
who-looked-event-erasure-certificates-read = Certificates of erasure read
who-looked-event-restriction-read = Restriction shown
who-looked-event-account-opened = Account opened
who-looked-event-account-ended = Account ended
who-looked-event-agreement-adopted = Agreement adopted
who-looked-event-customer-file-adopted = The customer's file adopted
who-looked-event-agreement-override = Agreement in force with an exception
who-looked-event-confirming-begun = Agreement text handed in for confirming
who-looked-event-confirming-changed = Term changed
who-looked-event-confirming-confirmed = Term confirmed
who-looked-event-confirming-not-here = Term is not in the text
who-looked-event-confirming-pointed = Term pointed to in the text
who-looked-event-confirming-taken-along = Confirmed agreement taken along
who-looked-event-confirming-thrown-away = Agreement text thrown away
who-looked-event-confirming-undone = Choice on a term taken back
who-looked-event-customer-opened = Customer set up
who-looked-event-role-changed = Level changed
who-looked-event-password-changed = Password changed
who-looked-event-invited = Invitation made
who-looked-event-invitation-accepted = Invitation accepted, account opened
who-looked-event-key-made = Key made
who-looked-event-key-ended = Key revoked
who-looked-event-keys-used = Keys used
who-looked-event-notice-delivered = Notice shown
who-looked-event-notice-read = Notice read
who-looked-event-notice-sent = Notice sent
who-looked-event-finding-looked-at = Free text looked at
who-looked-proof = Proof
who-looked-proof-of = Proof of entry { $index } of the log

who-looked-goes = Entries older than { $keep } are purged: who, what and why are taken out, and that something happened and when stays
who-looked-stays = Nothing is purged by itself: the agreement says { $keep }, and no time when it goes
who-looked-stays-not-found = So nothing is purged of it
who-looked-event-journal-set-back = The journal had been set back: entries that there were are gone, and it goes on from what was left
who-looked-stays-held = Nothing is purged now: a legal hold stands, and then the whole log stays
who-looked-purged-last = Last, { $count } entries of before { $before } were purged. It was done { $at } under clause { $number }.
who-looked-purged = The details were purged { $date }
who-looked-event-details-purged = Details of the log purged
