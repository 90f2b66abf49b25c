# Il link per accedere.

sign-in-subject = Il vostro link per accedere a Connection
sign-in-preheader = Vale una volta sola, fino alle { $time }.
sign-in-title = Accedere a Connection
sign-in-lead = Aprite questo link nel browser in cui l'avete richiesto:
sign-in-button = Accedi
sign-in-until = Vale una volta sola, fino alle { $time } ({ $zone }).
sign-in-nobody-else = Non passatelo a nessuno: dà accesso a vostro nome.
sign-in-why = Ricevete questo messaggio perché qualcuno ha richiesto un link con il vostro indirizzo. Se non siete stati voi, non dovete fare nulla: senza questo messaggio nessuno accede.
