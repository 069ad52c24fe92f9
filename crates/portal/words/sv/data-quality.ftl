# Fritext som ser ut som uppgifter utanför specifikationen.

quality-title = Datakvalitet
quality-title-what = Fritext som ser ut att innehålla annat än specifikationen tillåter.
quality-lead = Här visas fritext som ser ut att innehålla uppgifter utanför avtalets specifikation: personnummer, andras kontaktuppgifter, ord om hälsa, religion, fack och liknande. Det är en gissning om texten, aldrig om personen. Läs den, och ta bort det som inte ska stå där.
quality-added = Det här har ni själva lagt till specifikationen:
quality-choose = Välj vad som ska läsas igenom
quality-no-kinds = Det finns ingen fritext som din behörighet får läsa.
quality-count = { $count } ställen i { $read } lästa. Läsningen står i loggen.
quality-caption = Ställen att läsa igen
quality-record = Post
quality-field = Fält
quality-found = Vad det liknar
quality-looked = Granskat
quality-mark = Jag har granskat
quality-more = Läs nästa del
quality-personnummer = personnummer
quality-email = e-postadress
quality-phone = telefonnummer
