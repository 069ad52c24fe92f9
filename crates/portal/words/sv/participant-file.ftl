# Deltagarens akt: lägen, månaden, tidslinjer, planer, slutrapporten.

answer-state = Det går inte i det här läget
answer-state-locked = Posten är »{ $state }« och låst. Den ändras aldrig mer, så att det som lämnats ut står kvar som det var.
answer-state-no-way = Posten är »{ $state }«, och därifrån leder ingen väg till det läge som begärdes.
answer-state-not-by-this-role = Posten är »{ $state }«. Det steget tar en annan roll än din.
answer-state-what = Ingenting har skrivits. Behöver något rättas, skriv en ny post som säger vad som ändrats och varför.

state-active = pågående
state-draft = utkast
state-proposed = föreslagen
state-accepted = godkänd av deltagaren
state-agreed = överenskommen
state-sent = skickad
state-judged = bedömd
state-approved = godkänd
state-incomplete = ofullständig
state-waiting = väntar
state-verified = kontrollerad
state-invoiced = fakturerad
state-paid = betald
state-revised = reviderad
state-given = lämnat
state-withdrawn = återkallat

api-state = Postens läge står emot
api-state-detail = Posten är i ett läge där det inte går. Ingenting har skrivits.
api-state-what = I state står läget, i why varför: locked (ändras aldrig mer), no-way (ingen väg leder dit) eller not-by-this-role (det steget tar en annan roll). Läs posten igen.

month-title = { $kind }, { $month }
month-open = Månadsöversikt
month-saved = { $count ->
    [0] Ingenting var ändrat, så ingenting skrevs.
    [one] En markering sparades.
   *[other] { $count } markeringar sparades.
}
month-save = Spara ändrade markeringar
month-problems = { $count ->
    [one] En ruta går inte att läsa. Ingenting har sparats.
   *[other] { $count } rutor går inte att läsa. Ingenting har sparats.
}
month-wrong-letter = skriv en av bokstäverna i listan
month-wrong-code = koden finns inte
month-wrong-code-not-asked = en orsakskod hör bara till frånvaro
month-wrong-empty = en markering kan inte tas bort, bara rättas
month-wrong-day = dagen går inte att markera
month-clashes = { $count ->
    [one] Någon annan hann före med en ruta
   *[other] Någon annan hann före med { $count } rutor
}
month-clashes-what = De rutorna är inte sparade. Båda markeringarna står här. Det du skrev står kvar i rutan; spara igen om det ska gälla. Den andras markering finns då kvar bland tidigare versioner.
month-clashes-both = Båda markeringarna
month-day = Dag
month-theirs = Står där nu
month-yours = Du skrev
month-unmarked = inte markerad
month-other = Andra månader
month-before = Månaden före
month-after = Månaden efter
month-legend = Bokstäver och koder
month-legend-what = Skriv en bokstav i rutan för dagen. Vid frånvaro kan orsakskoden följa direkt, till exempel A15. Tabb går till nästa ruta. Bara ändrade rutor sparas.
month-codes = Koder:
month-caption = { $count ->
    [one] En deltagare
   *[other] { $count } deltagare
}
month-sum = Summa
month-group = Alla
month-sum-what = Summan är närvarande dagar av markerade dagar.

paper-pdf = Hämta som PDF
composed-fill = Fyll i från akten
composed-make = Ta fram ett utkast ur akten

found-title = { $kind } efter { $fields }
found-by = Hitta efter { $kind }
found-count = { $count ->
    [0] Ingen har det
    [one] En har det
   *[other] { $count } har det
}
soon-title = Snart
soon-what = Dagar som är nära och som tjänsten påminner om, de närmaste först.
soon-none = Ingenting löper ut snart.
soon-count = { $count ->
    [one] En dag
   *[other] { $count } dagar
}
soon-day = Dag
soon-left = Kvar
soon-of = Gäller
soon-record = Vad
soon-days = { $count ->
    [0] i dag
    [one] 1 dag
   *[other] { $count } dagar
}
versions-signatures = Underskrifter
versions-signatures-what = Vem som tog vilket steg, när, och i vilken version
versions-who = Vem
versions-when = När
versions-which = Version
versions-beside = Versioner sida vid sida
versions-beside-what = De senaste versionerna vars text skiljer sig, den nyaste först
versions-field = Fält
