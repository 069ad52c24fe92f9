# Tjänstens beräknade sidor: månadsrapport, ersättning, att göra.

view-index = Uppföljning
view-index-what = Sidor som räknas fram ur posterna när du öppnar dem. Varje sida läser bara de fält som den behöver, och läsningen står i loggen.
view-show = Visa
view-all = Alla
view-begin-again = Börja om
view-wrong = { $label } kan inte användas så.
view-wrong-month = Skriv år och månad: 2026-10.
view-wrong-date = Skriv år, månad och dag: 2026-10-31.
view-wrong-record = Välj i listan.
view-wrong-value = Välj i listan.
view-wrong-long = Texten är för lång. Dela upp den på flera gånger.
view-without = Beräkningen är gjord utan det här, som avtalet inte låter din roll läsa:
view-warnings = Att veta om siffrorna
view-records = { $count ->
    [one] 1 post
   *[other] { $count } poster
 }
view-lines = { $count ->
    [one] 1 rad
   *[other] { $count } rader
 }
view-empty = Inga rader.
view-csv = Hämta tabellen som CSV
view-pdf = Hämta som PDF
view-json = Hämta allt som JSON
view-rules = Regler och priser som sidan är räknad med
view-file = Kundens fil, version { $version }.
view-sources = Underlag: { $view }
view-sources-what = Just de här posterna räknades. Läsningen står i loggen.
view-back = Tillbaka till sidan
view-written = { $count ->
    [one] 1 rad är skriven.
   *[other] { $count } rader är skrivna.
 }
view-left = { $count ->
    [one] 1 rad blev inte skriven. Den ligger kvar nedan; försök igen.
   *[other] { $count } rader blev inte skrivna. De ligger kvar nedan; försök igen.
 }
view-changed = Siffrorna har ändrats sedan du såg dem. Inget är skrivet. Se efter igen och gör om.
view-somebody-first = Någon annan gjorde samma sak i samma stund. Inget är skrivet två gånger; så här står det nu.
view-others-write = Din roll får se det här men inte skriva det.
view-customer = Kund
view-computed = Framräknad
