# Date, numeri e parole comuni a tutti i messaggi.

weekday = { $weekday ->
    [1] lunedì
    [2] martedì
    [3] mercoledì
    [4] giovedì
    [5] venerdì
    [6] sabato
   *[7] domenica
}
month = { $month ->
    [1] gennaio
    [2] febbraio
    [3] marzo
    [4] aprile
    [5] maggio
    [6] giugno
    [7] luglio
    [8] agosto
    [9] settembre
    [10] ottobre
    [11] novembre
   *[12] dicembre
}
date = { $day ->
    [1] 1º
   *[other] { $day }
} { $month } { $year }
date-short = { $day ->
    [1] 1º
   *[other] { $day }
} { $month }
date-long = { $weekday } { $date }
date-month = { $month } { $year }
span = { $from } – { $to }
span-days = { $from }–{ $to } { $month } { $year }
span-months = { $from }–{ $to } { $year }
number-group = .
number-decimal = ,
money-sign = { $amount }{"\u00A0"}{ $sign }
money-code = { $amount }{"\u00A0"}{ $code }
percent = { $number }%
list-and = { $first } e { $last }
and-more = e altri { $count }

kind-staff-exchange = Scambio di personale
kind-visit = Visita tematica
kind-event = Incontro
kind-action-plan = Piano d’azione
kind-policy = Politica
kind-champion = Campione dell’integrazione
kind-champion-workshop = Workshop dei campioni
kind-guide = Guida
kind-video = Video
event-conference = Conferenza
event-project-meeting = Incontro di progetto
event-preparatory-meeting = Incontro preparatorio
event-working-meeting = Incontro di lavoro
event-peer-review = Revisione tra pari
event-webinar = Webinar
event-public = Evento pubblico
visit-numbered = Visita tematica { $number } della { $community }
community-short = CoP{ $number }
state-planned = previsto
state-confirmed = confermato
state-reported = rendicontato
state-verified = verificato
state-returned = rinviato per integrazioni
state-cancelled = annullato
mode-in-person = In presenza
mode-online = Online
mode-hybrid = In presenza e online
all-partners = tutti i partner

category-exchange-reminder = i promemoria degli scambi di personale
category-visit-reminder = i promemoria delle visite
category-meeting-reminder = i promemoria degli incontri
category-due-reminder = promemoria delle scadenze
category-digest = i riepiloghi settimanali
category-progress-report = i rapporti di avanzamento
category-question = le domande alla Sua organizzazione
category-sign-in = l'accesso
category-new-token = i nuovi token
why-for = Riceve { $kind } di { $project } perché agisce per { $partners }.
why-alone = Riceve { $kind } di { $project } per il Suo ruolo nel progetto.
footer-unsubscribe = Non ricevere più questi messaggi
footer-open = Aprire il progetto { $project }
footer-programme = Cofinanziato dal { $programme }.

not-measured = non misurato
no-amount-known = nessun importo noto
of-goal = { $reported } su { $goal }
norm-met = { $met } su { $measured } misurati la rispettano
norm-nothing-measured = ancora nulla di misurato
norm-of-days = { $days } giorni
status-met = raggiunto
status-on-track = in linea
status-at-risk = a rischio
status-late = in ritardo
