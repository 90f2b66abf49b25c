# Il riepilogo settimanale.

digest-subject = { $project } questa settimana: { $counts }
count-overdue = { $count } in ritardo
count-complete = { $count } da completare
count-verify = { $count } da verificare
count-coming = { $count } in arrivo
count-schedule = { $count } da fissare
count-deliver = { $count } in scadenza
count-plan = { $count } da programmare
count-decide = { $count } da decidere
count-outcome = { $count } di cui dire l’esito
count-changes = { $count ->
    [one] una novità
   *[other] { $count } novità
}
digest-week = Riepilogo settimanale, { $day }
digest-duties = { $count ->
    [one] Una cosa La aspetta.
   *[other] { $count } cose La aspettano.
}
digest-no-duties = Niente La aspetta.
digest-changed = { $count ->
    [one] Una novità nel progetto da { $day }.
   *[other] { $count } novità nel progetto da { $day }.
}
digest-no-changes = Nessuna novità nel progetto da { $day }.
digest-changes = Novità da { $day }
digest-figures = A che punto è il progetto
digest-as-of = Situazione di { $day }. I dati contano ciò che è rendicontato con prove.

group-overdue = In ritardo
group-due = Da completare
group-verify = In attesa di verifica
group-schedule = Giorni da fissare
group-deliver = In scadenza
group-plan = Obiettivi programmati solo in parte
group-decide = Proposte per Lei
group-outcome = Che cosa ne è stato
group-coming = In arrivo nei prossimi 60 giorni
todo-report = Lo rendiconti con le prove; se non si terrà, lo annulli.
todo-complete = È stato rinviato: aggiunga ciò che manca.
todo-verify = Controlli il resoconto e le prove, poi lo accetti o lo rinvii.
todo-prepare = Verifichi che date, programma e viaggi siano definiti.
todo-schedule = Ne fissi i giorni; se non si terrà, lo annulli.
todo-deliver = Lo concluda e lo rendiconti con le prove; se non si farà, lo annulli.
todo-evidence = È rendicontato, ma conta solo con le prove: le aggiunga.
todo-endorse = Conta solo dopo l’approvazione di un ente pubblico: la registri.
todo-plan = Programmi il resto.
todo-decide = La accetti, o la respinga e dica perché.
todo-outcome = Dica che cosa ne è stato della sfida posta, e quali consigli fa propri.
asked-since = Richiesto dal { $day }.
decide-by = Decade dopo { $day }.
open-proposal = Leggere e decidere
proposed-dates = Altre date per { $what }
proposed-change = Altri dati per { $what }
proposed-showing = Un altro progetto vuole mostrare { $what }
proposed-programme = il programma { $what }
proposed-person = una persona del progetto
proposed-by = { $who } propone { $dates }: { $reason }
proposed-dates-only = Proposta: { $dates }. { $reason }
proposed-fields = Proposta: { $fields }.
unplanned = { $missing } su { $goal } non sono ancora in programma.
days-planned = Previsto per { $dates }: i giorni vanno fissati entro { $day }.
days-due = I giorni vanno fissati entro { $day }.
missing = Manca: { $what }
was-due = Scadenza: { $day }, { $days ->
    [one] un giorno fa.
   *[other] { $days } giorni fa.
}
is-due = Scadenza: { $day }.
reported-on = Rendicontato: { $day }.
starts-in = { $dates }, { $days ->
    [one] domani.
   *[other] tra { $days } giorni.
}
starts-month = { $dates }, giorni non ancora fissati.
goes-on = In corso: { $dates }.
nobody-leads = Ancora nessuno lo guida: indichi un’organizzazione.
change = { $day }: { $what }
change-moved = spostato, nuove date: { $dates }
