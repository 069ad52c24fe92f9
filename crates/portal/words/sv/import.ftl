# Poster ur en fil.

import-title = Läs in { $kind } från en fil
import-link = Läs in från en fil
import-what = Välj en CSV-fil eller klistra in raderna. Först visas vad filen innehåller och vad som är fel, rad för rad. Ingenting skrivs förrän du har valt det.
import-fields = Den första raden är rubriker. Kolumner läses efter fältens namn, på svenska eller engelska: { $fields }.
import-file = Fil
import-file-help = Komma, semikolon eller tabb mellan kolumnerna. UTF-8 eller Windows-1252. Högst 4 MiB och 5 000 rader.
import-text = Eller raderna som text
import-check = Granska
import-check-again = Granska igen
import-former = Tidigare inläsningar
import-former-caption = { $count ->
    [one] 1 inläsning, den senaste först
   *[other] { $count } inläsningar, den senaste först
 }
import-when = När
import-rows = Rader
import-state = Läge
import-state-begun = Påbörjad och inte avslutad
import-state-ended = Avslutad
import-state-undone = Ångrad
import-no-empty = Filen är tom. Välj en fil, eller klistra in raderna.
import-no-too-large = Filen är större än 4 MiB. Dela upp den.
import-no-not-text = Det är ingen textfil. Spara kalkylbladet som CSV (UTF-8) och välj den filen.
import-no-no-rows = Filen har en rubrikrad men inga rader under den.
import-no-too-many = Filen har fler än 5 000 rader, eller fler än 200 kolumner. Dela upp den.
import-no-not-looked-up = Det gick inte att se efter vilka som redan finns. Inget är skrivet. Försök igen.
import-no-broken = Filen går inte att dela upp i rader. Se efter om ett citattecken saknas.
import-counts = { $rows } rader: { $good } kan läsas in och { $bad } är felaktiga.
import-doubles = { $count ->
    [one] 1 av de goda finns kanske redan.
   *[other] { $count } av de goda finns kanske redan.
 }
import-nothing-yet = Ingenting är skrivet än.
import-read-as = Filen lästes som { $encoding } med { $separator } mellan kolumnerna.
import-comma = komma
import-semicolon = semikolon
import-tab = tabb
import-not-looked-up = Om någon av dem redan finns har inte kunnat undersökas.
import-columns = Kolumnerna
import-columns-help = Välj vilket fält varje kolumn hör till. Det som inte läses lämnas utanför.
import-column = Kolumn { $number }: { $heading }
import-not-read = Läses inte
import-columns-none = Ingen kolumn stämmer med något fält. Är den första raden rubriker?
import-columns-missing = { $field } måste fyllas i, och ingen kolumn gör det.
import-columns-twice = Två kolumner fyller i { $field }. Välj bort den ena.
import-doubles-too = Läs in också dem som kanske redan finns
import-all = { $count ->
    [one] Läs in raden
   *[other] Läs in alla { $count }
 }
import-good = { $count ->
    [one] Läs bara in den goda raden
   *[other] Läs bara in de { $count } goda
 }
import-bad = Hämta de felaktiga raderna med skäl
import-other-file = En annan fil
import-faults = { $count ->
    [one] 1 rad att se på
   *[other] { $count } rader att se på
 }
import-faults-cut = De första { $count } visas.
import-line = Rad i filen
import-wrong = Vad som är fel
import-in-column = Kolumn { $column }: { $what }
import-too-many-cells = här finns fler celler än rubriker. Sätt citattecken om den cell som innehåller skiljetecknet.
import-double-in-file = Samma person som på rad { $line }.
import-alike = { $count ->
    [one] En likadan post finns redan.
   *[other] { $count } likadana poster finns redan.
 }
import-progress = { $done } av { $wanted } rader är inlästa. Sidan uppdaterar sig själv.
import-written = { $count } poster av { $rows } rader.
import-interrupted = Inläsningen avbröts. Det som skrevs står nedan. Läs in samma fil igen, så hoppas dubbletterna över.
import-touched = { $count ->
    [0] Ingen av posterna har ändrats sedan dess.
    [one] 1 post har ändrats sedan dess.
   *[other] { $count } poster har ändrats sedan dess.
 }
import-of-row = ur rad { $row }
import-was-touched = ändrad sedan dess
import-reused = Raden skrevs förut med andra värden, och de står kvar.

import-row = Rad
import-undo = Ångra inläsningen
import-undo-title = Ångra inläsningen av { $kind }
import-undo-goes = { $count ->
    [0] Ingen post kan tas bort: alla har ändrats sedan dess, eller är redan borta.
    [one] 1 post raderas: den är som inläsningen gjorde den.
   *[other] { $count } poster raderas: de är som inläsningen gjorde dem.
 }
import-undo-do = Ångra och radera
import-undo-stays = Vad som är kvar
import-undo-nothing-stays = Ingenting av inläsningen blir kvar.
import-undo-kept = { $count ->
    [one] 1 post är kvar
   *[other] { $count } poster är kvar
 }
import-undo-why = Varför den är kvar
import-undo-beyond = { $count ->
    [one] 1 post till är kvar, som du inte når.
   *[other] { $count } poster till är kvar, som du inte når.
 }
import-undo-changed = Något har ändrats sedan du såg planen. Inget är raderat. Se efter igen.
import-undo-runs = Inläsningen pågår. Vänta tills den är klar.
import-undone-at = Ångrad
import-kept-changed = Någon har ändrat den sedan dess.
import-kept-holds = Något har skrivits som hör till den.
import-kept-referred = En annan post hänvisar till den.
import-kept-account = Personen har ett konto.
import-kept-kind-stays = Poster av det här slaget står kvar när annat raderas.
