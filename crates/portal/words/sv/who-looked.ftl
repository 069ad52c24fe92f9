# Vem har sett: accessloggen som kundens administratör läser.

who-looked-title = Vem har sett?
who-looked-link = Vem har sett?
who-looked-promise = Avtalet lovar att { $what } loggas, så att det går att spåra vem som haft tillgång
who-looked-promise-every-request = varje begäran om åtkomst
who-looked-promise-clause = punkt { $number }
who-looked-kept = Loggen sparas: { $keep }.
who-looked-kept-not-found = Avtalet säger inte hur länge loggen sparas.
who-looked-kept-none = Avtalet anger ingen tid för loggen.
who-looked-read-is-logged = Att du läser den här listan står också i den.
who-looked-only-record = Listan visar bara det som gäller en enda post ({ $record }).
who-looked-only-person = Listan visar bara det som gäller en enda person ({ $person }).
who-looked-only-actor = Listan visar bara vad en enda person har gjort ({ $actor }).
who-looked-show-all = Visa allt

who-looked-filter = Begränsa listan
who-looked-filter-person = Vem uppgifterna gäller (pseudonym, 32 tecken)
who-looked-filter-record = Vilken post (beteckning, 32 tecken)
who-looked-filter-actor = Vem som läste eller ändrade (pseudonym, 32 tecken)
who-looked-filter-outcome = Utfall
who-looked-filter-any = Alla
who-looked-filter-from = Från och med dag
who-looked-filter-to = Till och med dag
who-looked-filter-purpose = Ändamål
who-looked-filter-apply = Visa
who-looked-filter-wrong = Filtret kunde inte läsas: { $fields }. Ingen logg visas förrän det är rättat.
who-looked-file = vem-har-sett
who-looked-csv = Hämta samma urval som CSV (högst { $max } rader)
who-looked-csv-cut = Fler rader finns. Begränsa med datum för att få dem.

who-looked-caption = { $count ->
    [0] Inga händelser
    [one] En händelse, senaste först
   *[other] { $count } händelser, senaste först
}
who-looked-empty = Ingen händelse stämmer med urvalet.
who-looked-paging = Bläddra i loggen
who-looked-older = Äldre händelser
who-looked-newest = Till de senaste

who-looked-time = Tid
who-looked-person = Vem
who-looked-pseudonym = Pseudonym
who-looked-role = Roll
who-looked-did = Gjorde
who-looked-purpose = Ändamål
who-looked-case = Ärende
who-looked-what = Vad
who-looked-kind = Slag
who-looked-records = Poster
who-looked-persons = Antal personer
who-looked-fields = Uppgifter
who-looked-withheld = Undanhållet
who-looked-outcome = Utfall
who-looked-reason = Skäl
who-looked-clause = Punkt
who-looked-clause-id = Klausulens id
who-looked-index = Nummer i loggen

who-looked-authors = Namn på den som skrev
who-looked-about-persons = { $count ->
    [0] ingen person
    [one] en person
   *[other] { $count } personer
}
who-looked-more-records = { $count ->
    [one] och en till
   *[other] och { $count } till
}
who-looked-withheld-these = Undanhållet: { $categories }
who-looked-just-this-actor = Bara { $name }
who-looked-nobody = okänd

