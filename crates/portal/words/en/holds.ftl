# Legal holds (GDPR Article 17(3)).

holds-title = Legal holds
holds-title-what = What may not be erased, on which ground and until when.
holds-what = What is covered is not erased, whoever asks, and neither an import that is undone nor a period that ends has power over it. It is read and written as before.
holds-none = Nothing is held, and nothing has been.
holds-caption = { $standing ->
    [one] 1 hold stands
   *[other] { $standing } holds stand
 }, of { $count } in all
holds-column-what = What
holds-column-ground = Ground
holds-column-since = Since
holds-column-until = Until
holds-column-how = Standing
holds-column-clause = Clause
holds-new = Hold a whole kind, or everything
holds-new-what = A single person or record is held from its own page.
holds-scope = What is not to be erased?
holds-scope-customer = All that you have here
holds-scope-person = The person: all that is that person's, and what belongs to it
holds-scope-record = Only this record and what belongs to it
holds-do = Hold
holds-why = Ground
holds-why-help = One of the grounds in Article 17(3). What has to be said in words is written below.
holds-until-help = On the day after, the hold ends by itself. Without a day it stands until somebody lifts it, or as long as the agreement allows.
holds-words-label = Note (may be left empty)
holds-words-help = Such as which claim or which law it is about. It is sealed, and shown only to whoever may hold this. At most 2,000 characters.
holds-untold-label = The data subject may not be told, because a law forbids it (Article 23)
holds-wrong-ground = Choose one of the grounds.
holds-wrong-words = The note is too long. Write at most 2,000 characters.
holds-open = Hold
holds-on-title = Hold { $kind } { $number }
holds-on-what = As long as the hold stands nothing that it covers is erased. The data is read and written as before; if it is not to be used, restrict it instead.
holds-on-standing = What stands already
holds-one-title = Legal hold { $number }
holds-stands = It stands now.
holds-stands-no-more = It stands no more.
holds-fact-by = By
holds-fact-told = The data subject
holds-told = is told when the data is handed out
holds-untold = may not be told
holds-words = Note
holds-words-withheld = There is one, shown only to whoever may hold this.
holds-lift = Lift the hold
holds-lift-what = After that, what it covers can be erased again. What has waited to be erased is erased then.
holds-standing = Stands
holds-lifted = Lifted
holds-ran-out = Ran out
holds-of-customer = All that you have here
holds-of-kind = { $kind }, all of them
holds-of-person = The person behind { $kind } { $number }
holds-of-record = { $kind } { $number }
holds-sentence = since { $since }, until it is lifted: { $why }.
holds-sentence-until = since { $since }, until { $until }: { $why }.
holds-ground-legal-claims = to establish, exercise or defend legal claims
holds-ground-legal-obligation = a law or an authority's decision demands that the data is kept
holds-ground-expression = the freedom of expression and information
holds-ground-public-health = a public interest in the area of public health
holds-ground-archiving = archiving in the public interest, research or statistics

erasure-against-held = { $what } may not be erased, { $sentence }
export-holds = Why something is not erased
export-holds-what = This keeps the data from being erased as long as it stands.
import-kept-held = A legal hold stands for it.
refusal-reason-held = A legal hold stands: the data is to be kept for as long as it does.
refusal-verb-hold = Hold against erasure
who-looked-reason-held = A legal hold stands
who-looked-event-hold-ended = Legal hold ran out
who-looked-event-held-versions-gone = Earlier versions that only a legal hold kept are gone
who-looked-event-holds-read = Legal holds shown

erasure-for-a-time = Erase, but so that it can be brought back
erasure-for-a-time-what = Nobody reads the data until the day that is chosen, and until then it can be brought back. After that the program erases it for good, with a certificate. The agreement allows that until { $latest } at the latest.
erasure-until = Last day on which it can be brought back
erasure-until-help = On the day after it is erased for good by itself.
erasure-until-wrong = Write the last day as year-month-day, such as 2027-01-31, and choose a day that has not been. Nothing is erased.
erasure-for-a-time-do = Erase for a time
set-aside-title = Can be brought back
set-aside-what = This is erased for a time. Nobody reads it, and on its day it is erased for good.
set-aside-caption = { $count ->
    [one] 1 erasure that can be taken back
   *[other] { $count } erasures that can be taken back
 }
set-aside-until = Erased for good
set-aside-now = Now
set-aside-held = Not erased for good as long as a hold stands,
set-aside-over = The time for bringing it back is over; it is erased for good.
set-aside-bring-back = Bring back
refusal-reason-set-aside = The data is erased and can be brought back for a time. Until then nobody reads it.
who-looked-reason-set-aside = Erased, can be brought back
who-looked-event-set-aside-read = What can be brought back shown
who-looked-event-set-aside-void = The time for bringing it back is over and nothing was left to erase; nothing is closed any more
who-looked-event-erasure-waits = Erasure waits: something stands against it
