# Erasure, certificates and restriction (GDPR Articles 17 and 18).

erasure-open = Erase
erasure-title = Erase { $kind } { $number }
erasure-what-person = This is what the erasure would do. Nothing is erased yet. It is of the person behind the record, with all that is that person's.
erasure-what-record = This is what the erasure would do. Nothing is erased yet. It is of the record and what belongs to it; the person it is about stays.
erasure-changed = The file has changed since the plan was shown. Nothing is erased. Read the new plan below and confirm it if it is right.
erasure-goes = What goes
erasure-stays = What stays
erasure-nothing-stays = Nothing else that belongs here stays.
erasure-against = What stands against it
erasure-against-restricted = The data has been restricted since { $since }: { $why }. Lift the restriction first, if it is no longer needed.
erasure-column-kind = Kind
erasure-column-count = How many
erasure-column-why = How and why
erasure-why-key = The person's own data. The key that it lies under is destroyed, so that what is already copied becomes unreadable too.
erasure-why-deleted = Removed from what is in operation. In the journal's file it stays sealed under a key that is still there, until the journal's details are purged.
erasure-why-without-name = Lies under a key of its own and stays without the name: nothing here leads from the pseudonym to the person any more.
erasure-why-kind-stays = This kind of record stays when what it belongs to is erased.
erasure-open-count = { $count ->
    [one] 1 of them is open
   *[other] { $count } of them are open
 }
erasure-persons = Persons whose keys are destroyed
erasure-person-account = Has an account, which ends with all its sessions.
erasure-person-row = { $subject }, { $pseudonym }
erasure-no-way-back = What is erased cannot be brought back, not even by us.
erasure-do = Erase as planned
erasure-is-logged = That the plan was shown is in the log. The erasure gets a certificate of its own.
erasure-cannot = Nothing of this can be erased: this kind of record stays.

erasures-title = Erasures
erasures-what = Every erasure with its certificate. Certificates carry only the pseudonym that the person had; it leads to nobody any more.
erasures-none = Nothing has been erased yet.
erasures-caption = { $count ->
    [one] 1 erasure
   *[other] { $count } erasures, the latest first
 }
erasures-when = When
erasures-of = What
erasures-one = Certificate { $number }

certificate-title = Certificate of erasure { $number }
certificate-here = Unusable here
certificate-here-what = Everything below was gone from operation and from the file of keys when it was counted again after the erasure. The destroyed keys are no longer there, and nobody can read what lay under them, nor can we.
certificate-everywhere = Unusable everywhere
certificate-everywhere-what = The program puts no copy of the file of keys anywhere else, so there is none to wait for: what was archived lies sealed under the destroyed keys. Copies of the disk or the folder that operations made in other ways are not known to the program, and nothing is certified about them.
certificate-everywhere-by = The keys may still lie in a sealed copy of the file of keys at the second place. By { $at } the archive key is changed: a new copy is put, read back and compared, the older ones are deleted and their archive key is destroyed. Then what was erased cannot be read in any copy, whichever was kept. It is certified here once it is done.
certificate-everywhere-late = The keys may still lie in a sealed copy of the file of keys at the second place. The archive key should have been changed { $at }, and that is not done. It is tried again all the time, and the program's output tells operations why.
certificate-everywhere-since = What was erased cannot be read in any copy. After the erasure a new copy of the file of keys was put at the second place, without the destroyed keys. It was read back and compared; then all older copies were deleted and the archive keys that opened them were destroyed, so that a copy which somebody kept does not open either.
certificate-everywhere-short-none = No copies of keys are kept
certificate-everywhere-short-by = By { $at }
certificate-everywhere-short-late = Should have been done { $at }
certificate-everywhere-short-since = Since { $at }
certificate-rests-on-custodian = It rests on the custodian, on its own at a third place, truly destroying archive keys and not being backed up itself. Copies of the disk or the folder that operations made in other ways are not known to the program.
certificate-rests-on-plain-file = It rests on an assumption: the archive keys lie in an ordinary folder with operations instead of with a custodian of its own. If anybody has copied that folder it does not hold. Copies of the disk that operations made in other ways are not known to the program.
certificate-fact-everywhere = Unusable everywhere since
certificate-fact-copy = The copy of the file of keys that is in force was begun
certificate-fact-generation = Number of the archive key
certificate-fact-copies-deleted = Parts of older copies that were deleted
certificate-fact-keys-destroyed = Older archive keys that were destroyed
certificate-left = What is left, and why
certificate-left-log = The log: that the erasure was done, and who read and wrote before. It carries the pseudonym, never the name, and is needed to show what happened.
certificate-left-sealed = The journal's sealed copies of what was written. For records under a destroyed key nobody can read them. Purging the journal's details does not exist yet.
certificate-left-deleted = { $count ->
    [one] 1 record was removed from operation without a key being destroyed. The journal's sealed copy lies under a key that is still there.
   *[other] { $count } records were removed from operation without a key being destroyed. The journal's sealed copies lie under keys that are still there.
 }
