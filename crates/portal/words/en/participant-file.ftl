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
