# Registren över vad ett avtal säger. Deras namn, kolumner och värden kommer ur registren själva.

agreement-registers-title = Vad avtalet säger, som register
agreement-registers-lead = Varje register räknas fram ur avtalets villkor på en dag. Varje rad nämner sin punkt.
agreement-registers-link = Se avtalet som register
agreement-registers-controller = Vi som personuppgiftsansvarig
agreement-registers-basis = Driftens egen grund för behandlingen
agreement-registers-rows = { $count ->
    [0] inga rader
    [one] en rad
   *[other] { $count } rader
}
agreement-registers-clause = Punkt
agreement-registers-law = lag
agreement-registers-origin = Där inget annat sägs står värdet i texten. Härlett, satt av driften, inte funnet och inget är olika saker och sägs ut.
agreement-registers-unsaid = inte angivet
agreement-registers-all = Alla register
agreement-registers-json = Hämta som JSON
agreement-registers-csv = Hämta som CSV
agreement-registers-search = Sök i registret
agreement-registers-on = På dagen
agreement-registers-no-day = Dagen går inte att läsa. Skriv år, månad och dag, som 2026-05-19.
agreement-registers-show = Visa
agreement-registers-empty = Inga rader passar det du söker.
agreement-registers-nothing = Det finns inget i det här registret.
agreement-registers-day = Visar hur det står den { $day }.
