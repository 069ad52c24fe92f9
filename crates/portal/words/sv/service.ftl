# Tjänstens sidor: listor, akter, formulär. Vad sakerna heter står i tjänstens kinds.toml.

service-title = { $kind } { $number }
service-search = Sök
service-search-in = Söker hela ord i: { $fields }. Sökordet sparas inte i loggen.
service-found = { $count ->
    [one] 1 träff på «{ $words }»
   *[other] { $count } träffar på «{ $words }»
 }
service-listed = { $count ->
    [one] 1 post
   *[other] { $count } poster
 }
service-none = Här finns inget ännu.
service-found-cut = Bara de första { $max } visas. Skriv fler ord så blir de färre.
service-none-found = Inget hittades. Sökningen gäller hela ord; pröva ett annat eller färre.
service-from-start = Visa från början
service-next-page = Nästa sida
service-only-first = Bara de första visas och räknas här.
service-all = Bläddra i alla
service-new = Lägg till { $kind }
service-edit = Ändra
service-edit-title = Ändra { $kind } { $number }
service-history = Tidigare versioner
service-history-of = Versioner av { $number }
service-history-kept = Det som stod förut finns kvar bland de tidigare versionerna.
service-versions = { $count ->
    [one] 1 version
   *[other] { $count } versioner, den nyaste först
 }
service-version = version { $version }
service-state = Läge
service-to-state = Sätt läget «{ $state }»
service-written = Skrivet
service-last-written = Senast skrivet
service-you = du
service-empty = inte ifyllt
service-not-for-you = visas inte för din roll
service-withheld = Följande visas inte för din roll:
service-section-not-for-you = Visas inte för din roll.
service-ask-anyway = Fråga ändå: avtalet svarar med klausul, och frågan loggas.
service-free-text-read = Fri text: kan innehålla annat än de slag av uppgifter som avtalet anger.
service-who-looked = Vem har sett detta?
service-on-this-page = På den här sidan
service-free-text = Fri text. Det som skrivs här kan ligga utanför de angivna kategorierna, och för det svarar ni själva.
service-free-file = Filens innehåll kan ligga utanför de angivna kategorierna, och för det svarar ni själva.
service-free-file-read = Fil: kan innehålla annat än de slag av uppgifter som avtalet anger.
service-optional = (valfritt)
service-choose = Välj
service-save = Spara
service-saved = Sparat.
service-cancel = Avbryt och gå tillbaka
service-back = Tillbaka till akten
service-faults = { $count ->
    [one] En uppgift behöver rättas. Inget har sparats ännu.
   *[other] { $count } uppgifter behöver rättas. Inget har sparats ännu.
 }
service-conflict = Någon annan sparade medan du skrev. Inget har skrivits över. Jämför, rätta din text om det behövs, och spara igen om din ska gälla.
service-conflict-theirs = Så står det nu
service-conflict-yours = Det du skrev

state-open = öppet
state-closed = stängt

problem-required = måste fyllas i.
problem-twice = finns två gånger i formuläret.
problem-too-long = är för lång: { $given } tecken, högst { $max }.
problem-not-a-date = är inget datum. Skriv till exempel 2026-11-21.
problem-date-in-another-form = är skrivet på ett annat sätt. Skriv år-månad-dag, till exempel 2026-11-21.
problem-date-meant = Menade du { $meant }?
problem-date-unclear = kan läsas på två sätt, eftersom dag och månad kan förväxlas. Skriv år-månad-dag, till exempel 2026-11-21.
problem-in-the-future = ligger i framtiden.
problem-not-a-choice = är inget av alternativen.
problem-not-an-email = är ingen e-postadress.
problem-not-a-phone = är inget telefonnummer. Använd siffror, mellanslag, +, - och parenteser.
problem-not-a-personnummer = är inget personnummer: tolv siffror med rätt kontrollsiffra.
problem-a-personnummer = får inte innehålla ett personnummer.
problem-not-plain-text = innehåller tecken som inte kan tas emot.
problem-not-unique = finns redan här.
problem-not-searched = kan inte sökas på hela värdet.
problem-no-such-state = är inget läge som finns.
problem-no-parent = hör inte till någon akt som finns.
problem-not-an-organisation-number = är inget organisationsnummer: tio siffror med rätt kontrollsiffra.
problem-not-a-number = är inget tal, eller har för många decimaler.
problem-out-of-range = ligger utanför det som kan anges här.
problem-not-an-amount = är inget belopp. Skriv till exempel 1200,50.
problem-not-a-file = beskriver ingen fil. Skriv namn; mediatyp; storlek i byte; SHA-256.
problem-not-a-record = är ingen post som finns här. Skriv postens beteckning, 32 tecken.

home-page = Översikt
home-title = { $role } hos { $at }
home-try = Prova det här
home-go = Hit kan du gå
home-provider = Kundernas uppgifter är stängda
home-provider-what = Du ser en kunds uppgifter bara inom ett supportärende som kunden har öppnat, och då bara det som avtalet låter din roll se.
home-open-cases = { $count ->
    [0] Inga ärenden är öppna.
    [one] 1 ärende är öppet, och leverantörens support kan arbeta i det.
   *[other] { $count } ärenden är öppna, och leverantörens support kan arbeta i dem.
 }
home-see-cases = Se ärendena
