# Rapporti di avanzamento, come messaggio e come pagina.

report-subject = { $project }: rapporto di avanzamento, { $period }
report-title = Rapporto di avanzamento, { $period }
report-lead = Situazione di { $day }: obiettivi principali raggiunti { $met } su { $all }. { $overdue ->
    [0] Niente è in ritardo.
    [one] Un risultato è in ritardo.
   *[other] { $overdue } risultati sono in ritardo, { $organisations ->
        [0] nessuno guidato da un’organizzazione.
        [one] con un’organizzazione che deve agire.
       *[other] con { $organisations } organizzazioni che devono agire.
    }
}
report-headline = Obiettivi principali
report-others = Altri obiettivi
report-in-period = Nuovi dati rendicontati, { $period }
report-nothing-moved = Nessun dato è cambiato, { $period }.
report-by-community = Obiettivi principali per comunità
report-by-community-note = Rendicontati/previsti. Un punto: niente previsto; un trattino: non misurato.
no-community = nessuna
report-changes = Che cosa è successo, { $period }
report-no-changes = Non è successo niente che i dati riportino, { $period }.
report-blockers = Che cosa è in ritardo e chi deve agire
report-no-blockers = Niente è in ritardo.
overdue-count = { $count } in ritardo
nobody = Nessuna organizzazione li guida
report-ahead = I prossimi 60 giorni
report-nothing-ahead = Niente comincia o scade nei prossimi 60 giorni.
report-money = Fondi
report-no-money = Nessun importo è noto.
report-unknown-shares = { $count ->
    [0] Le quote di tutti i partner sono note.
    [one] La quota di un partner non è nota.
   *[other] Le quote di { $count } partner non sono note.
}
report-files = Il rapporto completo
report-page = Come pagina da leggere e stampare
report-table = Come tabella (CSV)
report-data = Come dati (JSON), con i record contati
report-rules = Come si contano i dati
report-undated = Ciò che è documentato senza un giorno conta dalla fine del mese o del periodo noto, altrimenti dalla fine del progetto; ciò che era previsto conta come noto dall’inizio.
report-reconciles = Ogni totale contato o sommato è uguale alla somma delle sue parti, per comunità e per organizzazione che guida.
report-does-not-reconcile = Alcuni totali non sono uguali alla somma delle loro parti. Lo segnali a chi coordina.

page-target = Obiettivo
page-goal = Valore
page-planned = Previsti
page-reported = Rendicontati
page-verified = Verificati
page-share = Quota
page-status = Stato
page-due = Scadenza
page-gain = Nel periodo
page-counted = I record che formano i dati
page-counted-none = Ancora nessuno è rendicontato.
page-burn-up = Mese per mese
page-burn-up-note = A gradini: rendicontati; linea tratteggiata: previsti; linea piana: l’obiettivo. Da { $from } a { $to }.
page-chart = { $label }: alla fine { $value }
page-footer = Prodotto: { $day }, { $time } UTC, dalla revisione { $revision } dei dati del progetto.
page-plan-note = I previsti comprendono i rendicontati e i rendicontati i verificati. Stato e quota seguono i rendicontati; nessuna quota è limitata.
page-grant = Convenzione di sovvenzione { $number }
