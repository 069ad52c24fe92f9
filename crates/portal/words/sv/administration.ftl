# Det som kundens administratör gör.

frame-administration = Administration
administration-title = Administration
administration-lead = Här bestämmer ni sådant som är ert eget. Avtalet säger vem som får göra vad; det ändras inte här.
administration-file = Vår fil
administration-file-what = Enheter och andra listor, samtyckestexten, tillägg till specifikationen och programmets regler.
answer-only-administrator = Bara för administratörer
answer-only-administrator-what = Den här sidan är för den roll som enligt avtalet administrerar konton hos kunden. Be er administratör.
api-not-administrator = Bara för administratörer
api-not-administrator-detail = Det här är för den roll som enligt avtalet administrerar konton hos kunden.
api-not-administrator-what = Den roll som anropets konto har administrerar inte kunden. Avtalet säger vilken roll som gör det.
