# Pages that people reach from a mail, or in order to get one.

sign-in-form-lead = Write the address to which this installation sends you mail, and you are sent a link. Open it in this browser.
sign-in-form-address = Address
sign-in-form-button = Send me a link
sign-in-sent-title = Look into your mail
sign-in-sent = If somebody can sign in with this address, a link is on its way to it. It can be used once, within 15 minutes, and in this browser.
sign-in-sent-nothing = Nothing came? An address is sent only a few links an hour. The coordinator of your project can say which address it has of you.
sign-in-sent-again = Ask again
sign-in-use = This link signs you in, in this browser.
sign-in-gone-title = This link does not work
sign-in-gone = It was used already, its 15 minutes are over, or it was cut on its way.
sign-in-gone-again = Ask for a new one.
sign-in-elsewhere-title = Open this link where you asked for it
sign-in-elsewhere = It works in the browser alone in which you asked for it, so that nobody else can use it.
sign-in-elsewhere-again = Ask for one in this browser.

unsubscribe-title = Stop this mail
unsubscribe-ask = Do you want no more { $kind }? Nothing has changed yet, and other mail is not touched.
unsubscribe-button = Stop { $kind }
unsubscribe-done-title = Done
unsubscribe-done = You will get no more { $kind }. Other mail is not touched.
unsubscribe-declined-title = This mail is stopped
unsubscribe-declined = You get no { $kind }: you stopped them. Other mail is not touched.
unsubscribe-undo-ask = Was it a mistake?
unsubscribe-undo-button = Send me { $kind } again
unsubscribe-undone = You will get { $kind } again, from the next one on. Other mail is not touched.
unsubscribe-bad-link = This link is not one of ours, or it was cut. Open it from the mail itself.

page-failed = Something failed on the server. Nothing was changed; please try again.
