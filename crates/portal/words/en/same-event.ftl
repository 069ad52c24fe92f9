# One event under every agreement.

same-event-title = The same event, every agreement
same-event-what = Choose an event and a moment: here stands what the agreement of each service demands, who must do it, by when, and under which clause. Limits of the operator's own are shown as such and are no promises.
same-event-event = Event
same-event-at = Moment
same-event-at-help = Date and time of day in Swedish time, such as 2026-12-23T16:45.
same-event-no-time = This is no moment that can be counted from. Write for instance 2026-12-23T16:45.
same-event-no-event = There is no such event. Choose one from the list.
same-event-show = Show what the agreements demand
same-event-caption = By when each thing must be done, under each agreement
same-event-act = What must be done
same-event-not-found = Not found
same-event-calculation = How it is counted
same-event-silent = { $service }: the agreement says nothing of such an event.
