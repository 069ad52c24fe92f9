# Den offentliga sidan om underbiträden, visad ur avtalets villkor och ingenting annat.

subprocessors-title = Underbiträden
subprocessors-lead = { $count ->
    [0] Avtalet för { $service } godkänner inga underbiträden.
    [one] Avtalet för { $service } godkänner ett underbiträde.
   *[other] Avtalet för { $service } godkänner { $count } underbiträden.
}
subprocessors-version = Listan är den i avtalets version { $version }.
subprocessors-published = Publicerad: { $published }.
subprocessors-published-not-found = Avtalet säger inte när versionen publicerades.
subprocessors-everyone-else = Alla andra mottagare och platser nekas.
subprocessors-caption = Underbiträden enligt avtalet
subprocessors-name = Namn
subprocessors-task = Uppgift
subprocessors-place = Land och plats
subprocessors-place-only = Plats
subprocessors-country = Land
subprocessors-categories = Vilka personuppgifter
subprocessors-flag = Att veta
subprocessors-clause = Punkt
subprocessors-id = Id
subprocessors-none-known = inget särskilt
subprocessors-country-not-found = Avtalet anger inte landet. Därför får inget skickas dit.
subprocessors-place-not-found = Avtalet anger inte platsen.
subprocessors-categories-not-found = Avtalet säger inte vilka uppgifter. Därför får det inga.
subprocessors-categories-none = Inga, enligt avtalet
subprocessors-categories-declared = Alla uppgifter som avtalet anger: { $categories }
subprocessors-place-none = Ingen särskild plats, enligt avtalet
subprocessors-country-none = Inget land, enligt avtalet
subprocessors-json = Hämta som JSON
subprocessors-csv = Hämta som CSV
subprocessors-source = Källa: avtalet
subprocessors-mentioned = Nämns i texten men är inget underbiträde
subprocessors-mentioned-lead = De här nämns i avtalets text utan att vara uppräknade. De får inga personuppgifter.

# Länder efter ISO 3166-1; andra visas med sin kod.

country-se = Sverige
country-no = Norge
country-dk = Danmark
country-fi = Finland
country-is = Island
country-de = Tyskland
country-nl = Nederländerna
country-be = Belgien
country-lu = Luxemburg
country-fr = Frankrike
country-ie = Irland
country-es = Spanien
country-pt = Portugal
country-it = Italien
country-at = Österrike
country-pl = Polen
country-cz = Tjeckien
country-sk = Slovakien
country-hu = Ungern
country-ro = Rumänien
country-bg = Bulgarien
country-gr = Grekland
country-hr = Kroatien
country-si = Slovenien
country-ee = Estland
country-lv = Lettland
country-lt = Litauen
country-mt = Malta
country-cy = Cypern
country-li = Liechtenstein
country-ch = Schweiz
country-gb = Storbritannien
country-us = USA
country-ca = Kanada
country-au = Australien
country-nz = Nya Zeeland
country-in = Indien
country-jp = Japan
country-il = Israel
country-ua = Ukraina