who-looked-outcome-granted = Tilläts
who-looked-outcome-refused = Nekades
who-looked-outcome-happened = Hände
who-looked-reason-not-in-force = Inget avtal i kraft
who-looked-reason-purpose-not-agreed = Ändamålet finns inte i avtalet
who-looked-reason-category-not-declared = Uppgiftens slag anges inte i avtalet
who-looked-reason-field-not-declared = Fältet är inte anmält
who-looked-reason-subject-not-declared = Personerna omfattas inte av avtalet
who-looked-reason-role-not-agreed = Rollen finns inte i avtalet
who-looked-reason-no-rule = Ingen regel tillåter det
who-looked-reason-case-required = Ärende krävs
who-looked-reason-out-of-reach = Inte ens eget, tilldelat eller enhetens
who-looked-reason-no-consent = Samtycke saknas eller är återkallat
who-looked-reason-case-does-not-cover = Ärendet omfattar det inte
who-looked-reason-recipient-not-agreed = Mottagaren är inte godkänd
who-looked-reason-place-not-agreed = Platsen är inte godkänd
who-looked-reason-no-transfer-basis = Ingen grund för överföring till det landet
who-looked-reason-prohibited = Förbjudet av en instruktion
who-looked-reason-waits-for-decision = Väntar på ett avgörande
who-looked-reason-restricted = Uppgifterna är begränsade
who-looked-reason-account-ended = Kontot är avslutat
who-looked-reason-overridden = trots brister

who-looked-event-log-in = Loggade in
who-looked-event-log-out = Loggade ut
who-looked-event-demo-entered = Gick in i demon
who-looked-event-log-ins-failed = Misslyckade inloggningar
who-looked-event-sessions-over = Inloggningar gick ut
who-looked-event-erasure-planned = Plan för radering visad
who-looked-event-erasure-everywhere = Det raderade är oanvändbart överallt
who-looked-event-keys-rotated = Arkivnyckeln bytt
who-looked-event-erasure-portion = En del av det raderade borttagen
who-looked-event-erasure-completed = Radering slutförd och intygad
who-looked-event-erasure-certificates-read = Intyg om radering lästa
who-looked-event-restriction-read = Begränsning visad
who-looked-event-account-opened = Konto öppnat
who-looked-event-account-ended = Konto avslutat
who-looked-event-agreement-adopted = Avtal antaget
who-looked-event-customer-file-adopted = Kundens fil antogs
who-looked-event-agreement-override = Avtal i kraft med undantag
who-looked-event-confirming-begun = Avtalstext inlämnad för bekräftelse
who-looked-event-confirming-changed = Term ändrad
who-looked-event-confirming-confirmed = Term bekräftad
who-looked-event-confirming-not-here = Term står inte i texten
who-looked-event-confirming-pointed = Term utpekad i texten
who-looked-event-confirming-taken-along = Bekräftat avtal hämtat
who-looked-event-confirming-thrown-away = Avtalstext kastad
who-looked-event-confirming-undone = Val av term ångrat
who-looked-event-customer-opened = Kunden lades upp
who-looked-event-role-changed = Behörighet ändrad
who-looked-event-password-changed = Lösenord bytt
who-looked-event-invited = Inbjudan skapad
who-looked-event-invitation-accepted = Inbjudan antagen, konto öppnat
who-looked-event-key-made = Nyckel skapad
who-looked-event-key-ended = Nyckel indragen
who-looked-event-keys-used = Nycklar använda
who-looked-event-notice-delivered = Meddelande visat
who-looked-event-notice-read = Meddelande läst
who-looked-event-notice-sent = Meddelande skickat
who-looked-event-finding-looked-at = Fritext granskad
who-looked-proof = Bevis
who-looked-proof-of = Bevis för rad { $index } i loggen

who-looked-goes = Rader äldre än { $keep } rensas: vem, vad och varför tas bort, och att något skedde och när står kvar
who-looked-stays = Inget rensas av sig självt: avtalet säger { $keep }, och ingen tid när det ska bort
who-looked-stays-not-found = Därför rensas inget ur den
who-looked-event-journal-set-back = Journalen hade satts tillbaka: rader som fanns är borta, och det går vidare från det som var kvar
who-looked-stays-held = Inget rensas nu: ett raderingsstopp gäller, och då står hela loggen kvar
who-looked-purged-last = Senast rensades { $count } rader från tiden före { $before }. Det skedde { $at } enligt punkt { $number }.
who-looked-purged = Detaljerna rensades { $date }
who-looked-event-details-purged = Detaljer rensade ur loggen
