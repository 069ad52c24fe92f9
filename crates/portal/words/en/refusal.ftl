# What a worried person reads when the agreement says no. One answer per Reason::code() and Changer::code().

refusal-title = The agreement does not allow this
refusal-calm = You have done nothing wrong. Nothing has been changed and no data has been shown.
refusal-logged = That this was asked and refused stands in the log, which the customer's administrator can read.

refusal-why-heading = Why
refusal-asked-heading = What was asked
refusal-asked-role = In the role
refusal-asked-verb = To do
refusal-asked-what = Which records
refusal-asked-subject = About whom
refusal-asked-purpose = For the purpose
refusal-unknown-word = { $name } (not in the agreement)

refusal-clause-heading = The clause that stands against it
refusal-clause-named = Clause { $number } { $title }
refusal-clause-unnumbered = { $title }
refusal-clause-read = Read clause { $number } in the agreement
refusal-clause-read-unnumbered = Read the clause in the agreement
refusal-clause-silent = The clause has no text of its own. Its terms are shown on the page of the agreement.
refusal-clause-unknown = There is no agreement in force to show a clause from.

refusal-changer-heading = Who can change that?
refusal-changer-controller = The customer, who is the controller, can change it by an addition to the specification or a written instruction.
refusal-changer-controller-by-case = The customer can change it by opening a support case. The provider cannot open one itself.
refusal-changer-both-parties = Only the customer and the provider together can change it, by changing the agreement.
refusal-changer-processor = The provider can change it, but only in the way that the agreement lays down for changes.
refusal-changer-controller-by-assignment = Whoever shares out the work at the customer can change it, by assigning the file to you or by moving it or you to the same unit.
refusal-changer-data-subject = The data subject can change it, by giving consent.
refusal-changer-administrator = The customer's administrator can change it by giving you another role or an account of your own.

refusal-allowed-heading = What would be allowed
refusal-allowed-purposes = The agreement allows processing for these purposes:
refusal-allowed-declared = About these people the agreement declares these kinds of data:
refusal-allowed-subjects = The agreement covers these kinds of people:
refusal-allowed-rules = The agreement lets the role { $role } do this with data about the same people:
refusal-allowed-nothing = The agreement allows the role nothing about these people.
refusal-allowed-case = The same would be allowed within an open case that covers the person.
refusal-allowed-recipients = The agreement accepts these subprocessors:
refusal-allowed-in-force = Once the customer has adopted an agreement, it holds from that moment.
refusal-rule = { $verbs }: { $categories }. Purpose: { $purposes }.
refusal-rule-within = { $verbs }: { $categories }. Purpose: { $purposes }. Only within the case { $case }.
refusal-all-declared = all data that the agreement declares

refusal-reason-not-in-force = No agreement is in force for the customer at this moment, and without one no personal data may be processed.
refusal-reason-purpose-not-agreed = The agreement does not have the purpose that was given.
refusal-reason-category-not-declared = The agreement declares no data of the kind “{ $category }” about these people.
refusal-reason-field-not-declared = The field “{ $field }” is not declared by the service, and so the agreement does not cover it.
refusal-reason-subject-not-declared = The agreement does not cover people of that kind.
refusal-reason-role-not-agreed = The agreement does not know the role that the account has.
refusal-reason-no-rule = No rule of the agreement lets that role do this with these data for that purpose.
refusal-reason-case-required = That role may do this only within a case that the customer has opened.
refusal-reason-out-of-reach = The rule holds only for what is your own, assigned to you or of your unit, and this is none of that.
refusal-reason-no-consent = The rule holds only for those who have consented. Consent is missing or was withdrawn.
refusal-reason-case-does-not-cover = The case that was named is closed, unknown or about someone else.
refusal-reason-recipient-not-agreed = The recipient is no subprocessor under the agreement.
refusal-reason-place-not-agreed = The recipient is accepted in the agreement, but not at that place.
refusal-reason-no-transfer-basis = The recipient is outside the agreed area, and no legal basis for the transfer holds now.
refusal-reason-prohibited = An instruction or a clause prohibits it, though a rule would otherwise allow it.
refusal-reason-waits-for-decision = Two parts of the agreement contradict each other about this, and it waits until somebody has settled which holds.
refusal-reason-restricted = The data is restricted: it may only be stored, and nothing else is done with it as long as the restriction lasts.
refusal-reason-account-ended = The account is ended or has no role here.

refusal-verb-collect = Record
refusal-verb-alter = Alter
refusal-verb-consult = Read
refusal-verb-use = Use without showing
refusal-verb-disclose = Disclose
refusal-verb-restrict = Restrict
refusal-verb-erase = Erase
refusal-verb-retrieve = Take out

refusal-inline = Not shown: { $reason }
