# Exports: a file or all that is kept of a person, to read or to carry away.

export-record = Take out this file
export-person = Take out all about the person
export-record-title = Export of { $kind } { $number }
export-person-title = Export of all about the person behind { $kind } { $number }
export-what-record = The record with every version that is kept, what belongs to it, and the log about it.
export-what-person = Every record that is this person's, with every version that is kept, and the log about the person. What is kept of others in the same file is not included.
export-taken = Taken out { $time }, for the purpose { $purpose }, under version { $version } of the agreement.
export-is-logged = The export stands in the log.
export-zip = Download all as ZIP
export-zip-what = The package has a page to read, the same as JSON, the log and { $count ->
    [0] no files.
    [one] 1 file ({ $bytes }).
   *[other] { $count } files ({ $bytes }).
 } Each file that is taken out stands in the log by itself.
export-json = Download as JSON
export-versions = { $count ->
    [one] 1 version
   *[other] { $count } versions, the newest first
 }
export-log = The log
export-log-caption = { $count ->
    [one] 1 event, the latest first
   *[other] { $count } events, the latest first
 }
export-log-cut = There are more events; the oldest are not included here.
package-what = This page stands by itself. The files lie in the folder beside it, the same data for programs in export.json, and the log in logg.csv.
package-customer = Controller: { $name }
