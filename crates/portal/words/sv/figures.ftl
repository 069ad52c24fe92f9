# Avidentifiering: det som stannar som siffror när uppgifter raderas, och planen för det.

figures-title = Statistik
figures-title-what = Siffror som stannade när uppgifter avidentifierades.
figures-what = Det här är vad som stannade när uppgifter om många personer raderades i en och samma handling. Varje siffra gäller minst så många personer som avtalet kräver. Ingen uppgift om någon enskild finns kvar i den.
figures-none = Inga uppgifter har avidentifierats ännu.
figures-csv = Hämta siffrorna (CSV)
figures-new = Avidentifiera uppgifter
figures-new-what = Posterna raderas för gott och kvar blir siffror. Först visas hur mycket som går och vad som räknas; ingenting görs förrän det bekräftats. Den som är begränsad, eller omfattas av ett raderingsstopp, lämnas utanför.
figures-until = Poster som skrevs senast till och med dagen
figures-until-help = Det som skrivits senare rörs inte.
figures-plan = Visa vad som skulle hända
figures-plan-title = Avidentifiera { $kind }
figures-plan-what = { $count ->
    [one] 1 post som skrevs senast före { $until } raderas för gott. Kvar blir siffror om många.
   *[other] { $count } poster som skrevs senast före { $until } raderas för gott. Kvar blir siffror om många.
}
figures-day-wrong = Skriv dagen som år-månad-dag, till exempel 2026-11-21.
figures-nothing-goes = Inga poster skrevs senast till och med den dagen, eller så är alla undantagna. Ingenting skulle raderas.
figures-counted = Vad som räknas
figures-counted-what = Posterna räknas efter { $by }. Bara grupper om minst { $least } personer lämnar en siffra, och är ingen grupp så stor stannar inget. Vilka siffror det blev visas på intyget när posterna har raderats, aldrig före: av två planer för olika dagar kunde en enda persons uppgift räknas ut.
figures-stay = Siffror som stannar
figures-nothing-stays = Inga: ingen grupp är stor nog. Posterna raderas utan att något stannar.
figures-withheld = De visas inte här: avtalet visar dem bara för vissa roller och för det ändamål de sparas för (punkt { $number }).
figures-caption = Antal, där varje siffra gäller minst { $least } personer (punkt { $number })
figures-column-records = Poster
figures-column-persons = Personer
figures-small = { $groups ->
    [one] 1 grupp med { $records } poster lämnar ingen siffra:
   *[other] { $groups } grupper med tillsammans { $records } poster lämnar ingen siffra:
} färre än { $least } personer, eller möjligt att räkna ut av de andra siffrorna (punkt { $number }). De posterna raderas också.
figures-no-value = uppgift saknas
figures-until-day = före { $until }
figures-made = Gjordes
figures-certificate = Intyg om raderingen
figures-no-way-back = Det kan inte göras ogjort. Ingen kan sedan säga vilken siffra som kom från vem.
figures-do = Radera posterna och behåll siffrorna
erasures-anonymised = avidentifiering av många
certificate-fact-anonymised = Vems
certificate-figures-what = Posterna raderades i en handling om flera personer. Siffrorna pekar inte ut någon av dem; vilka det var framgår bara av loggen, så länge den sparas.
erasure-against-too-few = { $persons ->
    [one] 1 person skulle avidentifieras,
   *[other] { $persons } personer skulle avidentifieras tillsammans,
} och det ska vara minst { $least }: en siffra om färre kan vara en uppgift om någon av dem. Vänta tills fler omfattas, eller radera posterna utan siffror.
refusal-reason-too-few = För få personer skulle avidentifieras tillsammans: en siffra om dem kan vara en uppgift om någon av dem.
refusal-verb-anonymise = Avidentifiera
who-looked-reason-too-few = För få personer för att avidentifiera
who-looked-event-figures-read = Statistik visad
export-anonymised = Avidentifieras till statistik
export-anonymised-what = Poster av de här slagen kan raderas tillsammans med andras, så att bara siffror om många stannar. Det som redan avidentifierats om dig kan ingen längre peka ut; när det gjordes står i loggen.
