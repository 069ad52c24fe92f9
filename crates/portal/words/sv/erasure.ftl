# Radering, intyg och begränsning (GDPR artikel 17 och 18).

erasure-open = Radera
erasure-title = Radera { $kind } { $number }
erasure-what-person = Så här skulle raderingen bli. Inget är raderat ännu. Den gäller personen bakom posten, med allt som är den personens.
erasure-what-record = Så här skulle raderingen bli. Inget är raderat ännu. Den gäller posten och det som hör till den; personen den handlar om blir kvar.
erasure-changed = Akten har ändrats sedan planen visades. Inget är raderat. Läs den nya planen nedan och bekräfta den om den är rätt.
erasure-goes = Det här går
erasure-stays = Det här blir kvar
erasure-nothing-stays = Inget annat som hör hit blir kvar.
erasure-against = Det här står emot
erasure-against-restricted = Uppgifterna är begränsade sedan { $since }: { $why }. Häv begränsningen först, om den inte längre behövs.
erasure-column-kind = Slag
erasure-column-count = Antal
erasure-column-why = Hur och varför
erasure-why-key = Personens egna uppgifter. Nyckeln som de ligger under förstörs, så att också det som redan är kopierat blir oläsligt.
erasure-why-deleted = Tas bort ur det som är i drift. I loggfilen ligger de kvar förseglade under en nyckel som fortfarande finns, till dess loggens detaljer rensas.
erasure-why-without-name = Ligger under en egen nyckel och blir kvar utan namnet: inget här leder längre från beteckningen till personen.
erasure-why-kind-stays = Slaget av post blir kvar när det den hör till raderas.
erasure-open-count = { $count ->
    [one] 1 av dem är öppen
   *[other] { $count } av dem är öppna
 }
erasure-persons = Personer vilkas nycklar förstörs
erasure-person-account = Har ett konto, som avslutas med alla inloggningar.
erasure-person-row = { $subject }, { $pseudonym }
erasure-no-way-back = Det som raderas kan inte fås tillbaka, inte ens av oss.
erasure-do = Radera enligt planen
erasure-is-logged = Att planen visades står i loggen. Raderingen får ett eget intyg.
erasure-cannot = Inget av det här kan raderas: slaget av post blir kvar.

erasures-title = Raderingar
erasures-what = Varje radering med sitt intyg. Intygen bär bara den beteckning som personen hade; den leder inte till någon längre.
erasures-none = Inget är raderat ännu.
erasures-caption = { $count ->
    [one] 1 radering
   *[other] { $count } raderingar, den senaste först
 }
erasures-when = När
erasures-of = Vad
erasures-one = Intyg { $number }

certificate-title = Intyg om radering { $number }
certificate-here = Oanvändbart här
certificate-here-what = Allt nedan var borta ur drift och nyckelfil när det räknades om efter raderingen. De förstörda nycklarna finns inte kvar, och det som låg under dem kan ingen läsa, inte heller vi.
certificate-everywhere = Oanvändbart överallt
certificate-everywhere-what = Programmet lägger ingen kopia av nyckelfilen på något annat ställe, så det finns ingen att vänta in: det som arkiverats ligger förseglat under de förstörda nycklarna. Kopior av disken eller av mappen som driften tagit på annat sätt känner programmet inte till, och om dem intygas ingenting.
certificate-everywhere-by = Nycklarna kan ännu ligga i en förseglad kopia av nyckelfilen på det andra stället. Senast { $at } byts arkivnyckeln: en ny kopia läggs, läses tillbaka och jämförs, de äldre tas bort och deras arkivnyckel förstörs. Då går det raderade inte att läsa i någon kopia, vilken som än sparats. Det intygas här när det är gjort.
certificate-everywhere-late = Nycklarna kan ännu ligga i en förseglad kopia av nyckelfilen på det andra stället. Arkivnyckeln skulle ha bytts { $at }, och det är inte gjort. Det försöks igen hela tiden, och programmets utskrift säger driften varför.
certificate-everywhere-since = Det raderade går inte att läsa i någon kopia. Efter raderingen lades en ny kopia av nyckelfilen på det andra stället, utan de förstörda nycklarna. Den lästes tillbaka och jämfördes; därefter togs alla äldre kopior bort och de arkivnycklar som öppnade dem förstördes, så att inte heller en kopia som någon sparat går att öppna.
certificate-everywhere-short-none = Inga nyckelkopior förs
certificate-everywhere-short-by = Senast { $at }
certificate-everywhere-short-late = Skulle ha varit klart { $at }
certificate-everywhere-short-since = Sedan { $at }
certificate-rests-on-custodian = Det vilar på att den fristående nyckelförvararen, på ett tredje ställe, verkligen förstör arkivnycklar och inte själv säkerhetskopieras. Kopior av disken eller av mappen som driften tagit på annat sätt känner programmet inte till.
certificate-rests-on-plain-file = Det vilar på ett antagande: arkivnycklarna ligger i en vanlig mapp hos driften i stället för hos en fristående nyckelförvarare. Har någon kopierat den mappen gäller det inte. Kopior av disken som driften tagit på annat sätt känner programmet inte till.
certificate-fact-everywhere = Oanvändbart överallt sedan
certificate-fact-copy = Den gällande kopian av nyckelfilen påbörjades
certificate-fact-generation = Arkivnyckelns nummer
certificate-fact-copies-deleted = Delar av äldre kopior som togs bort
certificate-fact-keys-destroyed = Äldre arkivnycklar som förstördes
certificate-left = Vad som finns kvar, och varför
certificate-left-log = Loggen: att raderingen gjordes, och vem som tidigare läste och skrev. Den bär beteckningen, aldrig namnet, och behövs för att kunna visa vad som hänt.
certificate-left-sealed = Loggfilens förseglade kopior av det som skrevs. För poster under en förstörd nyckel är de oläsliga för alla. Rensning av loggens detaljer finns inte ännu.
certificate-left-deleted = { $count ->
    [one] 1 post togs bort ur drift utan att någon nyckel förstördes. Loggfilens förseglade kopia ligger under en nyckel som fortfarande finns.
   *[other] { $count } poster togs bort ur drift utan att någon nyckel förstördes. Loggfilens förseglade kopior ligger under nycklar som fortfarande finns.
 }
