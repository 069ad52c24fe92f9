# Korta besked. Varje nyckel har en rubrik och, med -what, en mening.

answer-to-start = Till startsidan
answer-missing = Sidan finns inte
answer-missing-what = Det finns inget på den här adressen, eller inget som du har tillgång till.
answer-too-large = För mycket på en gång
answer-too-large-what = Det som skickades är större än 256 KiB och lästes inte. Ingenting har ändrats. Dela upp det och försök igen.
answer-session-ended = Du är inte inloggad
answer-session-ended-what = Inloggningen har gått ut. Ingenting har ändrats. Logga in och gör om det du gjorde.
answer-form-expired = Formuläret gäller inte längre
answer-form-expired-what = Formuläret hör till en annan inloggning. Ingenting har ändrats. Gå tillbaka, ladda om sidan och skicka igen.
answer-form-unreadable = Formuläret gick inte att läsa
answer-form-unreadable-what = Ingenting har ändrats. Gå tillbaka och försök igen.
answer-foreign-form = Begäran kom från en annan webbplats
answer-foreign-form-what = Den utfördes inte, och ingenting har ändrats.
answer-invalid = Uppgifterna kunde inte tas emot
answer-invalid-what = Ingenting har ändrats. Gå tillbaka, rätta och försök igen.
answer-conflict = Någon annan hann före
answer-conflict-what = Uppgifterna har ändrats sedan du läste dem. Ingenting har skrivits över. Läs om sidan och försök igen.
answer-unavailable = Tjänsten kan inte svara just nu
answer-unavailable-what = Ingenting har blivit halvgjort. Försök igen om en stund. Håller det i sig, kontakta leverantören.
answer-fault = Något gick fel hos oss
answer-fault-what = Felet är antecknat. Det som redan har bekräftats finns kvar.
answer-choose-case = Välj ett ärende först
answer-choose-case-what = Leverantörens personal ser en kunds uppgifter bara inom ett ärende som kunden har öppnat. Välj ärende vid supportbordet.
answer-needs-parent = Välj först vem det gäller
answer-needs-parent-what = Det här läggs till från en akt. Öppna akten och lägg till där.
