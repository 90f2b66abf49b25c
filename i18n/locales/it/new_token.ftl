# Il messaggio su un nuovo token.

new-token-subject = Un nuovo token agisce a Suo nome in Connection
new-token-preheader = Si chiama «{ $name }».
new-token-title = Un nuovo token agisce a Suo nome
new-token-made = È stato creato il token «{ $name }» per il progetto { $project }. Chi lo possiede vi può fare ciò che può fare Lei:
new-token-reads = Può soltanto leggere.
new-token-writes = Può leggere e modificare.
new-token-sees-people = Vede i nomi e gli indirizzi che vede Lei.
new-token-sees-no-people = Non vede né nomi né indirizzi.
new-token-until = È valido fino al { $day }.
new-token-not-you = Se non è stato Lei, acceda e lo revochi (revokeApiToken), oppure chiuda in una volta tutti i token e le sessioni (signOutEverywhere con tokens: true), e avvisi chi gestisce questa installazione.
new-token-why = Riceve questo messaggio perché un token agisce a Suo nome. Non è possibile rifiutarlo.
