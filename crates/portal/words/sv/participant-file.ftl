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
