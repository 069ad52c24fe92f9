# Notices from the provider to the customer's administrators.

notices-title = Notices
notices-title-what = Notices from the provider, when they were shown and when they were read.
notices-lead = The provider's notices to you. A notice stays on the administrators' first page until it is read. When it was first shown and when it was read stands in your log.
notices-lead-provider = Notices to the customers' administrators. When a notice was shown and read at a customer stands in that customer's log, and here.
notices-none = No notices.
notices-csv = Download the list as CSV
notices-sent = Sent
notices-effective = In effect from
notices-to = To
notices-to-all = all customers
notices-nobody = It has been shown to nobody yet.
notices-caption = Who has got “{ $subject }”
notices-who = Who
notices-delivered = First shown
notices-read = Read
notices-not-read = not yet
notices-mark-read = Read
notices-new = New notice
notices-new-what = It is shown at once to the administrators of the customer when they log in. No e-mail is sent. Write no personal data.
notices-effective-day = In effect from, as 2026-12-01
notices-subject-sv = Subject in Swedish
notices-text-sv = Text in Swedish
notices-subject-en = Subject in English
notices-text-en = Text in English
notices-send = Send
notices-wrong-text = Write subject and text in both languages, the subject at most 200 and the text at most 10,000 characters. Nothing is sent.
