# Promemoria di scambi di personale, visite e incontri.

reminder-subject = { $when }: { $what }
in-days = { $days ->
    [0] Oggi
    [1] Domani
   *[other] Tra { $days } giorni
}
under-way = In corso
days-open = Date da fissare
reminder-lead = { $days ->
   *[other] { $when }, { $day }.
}
reminder-lead-open = Le date non sono ancora fissate.
part-host = È Lei a ospitare.
part-guest = Partecipa come ospite in visita.
part-expert = Facilita l’incontro in qualità di esperto.
part-participant = È tra i partecipanti.

due-subject = { $days ->
    [0] Scade oggi
    [1] Scade domani
   *[other] Scade tra { $days } giorni
}: { $what }
due-lead-days = È in programma senza giorni fissati: vanno fissati entro { $day }.
due-lead = La scadenza è { $day }.
part-lead = Lo guida la Sua organizzazione.
part-unled = Ancora nessuno lo guida: spetta a Lei.
part-stand-in = Lo guida { $lead }, ma qui nessuno agisce per { $lead }.
due-settle-days =
    Concordi i giorni con chi partecipa e li fissi in Connection.
    Se non si terrà, lo annulli e ne dica il motivo.
due-settle-report =
    Lo concluda e lo rendiconti in Connection, con le prove.
    Se non si farà, lo annulli e ne dica il motivo.
due-settle-evidence =
    Aggiunga le prove in Connection: è rendicontato, ma senza prove non conta.
due-name-lead = Indichi un’organizzazione che lo guidi.
due-after = Conta per l’obiettivo solo quando è rendicontato con le prove.
fact-due = Scadenza
fact-planned = In programma
fact-lead = Guidato da

reminder-moved = Spostato
moved = Date precedenti: { $before }.
moved-why = Date precedenti: { $before }. Motivo: { $reason }.

fact-when = Quando
fact-first-planned = Previsto inizialmente
fact-where = Dove
fact-mode = Modalità
fact-host = Chi ospita
fact-organiser = Chi organizza
fact-guests = In visita
fact-partners = Partner
fact-participants = Partecipano anche
fact-community = Comunità
when-open = date non ancora fissate
when-month = { $span } (giorni non ancora fissati)
when-days = da { $from } a { $to }, { $span } ({ $days } giorni)

reminder-prepare = Da preparare adesso
reminder-agenda = In programma
agenda-day = Giorno { $day }
part-morning = mattina
part-afternoon = pomeriggio
part-evening = sera
reminder-know = Da sapere
norm-days = { $days ->
    [one] La norma è di un giorno per ogni tappa di un abbinamento.
   *[other] La norma è di { $days } giorni per ogni tappa di un abbinamento; un soggiorno più breve non la rispetta.
}
leg-one = È la prima tappa, presso la città mentore: serve a raccogliere idee e a vedere da vicino come funzionano le politiche.
leg-two = È la seconda tappa, nella città che attua la politica: serve ad adattare al contesto locale quanto appreso.
clock-ahead = Da chi ospita, { $host } ({ $there }), l’orologio è avanti di { $gap } rispetto al Suo: le 09:00 di là sono le { $hour } per Lei ({ $here }).
clock-behind = Da chi ospita, { $host } ({ $there }), l’orologio è indietro di { $gap } rispetto al Suo: le 09:00 di là sono le { $hour } per Lei ({ $here }).
hours = { $hours ->
    [one] un’ora
   *[other] { $hours } ore
}
minutes = { $minutes } minuti
reminder-after = Dopo
after-exchange-host = Rendiconti lo scambio in Connection con le prove: il programma, i fogli firma e le fotografie. Solo allora conta per l’obiettivo.
after-exchange-guest = Chi ospita rendiconta lo scambio con le prove. Aggiunga che cosa ha imparato e che cosa adatterà a casa, finché il ricordo è fresco.
after-visit-host = Rendiconti la visita in Connection con le prove: il programma, le presenze e le fotografie. Solo allora conta per l’obiettivo.
after-visit = Chi ospita rendiconta la visita con le prove. Aggiunga le sfide discusse e i consigli ricevuti.
after-meeting = Il verbale e l’elenco dei partecipanti vanno in Connection come prove.
reminder-calendar = In allegato trova le date per il Suo calendario.
