# Perché un obiettivo ha il suo stato.

reason-met = È rendicontato quanto promesso.
reason-late = La scadenza è arrivata ed è rendicontato meno di quanto promesso.
reason-on-track = Niente è in ritardo e ciò che scade a breve è iniziato.
reason-overdue = { $count ->
    [one] Un elemento è in ritardo.
   *[other] { $count } elementi sono in ritardo.
}
reason-unbegun = { $count ->
    [one] Un elemento scade a breve e nulla mostra che sia iniziato.
   *[other] { $count } elementi scadono a breve e nulla mostra che siano iniziati.
}
reason-missing = { $missing } su { $goal } non sono ancora in programma, ed è passato più del { $percent }% del tempo.
reason-norm = Un elemento misurato non rispetta la norma.
