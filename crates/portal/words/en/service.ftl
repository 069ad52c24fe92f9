# The service's pages: lists, files, forms. What things are called stands in the service's kinds.toml.

service-title = { $kind } { $number }
service-search = Search
service-search-in = Searches whole words in: { $fields }. The words are not kept in the log.
service-found = { $count ->
    [one] 1 match for “{ $words }”
   *[other] { $count } matches for “{ $words }”
 }
service-listed = { $count ->
    [one] 1 record
   *[other] { $count } records
 }
service-none = There is nothing here yet.
service-found-cut = Only the first { $max } are shown. Write more words to find fewer.
service-none-found = Nothing was found. The search is for whole words; try another or fewer.
service-from-start = Show from the beginning
service-next-page = Next page
service-only-first = Only the first are shown and counted here.
service-all = Browse all
service-new = Add { $kind }
service-edit = Change
service-edit-title = Change { $kind } { $number }
service-history = Earlier versions
service-history-of = Versions of { $number }
service-history-kept = What stood before is kept among the earlier versions.
service-versions = { $count ->
    [one] 1 version
   *[other] { $count } versions, newest first
 }
service-version = version { $version }
service-state = State
service-to-state = Set the state “{ $state }”
service-written = Written
service-last-written = Last written
service-you = you
service-empty = not filled in
service-not-for-you = not shown to your role
service-withheld = The following is not shown to your role:
service-section-not-for-you = Not shown to your role.
service-ask-anyway = Ask anyway: the agreement answers by clause, and the question is logged.
service-free-text-read = Free text: may hold other data than the categories that the agreement lists.
service-who-looked = Who has seen this?
service-on-this-page = On this page
service-free-text = Free text. What is written here may lie outside the specified categories, and for that you answer yourselves.
service-free-file = What the file holds may lie outside the categories that are named, and you answer for it yourselves.
service-free-file-read = File: it may hold other than the kinds of data that the agreement names.
service-optional = (optional)
service-choose = Choose
service-save = Save
service-saved = Saved.
service-cancel = Cancel and go back
service-back = Back to the file
service-faults = { $count ->
    [one] One value needs correcting. Nothing has been saved yet.
   *[other] { $count } values need correcting. Nothing has been saved yet.
 }
service-conflict = Somebody else saved while you were writing. Nothing has been overwritten. Compare, correct your text if needed, and save again if yours shall stand.
service-conflict-theirs = What stands there now
service-conflict-yours = What you wrote

state-open = open
state-closed = closed

problem-required = must be filled in.
problem-twice = occurs twice in the form.
problem-too-long = is too long: { $given } characters, at most { $max }.
problem-not-a-date = is no date. Write for example 2026-11-21.
problem-date-in-another-form = is written in another way. Write year-month-day, for example 2026-11-21.
problem-date-meant = Did you mean { $meant }?
problem-date-unclear = can be read in two ways, since day and month may be taken for each other. Write year-month-day, for example 2026-11-21.
problem-in-the-future = lies in the future.
problem-not-a-choice = is none of the choices.
problem-not-an-email = is no e-mail address.
problem-not-a-phone = is no telephone number. Use digits, spaces, +, - and parentheses.
problem-not-a-personnummer = is no personal identity number: twelve digits with a right check digit.
problem-a-personnummer = must not contain a personal identity number.
problem-not-plain-text = contains characters that cannot be taken.
problem-not-unique = is there already.
problem-not-searched = cannot be searched by its whole value.
problem-no-such-state = is no state that exists.
problem-no-parent = belongs to no file that exists.
problem-not-an-organisation-number = is no Swedish organisation number: ten digits with a right check digit.
problem-not-a-number = is no number, or has too many decimals.
problem-out-of-range = lies outside what can be given here.
problem-not-an-amount = is no amount. Write for example 1200.50.
problem-not-a-file = describes no file. Write name; media type; size in bytes; SHA-256.
problem-not-a-record = is no record that is here. Write the record's id, 32 characters.

home-page = Overview
home-title = { $role } at { $at }
home-try = Try this
home-go = Where you can go
home-provider = The customers' data is closed
home-provider-what = You see a customer's data only within a support case that the customer opened, and then only what the agreement lets your role see.
home-open-cases = { $count ->
    [0] No cases are open.
    [one] 1 case is open, and the provider's support can work in it.
   *[other] { $count } cases are open, and the provider's support can work in them.
 }
home-see-cases = See the cases
