# The frame of the pages: header, navigation, footer.

clause = clause { $number }
frame-skip = To the content
frame-navigation = Pages of the service
frame-log-in = Log in
frame-log-out = Log out
frame-desk = Support desk
frame-cases = Support cases
frame-who-looked = Who looked
frame-agreement = The agreement
frame-subprocessors = Subprocessors
frame-in-case = You work in case { $case } of { $customer }. Purpose: { $purpose }.
frame-leave-case = To the support desk
frame-unknown-customer = unknown customer
frame-demo = Demo, made-up persons only.
frame-clock = The clock is set to
frame-change-person = Change person
frame-promise = the agreement decides every reading and change, and each one stands in the log.
frame-views = Follow-up
