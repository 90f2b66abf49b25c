# Che cosa preparare: una cosa per riga, da due a quattro righe. { $mode } è "online", "place"
# (un luogo dove si va) o "unknown".

exchange-host-30 =
    Chieda a chi arriva che cosa vuole imparare per il proprio piano e costruisca su questo il programma di tutti i giorni.
    Prenoti le persone, i servizi e i luoghi da far conoscere.
    Indichi una persona che risponda alle domande e ne comunichi il contatto.
exchange-host-14 =
    Invii il programma giorno per giorno, con gli indirizzi e un numero di telefono per l’arrivo.
    Confermi ogni collega e ogni servizio da incontrare.
    Definisca le lingue: chi fa da interprete dove non ce n’è una in comune.
exchange-host-7 =
    Ripercorra il programma: sale, visite, interpreti, accessibilità per tutti.
    Stabilisca chi ogni giorno prende appunti e fa fotografie.
    Prepari un foglio firma per ogni giorno.
exchange-host-1 =
    Stampi i fogli firma e li faccia firmare ogni giorno.
    Conservi il programma così come si è svolto: con i fogli firma e le fotografie costituisce la prova.
    Chiuda ogni giornata con un quarto d’ora su ciò che si può usare a casa.

exchange-guest-30 =
    Decida chi parte e comunichi nomi ed esigenze a chi ospita.
    { $mode ->
        [online] Tenga libere le giornate: nessuno dovrebbe essere chiamato altrove.
       *[other] Prenoti il viaggio e le notti per tutti i giorni.
    }
    Scriva le domande che il Suo piano lascia aperte e le invii a chi ospita.
exchange-guest-14 =
    Legga il programma e chieda ciò che manca per il Suo piano.
    Raccolga ciò che mostra a che punto è il lavoro: la bozza del piano, i dati, una breve presentazione.
    { $mode ->
        [online] Provi la piattaforma con tutti quelli che si collegano.
       *[other] Controlli biglietti e alloggio e comunichi a chi ospita l’ora di arrivo.
    }
exchange-guest-7 =
    Divida i compiti: chi osserva che cosa e chi scrive gli appunti di ogni giorno.
    Invii a chi ospita la presentazione e le ultime domande.
    Decida quando racconterà ai colleghi ciò che ha visto.
exchange-guest-1 =
    Porti con sé le domande e la bozza del piano.
    { $mode ->
        [online] Si colleghi un po’ prima e conservi l’elenco delle presenze.
       *[other] Conservi biglietti e ricevute: servono per i costi.
    }
    Ogni sera annoti che cosa farebbe allo stesso modo a casa, e che cosa no.

exchange-participant-30 =
    Comunichi a chi ospita se viene, e per quali giorni.
    Offra ciò che può aggiungere: un contatto, una pratica, un testo.
exchange-participant-7 =
    Legga il programma e dica a chi ospita dove può essere d’aiuto.
    Tenga un po’ di tempo, dopo, per ciò di cui le due parti avranno bisogno.

visit-host-30 =
    Invii il programma con le pratiche che mostra e la domanda su cui vuole far lavorare le altre città.
    { $mode ->
        [online] Invii il link alla piattaforma e la provi con chi interviene.
       *[other] Definisca sale, visite e interpreti e spieghi a tutti come arrivare.
    }
    Chieda a ogni città chi manda e di che cosa ha bisogno.
visit-host-7 =
    Confermi relatori e visite sul posto e invii l’ultima versione del programma.
    Scriva la Sua sfida in una frase e la invii a chi facilita.
    Prepari il foglio firma e stabilisca chi prende appunti.
visit-host-1 =
    { $mode ->
        [online] Apra la piattaforma in anticipo e salvi l’elenco delle presenze.
       *[other] Porti il foglio firma e lo faccia firmare ogni giorno.
    }
    Scriva le sfide e i consigli man mano che arrivano: sono il risultato della visita.

visit-participant-30 =
    Comunichi a chi ospita chi viene per la Sua organizzazione.
    { $mode ->
        [online] Tenga libere le giornate per tutto il gruppo.
       *[other] Prenoti il viaggio e le notti.
    }
    Scelga la sfida che vuole porre alle altre città.
visit-participant-7 =
    Legga il programma e annoti le domande sulle pratiche presentate.
    Formuli la Sua sfida in una frase.
    Invii a chi ospita ciò che presenta.
visit-participant-1 =
    { $mode ->
        [online] Provi il link alla piattaforma.
       *[other] Conservi biglietti e ricevute: servono per i costi.
    }
    Si prepari a dare consigli: ogni città porta una sfida.

visit-expert-30 =
    Concordi con chi ospita il programma e gli obiettivi di ogni sessione.
    Chieda alle città quali sfide portano e scelga su quali lavorare.
visit-expert-7 =
    Definisca metodo e tempi di ogni sessione.
    Verifichi che ogni città conosca la propria parte e che chi ospita abbia ciò che serve.
visit-expert-1 =
    Porti il materiale per le sessioni di lavoro.
    Stabilisca chi annota sfide e consigli per il rapporto.

meeting-host-14 =
    Invii l’ordine del giorno e ciò che c’è da leggere.
    { $mode ->
        [online] Invii il link alla piattaforma.
       *[other] Comunichi a tutti il luogo e come arrivare.
    }
    Chieda chi partecipa.
meeting-host-2 =
    Controlli sala, piattaforma e materiali.
    Prepari l’elenco dei partecipanti e stabilisca chi scrive il verbale.
meeting-participant-14 =
    Comunichi se partecipa e chi viene per la Sua organizzazione.
    { $mode ->
        [online] Tenga libero l’orario.
       *[other] Prenoti il viaggio, se necessario.
    }
    Proponga che cosa mettere all’ordine del giorno.
meeting-participant-2 =
    Legga ciò che è stato inviato e porti le novità della Sua città: che cosa è stato fatto, che cosa viene dopo, dove serve aiuto.
    Aggiorni in Connection i dati e le prove.
