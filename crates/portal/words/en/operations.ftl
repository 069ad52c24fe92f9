# How the installation stands, for the provider.

operations-title = Operations
operations-well = The archive is up to date, and bringing it back has been tried.
operations-no-archive = No archive is set up. If this disk is lost, everything is lost.
operations-no-archive-what = Start the service with --archive and a place on another disk, or a bucket in an object store. What is written is sent there within a second, sealed as it lies.
operations-stopped = Nothing is sent to the archive any more. Somebody must act; what to do is said below.
operations-failing = The archive is not reached at the moment. The service goes on, and it is tried again.
operations-behind = The archive is more than a second behind.
operations-no-drill = The archive is up to date. Bringing it back has not been tried yet.
operations-drill-failed = The archive is up to date, but the last trial did not give back what there was.
operations-archive = The archive
operations-inside = The archive lies in the same folder that it should protect. That is so in a demo only: it shows how it works, and protects nothing.
operations-failing-since = Not reached since
operations-place = Place
operations-lag = Lag, the longest of late
operations-seconds = { $seconds } s
operations-behind-bytes = Waits to be sent
operations-shipped = Sent up to
operations-sent = Last sent
operations-segment = Last whole segment
operations-mark = Last mark to compare with
operations-snapshot = Last snapshot there
operations-first = The first instant that can be restored
operations-limit = Copies live at most
operations-limit-none = No agreement in force says how soon, and no limit is set: nothing is taken out of the journal
operations-limit-by = { $days } days, as the agreement with { $customer } says in { $clause }
operations-limit-operator = { $days } days, set for this installation
operations-drill = Last trial of bringing it back
operations-drill-held = everything came back
operations-drill-not = not everything came back
operations-drill-how = Try it with
operations-never = never
operations-since-start-none = none since the start
operations-disk = The disk
operations-free = Free
operations-unknown = cannot be read
operations-bytes = { $count } bytes
operations-kib = { $count } KiB
operations-mib = { $count } MiB
operations-gib = { $count } GiB
operations-json = The same as JSON
operations-keys = The copies of keys
operations-no-keys = No copies of keys go to the archive: no custodian is set up (--custodian). Keep a copy of keys.db at another place yourself.
operations-keys-generation = The copy in force, in their order
operations-keys-rotated = The archive key was last changed
operations-keys-due = The next change at the latest
operations-keys-horizon = So long after an erasure a copy elsewhere may open, at most
operations-keys-hours = { $hours ->
    [one] an hour, and the time that a change takes
   *[other] { $hours } hours, and the time that a change takes
}
operations-keys-unshipped = Changes that do not lie there yet
operations-keys-rests = The promise rests on
operations-keys-custodian = a custodian, who destroys what opens older copies
operations-keys-folder = a plain folder: that nobody copies it
operations-keys-overdue = The archive key should have been changed. Erasures wait for their second stage, and certificates say that it is late.
operations-keys-late = The archive has caught up, but the change of the archive key is late.
operations-holds-ending = { $count ->
    [one] One legal hold ends within thirty days.
   *[other] { $count } legal holds end within thirty days.
}
operations-erasures-wait = The archive has caught up, but an erasure has waited for hours to be finished.
operations-erasures-late = { $count ->
    [one] One erasure has had no certificate for more than four hours.
   *[other] { $count } erasures have had no certificate for more than four hours.
}
operations-erasures-late-why = The keys are destroyed, but something keeps the rest from being finished: that the place of files is not reached, for example. The program's output says what; it is tried again every minute.
operations-erasures-unread = Whether an erasure waits for its certificate cannot be read.
