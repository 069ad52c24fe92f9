# Anonymising: what stays as figures when data is erased, and the plan of it.

figures-title = Statistics
figures-title-what = Figures that stayed when data was anonymised.
figures-what = This is what stayed when data of many persons was erased in one act. Each figure is of at least as many persons as the agreement demands. Nothing of anybody alone is left in it.
figures-none = No data has been anonymised yet.
figures-csv = Download the figures (CSV)
figures-new = Anonymise data
figures-new-what = The records are erased for good and figures stay. First it is shown how much goes and what is counted; nothing is done until that is confirmed. Whoever is restricted, or covered by a legal hold, is left out.
figures-until = Records that were written last up to and with the day
figures-until-help = What was written later is not touched.
figures-plan = Show what would happen
figures-plan-title = Anonymise { $kind }
figures-plan-what = { $count ->
    [one] 1 record that was written last before { $until } is erased for good. Figures of many stay.
   *[other] { $count } records that were written last before { $until } are erased for good. Figures of many stay.
}
figures-day-wrong = Write the day as year-month-day, such as 2026-11-21.
figures-nothing-goes = No records were written last up to and with that day, or all are excepted. Nothing would be erased.
figures-counted = What is counted
figures-counted-what = The records are counted by { $by }. Only groups of at least { $least } persons leave a figure, and where no group is that large nothing stays. Which figures came of it the certificate shows when the records are erased, never before: from two plans of different days one single person's data could be reckoned.
figures-stay = Figures that stay
figures-nothing-stays = None: no group is large enough. The records are erased and nothing stays.
figures-withheld = They are not shown here: the agreement shows them to certain roles alone, for the purpose that they are kept for (clause { $number }).
figures-caption = Counts, where each figure is of at least { $least } persons (clause { $number })
figures-column-records = Records
figures-column-persons = Persons
figures-small = { $groups ->
    [one] 1 group with { $records } records leaves no figure:
   *[other] { $groups } groups with { $records } records together leave no figure:
} fewer than { $least } persons, or such that it could be reckoned from the other figures (clause { $number }). Those records are erased too.
figures-no-value = not stated
figures-until-day = before { $until }
figures-made = Made
figures-certificate = Certificate of the erasure
figures-no-way-back = It cannot be undone. Nobody can then say which figure came from whom.
figures-do = Erase the records and keep the figures
erasures-anonymised = anonymising of many
certificate-fact-anonymised = Whose
certificate-figures-what = The records were erased in one act on several persons. The figures point at none of them; who they were the log alone tells, for as long as it is kept.
erasure-against-too-few = { $persons ->
    [one] 1 person would be anonymised,
   *[other] { $persons } persons would be anonymised together,
} and there must be at least { $least }: a figure of fewer may be data of one of them. Wait until more are covered, or erase the records without figures.
refusal-reason-too-few = Too few persons would be anonymised together: a figure of them may be data of one of them.
refusal-verb-anonymise = Anonymise
who-looked-reason-too-few = Too few persons to anonymise
who-looked-event-figures-read = Statistics shown
export-anonymised = Anonymised into statistics
export-anonymised-what = Records of these kinds can be erased together with others', so that only figures of many stay. What was anonymised of you already nobody can point at any more; when it was done stands in the log.
