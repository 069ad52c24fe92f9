# Kontrollpunkter: det som kunden tar med sig och sparar.

checkpoints-title = Kontrollpunkter
checkpoints-link = Kontrollpunkter: spara dem utanför tjänsten, så kan ni visa om loggen skrivits om
checkpoints-what = En kontrollpunkt säger hur många rader er logg har och vilken kontrollsumma de ger, undertecknat av leverantören. Den som har sparat en kan alltid pröva om loggen fortfarande börjar med samma rader.
checkpoints-now = Den senaste kontrollpunkten
checkpoints-now-what = Spara den utanför tjänsten. Den innehåller inga personuppgifter.
checkpoints-none = Ingen kontrollpunkt har skrivits ännu. Den första kommer inom någon sekund efter den första raden i loggen.
checkpoints-keep = Hämta kontrollpunkten
checkpoints-file = kontrollpunkt
checkpoints-key = Nyckeln som underteckningen prövas med
checkpoints-key-what = Skriv upp den nu, och jämför med den som ni får på annat sätt av leverantören. Byts den utan att ni fått veta det, ska ni fråga varför.
checkpoints-check = Så prövar ni
checkpoints-check-what = Programmet verify behöver inga nycklar till era uppgifter och litar inte på tjänsten. Formaten är öppna (C2SP tlog-tiles, tlog-checkpoint och tlog-proof), så andra program går också bra.
checkpoints-check-proof = Ett bevis för en rad, utan nät
checkpoints-check-log = Hela loggen, över nätet, med en av era programnycklar
checkpoints-check-kept = Och mot en kontrollpunkt som ni sparat
checkpoints-limits = Detta visar att rader inte ändrats, tagits bort eller lagts in i efterhand. Det visar inte rader som aldrig skrevs. Att hela loggen ställts tillbaka märks bara mot en kontrollpunkt som ni har sparat.
checkpoints-past = Tidigare kontrollsummor
checkpoints-past-what = Vad installationens egen logg har antecknat om er logg, senaste först. En kontrollpunkt som ni sparat med samma antal rader ska ha samma kontrollsumma.
checkpoints-past-none = Inga ännu. Installationens logg antecknar ungefär en gång i minuten.
checkpoints-past-caption = Tidigare kontrollsummor, senaste först
checkpoints-column-time = När
checkpoints-column-size = Rader
checkpoints-column-root = Kontrollsumma
checkpoints-title-what = Det senaste undertecknade beviset på hur loggen ser ut, att spara utanför tjänsten.
