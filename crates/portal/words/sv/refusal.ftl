# Vad en orolig människa läser när avtalet säger nej. Ett besked per Reason::code() och Changer::code().

refusal-title = Avtalet tillåter inte detta
refusal-calm = Du har inte gjort något fel. Ingenting har ändrats och inga uppgifter har visats.
refusal-logged = Att frågan ställdes och fick nej står i loggen, som kundens administratör kan läsa.

refusal-why-heading = Varför
refusal-asked-heading = Det här frågades efter
refusal-asked-role = I rollen
refusal-asked-verb = Att göra
refusal-asked-what = Vilka poster
refusal-asked-subject = Om vem
refusal-asked-purpose = För ändamålet
refusal-unknown-word = { $name } (finns inte i avtalet)

refusal-clause-heading = Klausulen som står emot
refusal-clause-named = Punkt { $number } { $title }
refusal-clause-unnumbered = { $title }
refusal-clause-read = Läs punkt { $number } i avtalet
refusal-clause-read-unnumbered = Läs klausulen i avtalet
refusal-clause-silent = Klausulen har ingen egen text. Dess villkor visas på avtalets sida.
refusal-clause-unknown = Det finns inget avtal i kraft att visa en klausul ur.

refusal-changer-heading = Vem kan ändra det?
refusal-changer-controller = Kunden, det vill säga den personuppgiftsansvarige, kan ändra det genom ett tillägg till specifikationen eller en skriftlig instruktion.
refusal-changer-controller-by-case = Kunden kan ändra det genom att öppna ett supportärende. Leverantören kan inte öppna ett sådant själv.
refusal-changer-both-parties = Bara kunden och leverantören tillsammans kan ändra det, genom att ändra avtalet.
refusal-changer-processor = Leverantören kan ändra det, men bara på det sätt som avtalet föreskriver för ändringar.
refusal-changer-controller-by-assignment = Den hos kunden som fördelar arbetet kan ändra det, genom att tilldela dig akten eller flytta den eller dig till samma enhet.
refusal-changer-data-subject = Den registrerade själv kan ändra det, genom att lämna sitt samtycke.
refusal-changer-administrator = Kundens administratör kan ändra det genom att ge dig en annan roll eller ett eget konto.

refusal-allowed-heading = Vad som vore tillåtet
refusal-allowed-purposes = Avtalet tillåter behandling för följande ändamål:
refusal-allowed-declared = Om dessa personer anger avtalet följande slag av uppgifter:
refusal-allowed-subjects = Avtalet omfattar följande slag av personer:
refusal-allowed-rules = Rollen { $role } får enligt avtalet göra detta med uppgifter om samma personer:
refusal-allowed-nothing = Avtalet tillåter rollen ingenting om dessa personer.
refusal-allowed-case = Samma sak vore tillåten inom ett öppet ärende som omfattar personen.
refusal-allowed-recipients = Avtalet godkänner följande underbiträden:
refusal-allowed-in-force = När kunden har antagit ett avtal gäller det från den stunden.
refusal-rule = { $verbs }: { $categories }. Ändamål: { $purposes }.
refusal-rule-within = { $verbs }: { $categories }. Ändamål: { $purposes }. Bara inom ärendet { $case }.
refusal-all-declared = alla uppgifter som avtalet anger

refusal-reason-not-in-force = Inget avtal gäller för kunden just nu, och utan avtal får inga personuppgifter behandlas.
refusal-reason-purpose-not-agreed = Avtalet har inte det ändamål som angavs.
refusal-reason-category-not-declared = Avtalet anger inte uppgifter av slaget ”{ $category }” om dessa personer.
refusal-reason-field-not-declared = Fältet ”{ $field }” är inte anmält av tjänsten, och därför omfattar avtalet det inte.
refusal-reason-subject-not-declared = Avtalet omfattar inte personer av det slaget.
refusal-reason-role-not-agreed = Avtalet känner inte till den roll som kontot har.
refusal-reason-no-rule = Ingen regel i avtalet låter den rollen göra detta med de här uppgifterna för det ändamålet.
refusal-reason-case-required = Den rollen får göra detta bara inom ett ärende som kunden själv har öppnat.
refusal-reason-out-of-reach = Regeln gäller bara det som är ditt eget, tilldelat dig eller din enhets, och detta är inget av det.
refusal-reason-no-consent = Regeln gäller bara den som har samtyckt. Samtycke saknas eller är återkallat.
refusal-reason-case-does-not-cover = Ärendet som angavs är stängt, okänt eller gäller någon annan.
refusal-reason-recipient-not-agreed = Mottagaren är inget underbiträde enligt avtalet.
refusal-reason-place-not-agreed = Mottagaren är godkänd i avtalet, men inte på den platsen.
refusal-reason-no-transfer-basis = Mottagaren finns utanför det avtalade området, och ingen laglig grund för överföringen gäller nu.
refusal-reason-prohibited = En instruktion eller punkt förbjuder det, även om en regel annars skulle tillåta det.
refusal-reason-waits-for-decision = Två delar av avtalet säger emot varandra om detta, och det väntar tills någon har avgjort vilken som gäller.
refusal-reason-restricted = Uppgifterna är begränsade: de får bara lagras, och inget annat görs med dem så länge begränsningen gäller.
refusal-reason-account-ended = Kontot är avslutat eller har ingen roll här.

refusal-verb-collect = Registrera
refusal-verb-alter = Ändra
refusal-verb-consult = Läsa
refusal-verb-use = Använda utan att visa
refusal-verb-disclose = Lämna ut
refusal-verb-restrict = Begränsa
refusal-verb-erase = Radera
refusal-verb-retrieve = Ta ut

refusal-inline = Visas inte: { $reason }
