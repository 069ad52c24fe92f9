# Första sidan, inloggningen och demons klocka.

login-title = Logga in
login-name = Användarnamn
login-password = Lösenord
login-code = Engångskod
login-code-help = Sex siffror från din autentiseringsapp. Krävs för leverantörens personal.
login-personal = Kontot är personligt. Låna inte ut det: allt du gör står i loggen i ditt namn.
login-wrong = Användarnamn, lösenord eller engångskod stämmer inte. Försök igen.
login-code-needed = Fyll i engångskoden också, och skriv lösenordet igen.
login-too-many = För många försök
login-too-many-what = { $minutes ->
    [one] Vänta en minut innan du försöker igen. Inget konto har låsts.
   *[other] Vänta { $minutes } minuter innan du försöker igen. Inget konto har låsts.
 }

first-title = Betrodd: tjänsten som följer sitt biträdesavtal
first-what = Här körs en webbtjänst vars personuppgiftsbiträdesavtal är en text som både en jurist läser och programmet följer.
first-how = Avtalet avgör varje läsning och ändring av personuppgifter, och det som inte är tillåtet får ett nej med klausul; båda står i en logg som kunden kan läsa och kontrollera.
first-demo = Det här är en demo med påhittade personer: gå in som vem du vill och se samma akt från kundens och leverantörens sida.
first-services = Tjänsterna, var och en med sitt avtal
first-people = { $count ->
    [one] (1 person)
   *[other] ({ $count } personer)
 }
first-customers = kund, personuppgiftsansvarig
first-provider = leverantör, personuppgiftsbiträde
first-enter = Gå in som { $name }
first-public = Öppet för alla, utan inloggning
first-real = Logga in på riktigt
first-real-what = Det går också att logga in med användarnamn och lösenord; leverantörens personal behöver dessutom en engångskod.
first-to-login = Till inloggningen
first-passwords = Demons lösenord
first-passwords-caption = Gäller bara i den här demomappen
first-person = Person
first-totp = Nyckel för engångskoder (TOTP)
first-clock = Se och flytta demons klocka

clock-title = Demons klocka
clock-now = Klockan är nu
clock-what = Klockan kan bara flyttas framåt: det som hänt har hänt, och loggen räknar aldrig bakåt.
clock-to = Flytta till
clock-to-help = Datum och klockslag i svensk tid, till exempel 2026-12-01T09:00.
clock-move = Flytta klockan
clock-no-time = Det här är ingen tidpunkt. Skriv till exempel 2026-12-01T09:00.
first-read = Har du ett eget avtal?
first-read-what = Lämna in det som text, Word-fil, webbsida eller PDF: Betrodd säger vad det är, vad det säger med citat och rad, och vad det inte säger. Ingenting sparas.
first-to-read = Läs ett avtal
