# Uttag: en akt eller allt om en person, att läsa eller ta med sig.

export-record = Ta ut akten
export-person = Ta ut allt om personen
export-record-title = Uttag av { $kind } { $number }
export-person-title = Uttag av allt om personen bakom { $kind } { $number }
export-what-record = Posten med alla sparade versioner, det som hör till den, och loggen över den.
export-what-person = Alla poster som är den här personens, med alla sparade versioner, och loggen över personen. Vad som finns om andra personer i samma akt är inte med.
export-taken = Uttaget { $time }, för ändamålet { $purpose }, enligt avtalets version { $version }.
export-is-logged = Uttaget står i loggen.
export-zip = Hämta allt som ZIP
export-zip-what = Paketet har en sida att läsa, samma sak som JSON, loggen och { $count ->
    [0] inga filer.
    [one] 1 fil ({ $bytes }).
   *[other] { $count } filer ({ $bytes }).
 } Varje fil som tas ut står för sig i loggen.
export-json = Hämta som JSON
export-versions = { $count ->
    [one] 1 version
   *[other] { $count } versioner, den nyaste först
 }
export-log = Loggen
export-log-caption = { $count ->
    [one] 1 händelse, den senaste först
   *[other] { $count } händelser, den senaste först
 }
export-log-cut = Fler händelser finns; de äldsta är inte med här.
package-what = Sidan står för sig själv. Filerna ligger i mappen bredvid, samma uppgifter för program i export.json, och loggen i logg.csv.
package-customer = Personuppgiftsansvarig: { $name }
