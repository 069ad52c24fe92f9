# Avtalets sida: fakta först, sedan vem som får se vad, varningar och klausulerna.

agreement-title = Avtalet
agreement-your-version = Det här är den version som gäller för er.
agreement-general-version = Det här är den allmänna versionen. Är du kund, logga in för att se den version som gäller er.
agreement-older-version = Det här är en äldre version. Den gäller inte längre.
agreement-future-version = Den här versionen har inte börjat gälla.
agreement-download = Hämta avtalet som det är skrivet (Markdown)
agreement-hash = Filens fingeravtryck (SHA-256)

agreement-facts = Fakta
agreement-facts-controller = Personuppgiftsansvarig
agreement-facts-processor = Personuppgiftsbiträde
agreement-facts-registration = organisationsnummer { $number }
agreement-facts-version = Version
agreement-facts-published = Publicerad
agreement-facts-from = Gäller från
agreement-facts-purposes = Ändamål
agreement-facts-subjects = Registrerade
agreement-facts-subprocessors = Underbiträden
agreement-facts-roles = Roller
agreement-facts-log = Accessloggen sparas
agreement-subprocessor-count = { $count ->
    [0] inga
    [one] ett
   *[other] { $count } stycken
}
agreement-subject-undeclared = { $name } (inte uppräknade i avtalet)
agreement-clause = punkt { $number }
agreement-clause-unnumbered = klausulen

agreement-not-found = Finns inte i texten
agreement-none = Inget, enligt avtalet
agreement-provenance-stated = uttryckligen angivet
agreement-provenance-derived = följer av texten
agreement-provenance-set = satt av leverantören, inget löfte i avtalet
agreement-provenance-not-found = finns inte i texten
agreement-looked-for = Det som söktes: { $note }

agreement-versions = Versioner
agreement-versions-caption = Versioner som har gällt för er, nyast först
agreement-versions-version = Version
agreement-versions-from = Gäller från
agreement-versions-hash = Fingeravtryck
agreement-versions-now = gäller nu

agreement-may-heading = Vem som får se och göra vad
agreement-may-caption = Räknat ur avtalets regler. Det som inte står här är inte tillåtet. Det som leverantören har satt är inget löfte i avtalet.
agreement-may-role = Roll
agreement-may-verbs = Får
agreement-may-subject = Uppgifter om
agreement-may-categories = Vilka uppgifter
agreement-may-purpose = Ändamål
agreement-may-within = Villkor
agreement-may-reach = bara { $what }
agreement-reach-own = det egna
agreement-reach-assigned = det som är tilldelat
agreement-reach-unit = den egna enhetens
agreement-reach-or = eller
agreement-may-with-consent = bara med den registrerades samtycke
agreement-may-within-case = bara inom ärendet { $case }
agreement-may-always = inget
agreement-provenance-set-short = satt av leverantören
agreement-may-clause = Punkt
agreement-may-none = Avtalet har inga sådana regler, och då är ingenting tillåtet.
agreement-side-controller = { $role } (kunden)
agreement-side-processor = { $role } (leverantören)
agreement-side-subject = { $role } (den registrerade själv)
agreement-side-platform = { $role } (plattformens eget arbete)
agreement-all-declared = alla uppgifter som avtalet anger: { $categories }

agreement-warnings = Att veta om avtalet
agreement-warnings-lead = Det här har granskningen av texten hittat. Det ändrar inte vad som gäller, men ni bör känna till det.
agreement-warnings-none = Granskningen av texten fann ingenting att varna för.

agreement-clauses = Klausulerna
agreement-clauses-contents = Innehåll
agreement-swedish-governs = Avtalet är skrivet på svenska, och den svenska texten gäller.
agreement-english-governs = Avtalet är skrivet på engelska, och den engelska texten gäller.
agreement-english-reading = Det här är en engelsk läsning till hjälp. Den svenska texten gäller.
agreement-terms-run = Villkor som körs ({ $number })
agreement-terms-run-unnumbered = Villkor som körs
agreement-terms-lead = De här raderna läser programmet. De avgör vad som tillåts.
agreement-missing-title = Det finns inget avtal att visa
agreement-missing = Tjänsten har inget avtal i kraft, och då behandlar den inga personuppgifter.

agreement-warning-not-found = Texten säger inget om detta
agreement-warning-required = Ett dokument hör till avtalet men finns inte här
agreement-warning-not-declared = Uppgifter om personer som avtalet inte räknar upp
agreement-warning-unused = Något är infört men används inte
agreement-warning-vague-place = En mottagares plats är oklar
agreement-warning-flagged = En mottagare kräver uppmärksamhet
agreement-warning-mentioned = En organisation nämns men är ingen mottagare

agreement-exception = I kraft med undantag för { $of }: { $why }. Beslutat av { $who }, gäller till och med { $until }.
agreement-exception-ended = Undantaget för { $of } löpte ut { $until }: { $why }. Det beslutades av { $who }. Ingen ny kund får avtalet så.
