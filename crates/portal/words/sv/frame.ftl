# Sidornas ram: sidhuvud, navigering, sidfot.

clause = punkt { $number }
frame-skip = Till innehållet
frame-navigation = Tjänstens sidor
frame-log-in = Logga in
frame-log-out = Logga ut
frame-desk = Supportbordet
frame-cases = Supportärenden
frame-who-looked = Vem har sett
frame-agreement = Avtalet
frame-subprocessors = Underbiträden
frame-in-case = Du arbetar i ärende { $case } hos { $customer }. Ändamål: { $purpose }.
frame-leave-case = Till supportbordet
frame-unknown-customer = okänd kund
frame-demo = Demo, bara påhittade personer.
frame-clock = Klockan är ställd på
frame-change-person = Byt person
frame-promise = avtalet avgör varje läsning och ändring, och var och en står i loggen.
frame-views = Uppföljning
