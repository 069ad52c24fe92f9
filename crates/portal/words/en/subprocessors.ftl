# The public page of subprocessors, rendered from the agreement's terms and nothing else.

subprocessors-title = Subprocessors
subprocessors-lead = { $count ->
    [0] The agreement for { $service } accepts no subprocessors.
    [one] The agreement for { $service } accepts one subprocessor.
   *[other] The agreement for { $service } accepts { $count } subprocessors.
}
subprocessors-version = The list is that of the agreement's version { $version }.
subprocessors-published = Published: { $published }.
subprocessors-published-not-found = The agreement does not say when the version was published.
subprocessors-everyone-else = Every other recipient and place is refused.
subprocessors-caption = Subprocessors under the agreement
subprocessors-name = Name
subprocessors-task = Task
subprocessors-place = Country and place
subprocessors-place-only = Place
subprocessors-country = Country
subprocessors-categories = Which personal data
subprocessors-flag = Worth knowing
subprocessors-clause = Clause
subprocessors-id = Id
subprocessors-none-known = nothing in particular
subprocessors-country-not-found = The agreement does not give the country. Therefore nothing may be sent there.
subprocessors-place-not-found = The agreement does not give the place.
subprocessors-categories-not-found = The agreement does not say which data. Therefore it may receive none.
subprocessors-categories-none = None, says the agreement
subprocessors-categories-declared = All data that the agreement declares: { $categories }
subprocessors-place-none = No particular place, says the agreement
subprocessors-country-none = No country, says the agreement
subprocessors-json = Download as JSON
subprocessors-csv = Download as CSV
subprocessors-source = Source: the agreement
subprocessors-mentioned = Named in the text but no subprocessor
subprocessors-mentioned-lead = These are named in the text of the agreement without being listed. They receive no personal data.

# Countries by ISO 3166-1; others are shown by their code.

country-se = Sweden
country-no = Norway
country-dk = Denmark
country-fi = Finland
country-is = Iceland
country-de = Germany
country-nl = Netherlands
country-be = Belgium
country-lu = Luxembourg
country-fr = France
country-ie = Ireland
country-es = Spain
country-pt = Portugal
country-it = Italy
country-at = Austria
country-pl = Poland
country-cz = Czechia
country-sk = Slovakia
country-hu = Hungary
country-ro = Romania
country-bg = Bulgaria
country-gr = Greece
country-hr = Croatia
country-si = Slovenia
country-ee = Estonia
country-lv = Latvia
country-lt = Lithuania
country-mt = Malta
country-cy = Cyprus
country-li = Liechtenstein
country-ch = Switzerland
country-gb = United Kingdom
country-us = United States
country-ca = Canada
country-au = Australia
country-nz = New Zealand
country-in = India
country-jp = Japan
country-il = Israel
country-ua = Ukraine
