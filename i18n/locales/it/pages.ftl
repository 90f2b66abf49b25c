# Pagine a cui si arriva da un messaggio, o per riceverne uno.

sign-in-form-lead = Scrivete l’indirizzo a cui questa installazione vi manda la posta e riceverete un link. Apritelo in questo browser.
sign-in-form-address = Indirizzo
sign-in-form-button = Mandatemi un link
sign-in-sent-title = Guardate la vostra posta
sign-in-sent = Se con questo indirizzo si può accedere, un link è in arrivo. Si può usare una volta sola, entro 15 minuti e in questo browser.
sign-in-sent-nothing = Non è arrivato niente? A un indirizzo si mandano al massimo cinque link all’ora. Chi coordina il progetto sa quale vostro indirizzo è registrato.
sign-in-sent-again = Chiedetene un altro
sign-in-use = Con questo link accedete, in questo browser.
sign-in-gone-title = Questo link non funziona
sign-in-gone = È già stato usato, i suoi 15 minuti sono passati o è arrivato incompleto.
sign-in-gone-again = Chiedetene uno nuovo.
sign-in-elsewhere-title = Aprite questo link dove l’avete richiesto
sign-in-elsewhere = Funziona soltanto nel browser in cui l’avete richiesto, così nessun altro può usarlo.
sign-in-elsewhere-again = Chiedetene uno in questo browser.

unsubscribe-title = Interrompere questi messaggi
unsubscribe-ask = Non volete più ricevere { $kind }? Non è ancora cambiato niente, e gli altri messaggi restano.
unsubscribe-button = Non mandatemi più { $kind }
unsubscribe-done-title = Fatto
unsubscribe-done = Non riceverete più { $kind }. Gli altri messaggi restano.
unsubscribe-declined-title = Questi messaggi sono interrotti
unsubscribe-declined = Non ricevete { $kind }: li avete interrotti. Gli altri messaggi restano.
unsubscribe-undo-ask = È stato un errore?
unsubscribe-undo-button = Mandatemi di nuovo { $kind }
unsubscribe-undone = Riceverete di nuovo { $kind }, a partire dal prossimo. Gli altri messaggi restano.
unsubscribe-bad-link = Questo link non è dei nostri, oppure è arrivato incompleto. Apritelo dal messaggio stesso.

page-failed = Qualcosa non ha funzionato sul server. Non è cambiato niente; riprovate.
