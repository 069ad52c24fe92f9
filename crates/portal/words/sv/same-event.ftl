# En händelse under alla avtal.

same-event-title = Samma händelse, alla avtal
same-event-what = Välj en händelse och en tidpunkt: här står vad varje tjänsts avtal kräver, vem som ska göra det, när det senast ska ske och enligt vilken punkt. Driftens egna gränser står som sådana och är inga löften.
same-event-event = Händelse
same-event-at = Tidpunkt
same-event-at-help = Datum och klockslag i svensk tid, till exempel 2026-12-23T16:45.
same-event-no-time = Det här är ingen tidpunkt som går att räkna från. Skriv till exempel 2026-12-23T16:45.
same-event-no-event = Det finns ingen sådan händelse. Välj en i listan.
same-event-show = Visa vad avtalen kräver
same-event-caption = När varje sak ska göras, enligt vart och ett av avtalen
same-event-act = Vad som ska göras
same-event-not-found = Hittas inte
same-event-calculation = Så räknas det
same-event-silent = { $service }: avtalet säger ingenting om en sådan händelse.
