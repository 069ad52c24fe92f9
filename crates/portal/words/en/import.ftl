# Records from a file.

import-title = Bring in { $kind } from a file
import-link = Bring in from a file
import-what = Choose a CSV file or paste the rows. First you see what the file holds and what is wrong, row by row. Nothing is written until you choose it.
import-fields = The first row is headings. Columns are read by the names of the fields, in Swedish or English: { $fields }.
import-file = File
import-file-help = Comma, semicolon or tab between the columns. UTF-8 or Windows-1252. At most 4 MiB and 5,000 rows.
import-text = Or the rows as text
import-check = Look at it
import-check-again = Look again
import-former = Earlier imports
import-former-caption = { $count ->
    [one] 1 import, the latest first
   *[other] { $count } imports, the latest first
 }
import-when = When
import-rows = Rows
import-state = State
import-state-begun = Begun and not ended
import-state-ended = Ended
import-state-undone = Undone
import-no-empty = The file is empty. Choose a file, or paste the rows.
import-no-too-large = The file is larger than 4 MiB. Split it.
import-no-not-text = It is no text file. Save the sheet as CSV (UTF-8) and choose that file.
import-no-no-rows = The file has a row of headings and no rows under it.
import-no-too-many = The file has more than 5,000 rows, or more than 200 columns. Split it.
import-no-not-looked-up = It could not be found out who is there already. Nothing is written. Try again.
import-no-broken = The file cannot be taken apart into rows. See whether a quotation mark is missing.
import-counts = { $rows } rows: { $good } can be brought in and { $bad } are wrong.
import-doubles = { $count ->
    [one] 1 of the good ones may be there already.
   *[other] { $count } of the good ones may be there already.
 }
import-nothing-yet = Nothing is written yet.
import-read-as = The file was read as { $encoding } with { $separator } between the columns.
import-comma = a comma
import-semicolon = a semicolon
import-tab = a tab
import-not-looked-up = Whether any of them is there already could not be looked up.
import-columns = The columns
import-columns-help = Choose which field each column belongs to. What is not read is left out.
import-column = Column { $number }: { $heading }
import-not-read = Not read
import-columns-none = No column fits a field. Is the first row headings?
import-columns-missing = { $field } must be filled, and no column does.
import-columns-twice = Two columns fill { $field }. Leave one of them out.
import-doubles-too = Bring in those too that may be there already
import-all = { $count ->
    [one] Bring in the row
   *[other] Bring in all { $count }
 }
import-good = { $count ->
    [one] Bring in the good row only
   *[other] Bring in the { $count } good ones only
 }
import-bad = Download the wrong rows with reasons
import-other-file = Another file
import-faults = { $count ->
    [one] 1 row to look at
   *[other] { $count } rows to look at
 }
import-faults-cut = The first { $count } are shown.
import-line = Line of the file
import-wrong = What is wrong
import-in-column = Column { $column }: { $what }
import-too-many-cells = there are more cells here than headings. Put quotation marks around the cell that holds the separator.
import-double-in-file = The same person as on line { $line }.
import-alike = { $count ->
    [one] One record like it is there already.
   *[other] { $count } records like it are there already.
 }
import-progress = { $done } of { $wanted } rows are in. The page renews itself.
import-written = { $count } records of { $rows } rows.
import-interrupted = The import was interrupted. What was written stands below. Bring in the same file again, and doubles are skipped.
import-touched = { $count ->
    [0] None of the records has changed since.
    [one] 1 record has changed since.
   *[other] { $count } records have changed since.
 }
import-of-row = of row { $row }
import-was-touched = changed since
import-reused = The row was written before with other values, and they stand.

import-row = Row
import-undo = Undo the import
import-undo-title = Undo the import of { $kind }
import-undo-goes = { $count ->
    [0] No record can be taken away: all have been changed since, or are gone already.
    [one] 1 record is erased: it is as the import made it.
   *[other] { $count } records are erased: they are as the import made them.
 }
import-undo-do = Undo and erase
import-undo-stays = What stays
import-undo-nothing-stays = Nothing of the import stays.
import-undo-kept = { $count ->
    [one] 1 record stays
   *[other] { $count } records stay
 }
import-undo-why = Why it stays
import-undo-beyond = { $count ->
    [one] 1 more record stays, which you do not reach.
   *[other] { $count } more records stay, which you do not reach.
 }
import-undo-changed = Something has changed since you saw the plan. Nothing is erased. Look again.
import-undo-runs = The import is running. Wait until it is done.
import-undone-at = Undone
import-kept-changed = Somebody has changed it since.
import-kept-holds = Something was written that belongs to it.
import-kept-referred = Another record refers to it.
import-kept-account = The person has an account.
import-kept-kind-stays = Records of this kind stay when others are erased.
