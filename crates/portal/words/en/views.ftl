# The service's computed pages: month report, claims, to do.

view-index = Follow-up
view-index-what = Pages that are computed from the records when you open them. Each page reads only the fields that it needs, and the reading is in the log.
view-show = Show
view-all = All
view-begin-again = Begin again
view-wrong = { $label } cannot be used like that.
view-wrong-month = Write year and month: 2026-10.
view-wrong-date = Write year, month and day: 2026-10-31.
view-wrong-record = Choose in the list.
view-wrong-value = Choose in the list.
view-wrong-long = The text is too long. Divide it.
view-without = This was computed without the following, which the agreement does not let your role read:
view-warnings = What to know about the figures
view-records = { $count ->
    [one] 1 record
   *[other] { $count } records
 }
view-lines = { $count ->
    [one] 1 line
   *[other] { $count } lines
 }
view-empty = No lines.
view-csv = Download the table as CSV
view-pdf = Download as PDF
view-json = Download everything as JSON
view-rules = Rules and prices that the page was computed with
view-file = The customer's file, version { $version }.
view-sources = Sources: { $view }
view-sources-what = Exactly these records were counted. The reading is in the log.
view-back = Back to the page
view-written = { $count ->
    [one] 1 line is written.
   *[other] { $count } lines are written.
 }
view-left = { $count ->
    [one] 1 line was not written. It stays below; try again.
   *[other] { $count } lines were not written. They stay below; try again.
 }
view-changed = The figures have changed since you saw them. Nothing is written. Look again and repeat.
view-somebody-first = Somebody else did the same at the same moment. Nothing is written twice; this is how it stands now.
view-others-write = Your role may see this but not write it.
view-customer = Customer
view-computed = Computed
