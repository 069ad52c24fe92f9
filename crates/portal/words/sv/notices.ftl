# Meddelanden från leverantören till kundens administratörer.

notices-title = Meddelanden
notices-title-what = Meddelanden från leverantören, när de visades och när de lästes.
notices-lead = Leverantörens meddelanden till er. Ett meddelande ligger kvar på administratörernas startsida tills det är läst. När det först visades och när det lästes står i er logg.
notices-lead-provider = Meddelanden till kundernas administratörer. När ett meddelande visades och lästes hos en kund står i den kundens logg, och här.
notices-none = Inga meddelanden.
notices-csv = Hämta listan som CSV
notices-sent = Skickat
notices-effective = Gäller från
notices-to = Till
notices-to-all = alla kunder
notices-nobody = Ingen har fått det visat ännu.
notices-caption = Vem har fått «{ $subject }»
notices-who = Vem
notices-delivered = Visades första gången
notices-read = Lästes
notices-not-read = inte ännu
notices-mark-read = Läst
notices-new = Nytt meddelande
notices-new-what = Det visas genast för administratörerna hos kunden när de loggar in. Ingen e-post skickas. Skriv inga personuppgifter.
notices-effective-day = Gäller från, som 2026-12-01
notices-subject-sv = Ämne på svenska
notices-text-sv = Text på svenska
notices-subject-en = Ämne på engelska
notices-text-en = Text på engelska
notices-send = Skicka
notices-wrong-text = Skriv ämne och text på båda språken, ämnet högst 200 och texten högst 10 000 tecken. Ingenting är skickat.
