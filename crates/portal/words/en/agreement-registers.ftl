# The registers of what an agreement says. Their names, columns and values come from the registers themselves.

agreement-registers-title = What the agreement says, as registers
agreement-registers-lead = Each register is computed from the agreement's terms on a day. Each row names its clause.
agreement-registers-link = See the agreement as registers
agreement-registers-controller = We as controller
agreement-registers-basis = The operator's own basis for the processing
agreement-registers-rows = { $count ->
    [0] no rows
    [one] one row
   *[other] { $count } rows
}
agreement-registers-clause = Clause
agreement-registers-law = law
agreement-registers-origin = Unless something else is said, a value stands in the text. Derived, set by the operator, not found and none are different things and are said.
agreement-registers-unsaid = not stated
agreement-registers-all = All registers
agreement-registers-json = Get as JSON
agreement-registers-csv = Get as CSV
agreement-registers-search = Search in the register
agreement-registers-on = On the day
agreement-registers-no-day = The day cannot be read. Write year, month and day, as 2026-05-19.
agreement-registers-show = Show
agreement-registers-empty = No rows fit what you search for.
agreement-registers-nothing = There is nothing in this register.
agreement-registers-day = As it stands on { $day }.