certificate-fact-erased = Raderat
certificate-fact-completed = Omräknat och intygat
certificate-fact-person = Beteckning
certificate-fact-import = Inläsning som ångrades
erasures-of-import = Inläsning { $number }
certificate-fact-by = Av
certificate-fact-purpose = Ändamål
certificate-fact-clause = Punkt
certificate-fact-agreement = Avtal
certificate-fact-entry = Plats i loggen
certificate-fact-plan = Planens kontrollsumma
certificate-fact-checkpoint = Loggens senaste signerade kontrollpunkt
certificate-fact-no-checkpoint = ingen har skrivits ännu
certificate-fact-backups = Avtalet om hur länge säkerhetskopior sparas
certificate-fact-logs = Avtalet om hur länge loggen sparas
certificate-kept = { $period } (punkt { $number })
certificate-kept-not-found = sägs inte (punkt { $number })
certificate-kept-silent = avtalet säger inget
certificate-counts = Räknat efter raderingen
certificate-counts-caption = Vad som fanns kvar när det räknades om
certificate-count-what = Vad
certificate-count-left = Kvar
certificate-count-records = Poster
certificate-count-versions = Äldre versioner
certificate-count-tokens = Ord i sökregistret
certificate-count-accounts = Konton
certificate-count-sessions = Inloggningar
certificate-count-keys = Nycklar
certificate-count-names = Namn bakom beteckningar
certificate-count-files = Filer
certificate-count-rows = Nycklar för program, inbjudningar, lästa meddelanden och granskade fynd
certificate-count-restrictions = Begränsningar
certificate-classes = Förstörda nycklar
certificate-classes-row = { $subject }, { $pseudonym }: { $classes }
certificate-json = Hämta som JSON
certificate-pdf = Hämta som PDF

restriction-open = Begränsa
restriction-title = Begränsa behandlingen av { $kind } { $number }
restriction-what = Begränsade uppgifter lagras och inget annat: ingen läser, ändrar eller räknar dem förrän begränsningen hävs eller löper ut. Den registrerade kan ändå få ut sina uppgifter.
restriction-why = Grund
restriction-why-help = En av grunderna i artikel 18.1. Skriv inget om personen; grunden räcker.
restriction-until = Till och med (kan lämnas tomt)
restriction-until-help = Dagen efter upphör begränsningen av sig själv. Utan dag gäller den tills någon häver den.
restriction-until-wrong = Skriv dagen som år-månad-dag, till exempel 2027-01-31, och välj en dag som inte har varit.
restriction-do = Begränsa
restriction-is = Uppgifterna är begränsade
restriction-is-what = De lagras och inget annat görs med dem.
restriction-fact-since = Sedan
restriction-fact-why = Grund
restriction-fact-until = Till
restriction-fact-no-end = tills den hävs
restriction-fact-clause = Punkt
restriction-lift = Häv begränsningen
restriction-lifted = Begränsningen är hävd.
restriction-show = Visa begränsningen
restriction-ground-accuracy-contested = den registrerade bestrider att uppgifterna är riktiga
restriction-ground-erasure-opposed = behandlingen är olaglig, och den registrerade vill inte att uppgifterna raderas
restriction-ground-legal-claims = den registrerade behöver uppgifterna för ett rättsligt anspråk
restriction-ground-objected = den registrerade har invänt, och det prövas
certificate-proof = Hämta bevis (.tlog-proof)
