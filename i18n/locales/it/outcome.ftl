# La domanda su che cosa ne è stato di una sfida che una città ha posto ai suoi pari.

outcome-subject = Che cosa ne è stato { $count ->
    [one] della Sua sfida
   *[other] delle Sue { $count } sfide
}? { $what }
outcome-lead = { $count ->
    [one] Qui è stata posta una sfida ai pari: { $what }. Che cosa ne è stato da allora?
   *[other] Qui sono state poste { $count } sfide ai pari: { $what }. Che cosa ne è stato da allora?
}
outcome-of = { $who }: { $text }
outcome-advice = { $text } ({ $who })
outcome-link = Risponda
outcome-todo = Che cosa dire
outcome-settle =
    Dica in poche parole che cosa ne è stato, anche se non ne è nato nulla.
    Segni quali consigli fa propri, e dove: in una misura del Suo piano d’azione, in una politica, o da nessuna parte, e perché.
outcome-after = Chi ha dato consigli ne impara. Glielo chiediamo al massimo tre volte, e non più dopo la Sua risposta.
