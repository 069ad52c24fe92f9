# The participant's file: states, the month, timelines, plans, the final report.

answer-state = Not possible in this state
answer-state-locked = The record is “{ $state }” and locked. It is never changed again, so that what was handed over stays as it was.
answer-state-no-way = The record is “{ $state }”, and no way leads from there to the state that was asked for.
answer-state-not-by-this-role = The record is “{ $state }”. That step belongs to another role than yours.
answer-state-what = Nothing was written. If something has to be corrected, write a new record that says what changed and why.

state-active = active
state-draft = draft
state-proposed = proposed
state-accepted = accepted by the participant
state-agreed = agreed
state-sent = sent
state-judged = judged
state-approved = approved
state-incomplete = incomplete
state-waiting = waiting
state-verified = verified
state-invoiced = invoiced
state-paid = paid
state-revised = revised
state-given = given
state-withdrawn = withdrawn

api-state = The record's state stands against it
api-state-detail = The record is in a state in which that is not possible. Nothing was written.
api-state-what = state holds the state and why the reason: locked (never changed again), no-way (no way leads there) or not-by-this-role (that step belongs to another role). Read the record again.

month-title = { $kind }, { $month }
month-open = Month view
month-saved = { $count ->
    [0] Nothing was changed, so nothing was written.
    [one] One mark was saved.
   *[other] { $count } marks were saved.
}
month-save = Save changed marks
month-problems = { $count ->
    [one] One cell cannot be read. Nothing was saved.
   *[other] { $count } cells cannot be read. Nothing was saved.
}
month-wrong-letter = write one of the letters in the list
month-wrong-code = there is no such code
month-wrong-code-not-asked = a reason code belongs to absence only
month-wrong-empty = a mark cannot be taken away, only corrected
month-wrong-day = the day cannot be marked
month-clashes = { $count ->
    [one] Somebody else was first with one cell
   *[other] Somebody else was first with { $count } cells
}
month-clashes-what = Those cells are not saved. Both marks stand here. What you wrote still stands in the cell; save again if it is to hold. The other's mark then remains among the earlier versions.
month-clashes-both = Both marks
month-day = Day
month-theirs = Stands there now
month-yours = You wrote
month-unmarked = not marked
month-other = Other months
month-before = The month before
month-after = The month after
month-legend = Letters and codes
month-legend-what = Write a letter in the day's cell. For absence the reason code may follow at once, for example N15. Tab goes to the next cell. Only changed cells are saved.
month-codes = Codes:
month-caption = { $count ->
    [one] One participant
   *[other] { $count } participants
}
month-sum = Sum
month-group = All
month-sum-what = The sum is days attended of days marked.

paper-pdf = Get as PDF
composed-fill = Fill in from the file
composed-make = Make a draft from the file

found-title = { $kind } by { $fields }
found-by = Find by { $kind }
found-count = { $count ->
    [0] Nobody has that
    [one] One has that
   *[other] { $count } have that
}
soon-title = Soon
soon-what = Days that are near and that the service reminds of, the nearest first.
soon-none = Nothing expires soon.
soon-count = { $count ->
    [one] One day
   *[other] { $count } days
}
soon-day = Day
soon-left = Left
soon-of = Concerns
soon-record = What
soon-days = { $count ->
    [0] today
    [one] 1 day
   *[other] { $count } days
}
versions-signatures = Signatures
versions-signatures-what = Who took which step, when, and in which version
versions-who = Who
versions-when = When
versions-which = Version
versions-beside = Versions side by side
versions-beside-what = The latest versions whose text differs, the newest first
versions-field = Field
