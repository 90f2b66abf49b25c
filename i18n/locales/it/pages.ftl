# Pagine a cui si arriva da un messaggio, o per riceverne uno.

sign-in-form-lead = Scriva l’indirizzo a cui questa installazione Le manda la posta e riceverà un link. Lo apra in questo browser.
sign-in-form-address = Indirizzo
sign-in-form-button = Richiedere un link
sign-in-sent-title = Guardi la Sua posta
sign-in-sent = Se con questo indirizzo si può accedere, un link è in arrivo. Si può usare una volta sola, entro 15 minuti e in questo browser.
sign-in-sent-nothing = Non è arrivato niente? A un indirizzo si mandano soltanto pochi link all’ora. Chi coordina il progetto sa quale Suo indirizzo è registrato.
sign-in-sent-again = Ne chieda un altro
sign-in-use = Con questo link accede, in questo browser.
sign-in-gone-title = Questo link non funziona
sign-in-gone = È già stato usato, i suoi 15 minuti sono passati o è arrivato incompleto.
sign-in-gone-again = Ne chieda uno nuovo.
sign-in-elsewhere-title = Apra questo link dove l’ha richiesto
sign-in-elsewhere = Funziona soltanto nel browser in cui l’ha richiesto, così nessun altro può usarlo.
sign-in-elsewhere-again = Ne chieda uno in questo browser.

unsubscribe-title = Interrompere questi messaggi
unsubscribe-ask = Non vuole più ricevere { $kind }? Non è ancora cambiato niente, e gli altri messaggi restano.
unsubscribe-button = Non ricevere più { $kind }
unsubscribe-done-title = Fatto
unsubscribe-done = Non riceverà più { $kind }. Gli altri messaggi restano.
unsubscribe-declined-title = Questi messaggi sono interrotti
unsubscribe-declined = Non riceve { $kind }: li ha interrotti. Gli altri messaggi restano.
unsubscribe-undo-ask = È stato un errore?
unsubscribe-undo-button = Ricevere di nuovo { $kind }
unsubscribe-undone = Riceverà di nuovo { $kind }, a partire dal prossimo. Gli altri messaggi restano.
unsubscribe-bad-link = Questo link non è dei nostri, oppure è arrivato incompleto. Lo apra dal messaggio stesso.

page-failed = Qualcosa non ha funzionato sul server. Non è cambiato niente; riprovi.
