# Short answers. Each key has a heading and, with -what, a sentence.

answer-to-start = To the first page
answer-missing = There is no such page
answer-missing-what = There is nothing at this address, or nothing that you have access to.
answer-too-large = Too much at once
answer-too-large-what = What was sent is larger than 256 KiB and was not read. Nothing has changed. Divide it and try again.
answer-session-ended = You are not logged in
answer-session-ended-what = The session has ended. Nothing has changed. Log in and do it again.
answer-form-expired = The form is no longer valid
answer-form-expired-what = The form belongs to another session. Nothing has changed. Go back, reload the page and send again.
answer-form-unreadable = The form could not be read
answer-form-unreadable-what = Nothing has changed. Go back and try again.
answer-foreign-form = The request came from another website
answer-foreign-form-what = It was not carried out, and nothing has changed.
answer-invalid = The values could not be taken
answer-invalid-what = Nothing has changed. Go back, correct them and try again.
answer-conflict = Somebody else was first
answer-conflict-what = The record has changed since you read it. Nothing has been overwritten. Read the page again and retry.
answer-unavailable = The service cannot answer just now
answer-unavailable-what = Nothing is half done. Try again in a while. If it persists, contact the provider.
answer-fault = Something went wrong on our side
answer-fault-what = The fault has been noted. What was already acknowledged is kept.
answer-choose-case = Choose a case first
answer-choose-case-what = The provider's staff see a customer's data only within a case that the customer opened. Choose a case at the support desk.
answer-needs-parent = First choose whom it is about
answer-needs-parent-what = This is added from a file. Open the file and add it there.
