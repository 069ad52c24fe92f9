# The first page, the log-in and the demo's clock.

login-title = Log in
login-name = User name
login-password = Password
login-code = One-time code
login-code-help = Six digits from your authenticator. Required of the provider's staff.
login-personal = The account is personal. Do not lend it: all that you do stands in the log in your name.
login-wrong = User name, password or one-time code is not right. Try again.
login-code-needed = Fill in the one-time code too, and write the password again.
login-too-many = Too many attempts
login-too-many-what = { $minutes ->
    [one] Wait a minute before you try again. No account has been locked.
   *[other] Wait { $minutes } minutes before you try again. No account has been locked.
 }

first-title = Betrodd: the service that follows its processing agreement
first-what = Here runs a web service whose data-processing agreement is a text that a lawyer reads and the program follows.
first-how = The agreement decides every reading and change of personal data, and what is not allowed gets a no with its clause; both stand in a log that the customer can read and check.
first-demo = This is a demo with made-up persons: enter as whom you like and see the same file from the customer's and the provider's side.
first-services = The services, each with its agreement
first-people = { $count ->
    [one] (1 person)
   *[other] ({ $count } people)
 }
first-customers = customer, controller
first-provider = provider, processor
first-enter = Enter as { $name }
first-public = Open to everyone, without log-in
first-real = Log in for real
first-real-what = You can also log in with user name and password; the provider's staff need a one-time code as well.
first-to-login = To the log-in
first-passwords = Passwords of the demo
first-passwords-caption = Valid in this demo folder only
first-person = Person
first-totp = Secret for one-time codes (TOTP)
first-clock = See and move the demo's clock

clock-title = The demo's clock
clock-now = The clock shows
clock-what = The clock can only be moved forward: what happened has happened, and the log never counts backwards.
clock-to = Move to
clock-to-help = Date and time in Swedish time, for example 2026-12-01T09:00.
clock-move = Move the clock
clock-no-time = This is no point in time. Write for example 2026-12-01T09:00.
first-read = Do you have an agreement of your own?
first-read-what = Hand it over as text, Word file, web page or PDF: Betrodd says what it is, what it says with quotation and line, and what it does not say. Nothing is kept.
first-to-read = Read an agreement
