# Hur driften står, för leverantören.

operations-title = Drift
operations-well = Arkivet är ikapp, och en återläsning har prövats.
operations-no-archive = Inget arkiv är inställt. Går den här disken förlorad går allt förlorat.
operations-no-archive-what = Starta tjänsten med --archive och en plats på en annan disk, eller en hink i en objektlagring. Det som är skrivet sänds dit inom en sekund, förseglat som det ligger.
operations-stopped = Arkivet sänds inte längre. Det måste någon göra något åt; vad, står här nedanför.
operations-failing = Arkivet nås inte just nu. Tjänsten går vidare, och det försöks igen.
operations-behind = Arkivet ligger efter med mer än en sekund.
operations-no-drill = Arkivet är ikapp. Ingen återläsning har prövats än.
operations-drill-failed = Arkivet är ikapp, men den senaste provade återläsningen gav inte tillbaka det som fanns.
operations-archive = Arkivet
operations-inside = Arkivet ligger i samma mapp som det ska skydda. Så är det bara i en demo: här syns hur det går till, men det skyddar inget.
operations-failing-since = Nås inte sedan
operations-place = Plats
operations-lag = Eftersläpning, den längsta på sistone
operations-seconds = { $seconds } s
operations-behind-bytes = Väntar på att sändas
operations-shipped = Sänt till och med
operations-sent = Senast sänt
operations-segment = Senaste hela segment
operations-mark = Senaste märke att jämföra med
operations-snapshot = Senaste ögonblicksbild där
operations-first = Det första ögonblick som går att återställa
operations-limit = Kopior lever högst
operations-limit-none = Inget gällande avtal säger hur länge, och ingen gräns är satt: inget tas bort ur journalen
operations-limit-by = { $days } dygn, enligt avtalet med { $customer } i { $clause }
operations-limit-operator = { $days } dygn, satt för den här installationen
operations-drill = Senast provad återläsning
operations-drill-held = allt kom tillbaka
operations-drill-not = allt kom inte tillbaka
operations-drill-how = Prova med
operations-never = aldrig
operations-since-start-none = inget sedan start
operations-disk = Disken
operations-free = Ledigt
operations-unknown = går inte att läsa
operations-bytes = { $count } byte
operations-kib = { $count } KiB
operations-mib = { $count } MiB
operations-gib = { $count } GiB
operations-json = Samma som JSON
operations-keys = Kopiorna av nycklar
operations-no-keys = Inga kopior av nycklar läggs i arkivet: ingen nyckelförvarare är inställd (--custodian). Ha själv en kopia av keys.db på annan plats.
operations-keys-generation = Gällande kopia, i ordningen
operations-keys-rotated = Arkivnyckeln byttes senast
operations-keys-due = Nästa byte senast
operations-keys-horizon = Så länge efter en radering kan en kopia på annan plats öppnas, som mest
operations-keys-hours = { $hours ->
    [one] en timme, och den tid ett byte tar
   *[other] { $hours } timmar, och den tid ett byte tar
}
operations-keys-unshipped = Ändringar som inte ligger där än
operations-keys-rests = Löftet vilar på
operations-keys-custodian = en nyckelförvarare, som förstör det som öppnar äldre kopior
operations-keys-folder = en vanlig mapp: att ingen kopierar den
operations-keys-overdue = Arkivnyckeln skulle ha bytts. Raderingar väntar på sitt andra steg, och intygen säger att det är sent.
operations-keys-late = Arkivet är ikapp, men bytet av arkivnyckel är försenat.
operations-holds-ending = { $count ->
    [one] Ett raderingsstopp går ut inom trettio dagar.
   *[other] { $count } raderingsstopp går ut inom trettio dagar.
}
operations-erasures-wait = Arkivet är ikapp, men en radering har väntat i timmar på att slutföras.
operations-erasures-late = { $count ->
    [one] En radering har i mer än fyra timmar varit utan intyg.
   *[other] { $count } raderingar har i mer än fyra timmar varit utan intyg.
}
operations-erasures-late-why = Nycklarna är förstörda, men något hindrar att det sista slutförs, till exempel att platsen för filer inte nås. Programmets utskrift säger vad; det försöks igen varje minut.
operations-erasures-unread = Om någon radering väntar på sitt intyg går inte att läsa.
