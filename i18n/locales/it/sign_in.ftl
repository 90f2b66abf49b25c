# Il link per accedere.

sign-in-subject = Il Suo link per accedere a Connection
sign-in-preheader = Vale una volta sola, fino alle { $time }.
sign-in-title = Accedere a Connection
sign-in-lead = Apra questo link nel browser in cui l'ha richiesto:
sign-in-button = Accedere
sign-in-until = Vale una volta sola, fino alle { $time } ({ $zone }).
sign-in-nobody-else = Non lo passi a nessuno: dà accesso a Suo nome.
sign-in-why = Riceve questo messaggio perché qualcuno ha richiesto un link con il Suo indirizzo. Se non è stato Lei, non deve fare nulla: senza questo messaggio nessuno accede.
