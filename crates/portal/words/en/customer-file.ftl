# The customer's own file: see, review, adopt.

file-title = Our file
file-lead = The file is your own. It says which units and lists you have, which consent text participants are given to read, and what you add to the Specification. It must not hold personal data.
file-none = You have no file yet. Fields that take their values from a list cannot be filled until you have one.
file-version = Version
file-from = In force from
file-hash = Hash of the file
file-lists = Lists
file-list-count = { $count ->
    [one] one value
   *[other] { $count } values
}
file-value = Value
file-label = Name
file-consents = Consent texts
file-consent-version = version { $version }
file-additions = Additions to the Specification
file-additions-what = Data beyond the agreement's Specification that you have decided to process in free text and uploaded documents.
file-why = Reason
file-download = Download the file
file-versions = All versions
file-versions-caption = The versions of the file, newest first
file-now = in force now
file-later = begins later
file-replace = Replace the file
file-replace-what = Paste the whole new file. You first see what changes; nothing is in force until you adopt it.
file-text = Text of the file
file-day = To be in force from
file-day-help = A day, as 2026-12-01. If it is left empty the file is in force at once. It cannot be in force for time that has passed.
file-look = Review the changes
file-preview = Review the new file
file-changes = What changes
file-no-changes = Nothing changes from the file in force.
file-adopt = Adopt the file
file-adopt-what = When you adopt the file, your log tells who did it and when, and from which moment it is in force.
file-at-once = at once
file-faults = { $count ->
    [one] One fault in the file. It is not adopted, and the one before is still in force.
   *[other] { $count } faults in the file. It is not adopted, and the one before is still in force.
}
file-fault-line = Line { $line }
file-fault-whole = The whole file
file-bad-day = The day does not read. Write year, month and day, as 2026-12-01.
file-adopted = The file is adopted and in force from { $from }.
list-value-gone = no longer in the list
list-missing = There is no list “{ $list }” in your file. Your administrator adds it under Administration, Our file.
problem-not-listed = The value is not in the list of your file. Choose one of those shown.
