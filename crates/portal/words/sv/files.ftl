# Filer som hör till uppgifter: uppladdning, visning, hämtning, och vad som var fel med en fil.

files-takes = Tar emot: { $forms }. Högst { $max }.
files-stripped = Platsuppgifter och annat som kameran skrivit in tas bort innan bilden sparas.
files-not-scanned-here = Filer genomsöks inte efter skadlig kod här: ingen genomsökning är inställd.
files-kept-now = Nu finns:
files-waiting = Filen är mottagen och sparas tillsammans med resten:
files-replace = Välj en fil för att ersätta den, annars ligger den kvar.
files-remove = Ta bort filen
files-open = Öppna
files-download = Hämta
files-look = Visa
files-look-title = { $field } · { $number }
files-size = { $size }
files-picture-of = { $field }
files-look-note = Visas avskilt, utan skript. Att du öppnat filen står i loggen.
files-cannot-look = Den här sortens fil kan inte visas här. Hämta den i stället.
files-back = Tillbaka till uppgiften
files-hash = SHA-256

problem-file-too-large = är större än vad fältet tar emot, { $max }. Inget av filen sparades.
problem-file-empty = är tom. Välj en fil med innehåll.
problem-file-form = är av en sort som fältet inte tar emot. Filens innehåll avgör, inte dess namn. Se vad som tas emot under fältets namn.
problem-not-a-picture = går inte att läsa som en bild, fast den börjar som en. Spara om bilden som JPEG eller PNG och försök igen.
problem-picture-too-large = har fler bildpunkter än vad som tas emot. Förminska bilden och försök igen.
problem-file-active = innehåller något som körs när dokumentet öppnas: ett skript, ett programstart eller en inbäddad fil. Skriv ut dokumentet till en ny PDF och försök igen.
problem-file-locked = går inte att granska: den är lösenordsskyddad eller packad på ett sätt som döljer innehållet. Skriv ut den till en ny PDF utan lösenord och försök igen.
problem-file-macros = innehåller makron. Spara dokumentet utan makron, eller som PDF, och försök igen.
problem-file-malware = innehåller skadlig kod enligt genomsökningen. Inget av filen sparades, och försöket står i loggen.
problem-file-cut-off = kom inte fram hel. Inget av filen sparades. Skicka den igen.
problem-file-gone = väntade för länge på att sparas och är borttagen. Välj filen igen.
who-looked-event-malware = Skadlig kod i en fil, som avvisades