certificate-fact-erased = Erased
certificate-fact-completed = Counted again and certified
certificate-fact-person = Pseudonym
certificate-fact-import = Import that was undone
erasures-of-import = Import { $number }
certificate-fact-by = By
certificate-fact-purpose = Purpose
certificate-fact-clause = Clause
certificate-fact-agreement = Agreement
certificate-fact-entry = Place in the log
certificate-fact-plan = The plan's checksum
certificate-fact-checkpoint = The log's latest signed checkpoint
certificate-fact-no-checkpoint = none has been written yet
certificate-fact-backups = The agreement on how long backups are kept
certificate-fact-logs = The agreement on how long the log is kept
certificate-kept = { $period } (clause { $number })
certificate-kept-not-found = not stated (clause { $number })
certificate-kept-silent = the agreement says nothing
certificate-counts = Counted after the erasure
certificate-counts-caption = What was left when it was counted again
certificate-count-what = What
certificate-count-left = Left
certificate-count-records = Records
certificate-count-versions = Earlier versions
certificate-count-tokens = Words of the search index
certificate-count-accounts = Accounts
certificate-count-sessions = Sessions
certificate-count-keys = Keys
certificate-count-names = Names behind pseudonyms
certificate-count-files = Files
certificate-count-rows = Keys of programs, invitations, notices that were read and findings that were looked at
certificate-count-restrictions = Restrictions
certificate-classes = Destroyed keys
certificate-classes-row = { $subject }, { $pseudonym }: { $classes }
certificate-json = Download as JSON
certificate-pdf = Download as PDF

restriction-open = Restrict
restriction-title = Restrict the processing of { $kind } { $number }
restriction-what = Restricted data is stored and nothing else: nobody reads, changes or counts it until the restriction is lifted or runs out. The data subject can still be given the data.
restriction-why = Ground
restriction-why-help = One of the grounds of Article 18(1). Write nothing about the person; the ground is enough.
restriction-until = Until and including (may be left empty)
restriction-until-help = The day after, the restriction ends by itself. Without a day it holds until somebody lifts it.
restriction-until-wrong = Write the day as year-month-day, for example 2027-01-31, and choose one that has not passed.
restriction-do = Restrict
restriction-is = The data is restricted
restriction-is-what = It is stored, and nothing else is done with it.
restriction-fact-since = Since
restriction-fact-why = Ground
restriction-fact-until = Until
restriction-fact-no-end = until it is lifted
restriction-fact-clause = Clause
restriction-lift = Lift the restriction
restriction-lifted = The restriction is lifted.
restriction-show = Show the restriction
restriction-ground-accuracy-contested = the data subject contests that the data is accurate
restriction-ground-erasure-opposed = the processing is unlawful, and the data subject does not want the data erased
restriction-ground-legal-claims = the data subject needs the data for a legal claim
restriction-ground-objected = the data subject has objected, and it is being considered
certificate-proof = Download proof (.tlog-proof)
