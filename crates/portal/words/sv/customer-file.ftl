# Kundens egen fil: se, granska, anta.

file-title = Vår fil
file-lead = Filen är er egen. Den säger vilka enheter och listor ni har, vilken samtyckestext deltagare får läsa och vilka tillägg ni gör till specifikationen. Den får inte innehålla personuppgifter.
file-none = Ni har ingen fil ännu. Fält som hämtar sina värden ur en lista går inte att fylla i förrän ni har en.
file-version = Version
file-from = Gäller från
file-hash = Filens hash
file-lists = Listor
file-list-count = { $count ->
    [one] ett värde
   *[other] { $count } värden
}
file-value = Värde
file-label = Benämning
file-consents = Samtyckestexter
file-consent-version = version { $version }
file-additions = Tillägg till specifikationen
file-additions-what = Uppgifter utöver avtalets specifikation som ni har bestämt att behandla i fritext och uppladdade dokument.
file-why = Skäl
file-download = Hämta filen
file-versions = Alla versioner
file-versions-caption = Filens versioner, den nyaste först
file-now = gäller nu
file-later = börjar senare
file-replace = Byt ut filen
file-replace-what = Klistra in hela den nya filen. Först visas vad som ändras; inget gäller förrän du antar den.
file-text = Filens text
file-day = Ska gälla från
file-day-help = En dag, som 2026-12-01. Lämnas fältet tomt gäller filen genast. Den kan inte gälla för tid som har varit.
file-look = Granska ändringarna
file-preview = Granska den nya filen
file-changes = Det här ändras
file-no-changes = Ingenting ändras mot den fil som gäller.
file-adopt = Anta filen
file-adopt-what = När du antar filen skrivs det i er logg vem som gjorde det och när, och från vilken stund den gäller.
file-at-once = genast
file-faults = { $count ->
    [one] Ett fel i filen. Den är inte antagen, och den förra gäller fortfarande.
   *[other] { $count } fel i filen. Den är inte antagen, och den förra gäller fortfarande.
}
file-fault-line = Rad { $line }
file-fault-whole = Hela filen
file-bad-day = Dagen går inte att läsa. Skriv år, månad och dag, som 2026-12-01.
file-adopted = Filen är antagen och gäller från { $from }.
list-value-gone = finns inte längre i listan
list-missing = Listan «{ $list }» finns inte i er fil. Er administratör lägger till den under Administration, Vår fil.
problem-not-listed = Värdet finns inte i listan i er fil. Välj ett av dem som visas.
