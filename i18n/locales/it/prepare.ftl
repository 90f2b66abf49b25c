# Che cosa preparare: una cosa per riga, da due a quattro righe. { $mode } è "online", "place"
# (un luogo dove si va) o "unknown".

exchange-host-30 =
    Chiedete a chi arriva che cosa vuole imparare per il proprio piano e costruite su questo il programma di tutti i giorni.
    Prenotate le persone, i servizi e i luoghi da far conoscere.
    Indicate una persona che risponda alle domande e comunicatene il contatto.
exchange-host-14 =
    Inviate il programma giorno per giorno, con gli indirizzi e un numero di telefono per l’arrivo.
    Confermate ogni collega e ogni servizio da incontrare.
    Definite le lingue: chi fa da interprete dove non ce n’è una in comune.
exchange-host-7 =
    Ripercorrete il programma: sale, visite, interpreti, accessibilità per tutti.
    Stabilite chi ogni giorno prende appunti e fa fotografie.
    Preparate un foglio firma per ogni giorno.
exchange-host-1 =
    Stampate i fogli firma e fateli firmare ogni giorno.
    Conservate il programma così come si è svolto: con i fogli firma e le fotografie costituisce la prova.
    Chiudete ogni giornata con un quarto d’ora su ciò che si può usare a casa.

exchange-guest-30 =
    Decidete chi parte e comunicate nomi ed esigenze a chi ospita.
    { $mode ->
        [online] Tenete libere le giornate: nessuno dovrebbe essere chiamato altrove.
       *[other] Prenotate il viaggio e le notti per tutti i giorni.
    }
    Scrivete le domande che il vostro piano lascia aperte e inviatele a chi ospita.
exchange-guest-14 =
    Leggete il programma e chiedete ciò che manca per il vostro piano.
    Raccogliete ciò che mostra a che punto siete: la bozza del piano, i dati, una breve presentazione.
    { $mode ->
        [online] Provate la piattaforma con tutti quelli che si collegano.
       *[other] Controllate biglietti e alloggio e comunicate a chi ospita l’ora di arrivo.
    }
exchange-guest-7 =
    Dividetevi i compiti: chi osserva che cosa e chi scrive gli appunti di ogni giorno.
    Inviate a chi ospita la presentazione e le ultime domande.
    Decidete quando racconterete ai colleghi ciò che avete visto.
exchange-guest-1 =
    Portate con voi le domande e la bozza del piano.
    { $mode ->
        [online] Collegatevi un po’ prima e conservate l’elenco delle presenze.
       *[other] Conservate biglietti e ricevute: servono per i costi.
    }
    Ogni sera annotate che cosa fareste allo stesso modo a casa, e che cosa no.

exchange-participant-30 =
    Comunicate a chi ospita se venite, e per quali giorni.
    Offrite ciò che potete aggiungere: un contatto, una pratica, un testo.
exchange-participant-7 =
    Leggete il programma e dite a chi ospita dove potete essere d’aiuto.
    Tenete un po’ di tempo, dopo, per ciò di cui le due parti avranno bisogno.

visit-host-30 =
    Inviate il programma con le pratiche che mostrate e la domanda su cui volete far lavorare le altre città.
    { $mode ->
        [online] Inviate il link alla piattaforma e provatela con chi interviene.
       *[other] Definite sale, visite e interpreti e spiegate a tutti come arrivare.
    }
    Chiedete a ogni città chi manda e di che cosa ha bisogno.
visit-host-7 =
    Confermate relatori e visite sul posto e inviate l’ultima versione del programma.
    Scrivete la vostra sfida in una frase e inviatela a chi facilita.
    Preparate il foglio firma e stabilite chi prende appunti.
visit-host-1 =
    { $mode ->
        [online] Aprite la piattaforma in anticipo e salvate l’elenco delle presenze.
       *[other] Portate il foglio firma e fatelo firmare ogni giorno.
    }
    Scrivete le sfide e i consigli man mano che arrivano: sono il risultato della visita.

visit-participant-30 =
    Comunicate a chi ospita chi viene per voi.
    { $mode ->
        [online] Tenete libere le giornate per tutto il gruppo.
       *[other] Prenotate il viaggio e le notti.
    }
    Scegliete la sfida che volete porre alle altre città.
visit-participant-7 =
    Leggete il programma e annotate le domande sulle pratiche presentate.
    Formulate la vostra sfida in una frase.
    Inviate a chi ospita ciò che presentate.
visit-participant-1 =
    { $mode ->
        [online] Provate il link alla piattaforma.
       *[other] Conservate biglietti e ricevute: servono per i costi.
    }
    Siate pronti a dare consigli: ogni città porta una sfida.

visit-expert-30 =
    Concordate con chi ospita il programma e gli obiettivi di ogni sessione.
    Chiedete alle città quali sfide portano e scegliete su quali lavorare.
visit-expert-7 =
    Definite metodo e tempi di ogni sessione.
    Verificate che ogni città conosca la propria parte e che chi ospita abbia ciò che serve.
visit-expert-1 =
    Portate il materiale per le sessioni di lavoro.
    Stabilite chi annota sfide e consigli per il rapporto.

meeting-host-14 =
    Inviate l’ordine del giorno e ciò che c’è da leggere.
    { $mode ->
        [online] Inviate il link alla piattaforma.
       *[other] Comunicate a tutti il luogo e come arrivare.
    }
    Chiedete chi partecipa.
meeting-host-2 =
    Controllate sala, piattaforma e materiali.
    Preparate l’elenco dei partecipanti e stabilite chi scrive il verbale.
meeting-participant-14 =
    Dite se partecipate e chi viene per voi.
    { $mode ->
        [online] Tenete libero l’orario.
       *[other] Prenotate il viaggio, se ne avete uno.
    }
    Proponete che cosa mettere all’ordine del giorno.
meeting-participant-2 =
    Leggete ciò che è stato inviato e portate le novità della vostra città: che cosa è stato fatto, che cosa viene dopo, dove serve aiuto.
    Aggiornate in Connection i dati e le prove.
