# Raderingsstopp (GDPR artikel 17.3).

holds-title = Raderingsstopp
holds-title-what = Vad som inte får raderas, på vilken grund och till när.
holds-what = Det som omfattas raderas inte, vem som än begär det, och varken en ångrad inläsning eller en frist som går ut rår på det. Det läses och skrivs som förut.
holds-none = Inget är stoppat och inget har varit det.
holds-caption = { $standing ->
    [one] 1 stopp gäller
   *[other] { $standing } stopp gäller
 }, av { $count } i allt
holds-column-what = Vad
holds-column-ground = Grund
holds-column-since = Sedan
holds-column-until = Till
holds-column-how = Läge
holds-column-clause = Punkt
holds-new = Stoppa radering av ett helt slag eller av allt
holds-new-what = En enskild person eller post stoppas från sin egen sida.
holds-scope = Vad ska inte raderas?
holds-scope-customer = Allt som ni har här
holds-scope-person = Personen: allt som är den personens, och det som hör till det
holds-scope-record = Bara den här posten och det som hör till den
holds-do = Stoppa radering
holds-why = Grund
holds-why-help = En av grunderna i artikel 17.3. Det som behöver sägas i ord skrivs nedan.
holds-until-help = Dagen efter upphör stoppet av sig självt. Utan dag gäller det tills någon häver det, eller så länge som avtalet tillåter.
holds-words-label = Anteckning (kan lämnas tom)
holds-words-help = Till exempel vilket anspråk eller vilken lag det gäller. Den förseglas och visas bara för den som får stoppa radering av detta. Högst 2 000 tecken.
holds-untold-label = Den registrerade får inte underrättas, för att en lag hindrar det (artikel 23)
holds-wrong-ground = Välj en av grunderna.
holds-wrong-words = Anteckningen är för lång. Skriv högst 2 000 tecken.
holds-open = Stoppa radering
holds-on-title = Stoppa radering av { $kind } { $number }
holds-on-what = Så länge stoppet gäller raderas inget av det som omfattas. Uppgifterna läses och skrivs som förut; ska de inte användas, begränsa dem i stället.
holds-on-standing = Det här gäller redan
holds-one-title = Raderingsstopp { $number }
holds-stands = Det gäller nu.
holds-stands-no-more = Det gäller inte längre.
holds-fact-by = Av
holds-fact-told = Den registrerade
holds-told = får veta det när uppgifterna lämnas ut
holds-untold = får inte underrättas
holds-words = Anteckning
holds-words-withheld = Finns, och visas bara för den som får stoppa radering av detta.
holds-lift = Häv stoppet
holds-lift-what = Därefter kan det som omfattas raderas igen. Det som väntat på att raderas raderas då.
holds-standing = Gäller
holds-lifted = Hävt
holds-ran-out = Löpte ut
holds-of-customer = Allt som ni har här
holds-of-kind = { $kind }, alla
holds-of-person = Personen bakom { $kind } { $number }
holds-of-record = { $kind } { $number }
holds-sentence = sedan { $since }, tills det hävs: { $why }.
holds-sentence-until = sedan { $since }, till { $until }: { $why }.
holds-ground-legal-claims = för att fastställa, göra gällande eller försvara rättsliga anspråk
holds-ground-legal-obligation = en lag eller en myndighets beslut kräver att uppgifterna finns kvar
holds-ground-expression = yttrande- och informationsfriheten
holds-ground-public-health = ett allmänt intresse på folkhälsans område
holds-ground-archiving = arkiv av allmänt intresse, forskning eller statistik

erasure-against-held = { $what } får inte raderas, { $sentence }
export-holds = Varför något inte raderas
export-holds-what = Det här hindrar att uppgifterna raderas så länge det gäller.
import-kept-held = Ett raderingsstopp gäller för den.
refusal-reason-held = Ett raderingsstopp gäller: uppgifterna ska finnas kvar så länge det står.
refusal-verb-hold = Hindra radering av
who-looked-reason-held = Ett raderingsstopp gäller
who-looked-event-hold-ended = Raderingsstopp löpte ut
who-looked-event-held-versions-gone = Tidigare versioner som bara ett raderingsstopp behöll är borta
who-looked-event-holds-read = Raderingsstopp visade

erasure-for-a-time = Radera, men kunna återta en tid
erasure-for-a-time-what = Ingen läser uppgifterna fram till den dag som väljs, och dit kan de återtas. Därefter raderar programmet dem för gott, med intyg. Avtalet tillåter det längst till { $latest }.
erasure-until = Sista dag att återta
erasure-until-help = Dagen efter raderas de för gott av sig självt.
erasure-until-wrong = Skriv den sista dagen att återta som år-månad-dag, till exempel 2027-01-31, och välj en dag som inte har varit. Inget är raderat.
erasure-for-a-time-do = Radera för en tid
set-aside-title = Kan återtas
set-aside-what = Det här är raderat för en tid. Ingen läser det, och på sin dag raderas det för gott.
set-aside-caption = { $count ->
    [one] 1 radering som kan återtas
   *[other] { $count } raderingar som kan återtas
 }
set-aside-until = Raderas för gott
set-aside-now = Nu
set-aside-held = Raderas inte för gott så länge ett stopp gäller,
set-aside-over = Tiden att återta är slut; det raderas för gott.
set-aside-bring-back = Återta
refusal-reason-set-aside = Uppgifterna är raderade och kan återtas en tid. Dit läser ingen dem.
who-looked-reason-set-aside = Raderat, kan återtas
who-looked-event-set-aside-read = Det som kan återtas visat
who-looked-event-set-aside-void = Återtagningstiden är slut och inget fanns kvar att radera; inget är stängt längre
who-looked-event-erasure-waits = Radering väntar: något står emot
