# The link to sign in with.

sign-in-subject = Your link to sign in to Connection
sign-in-preheader = It works once, until { $time }.
sign-in-title = Sign in to Connection
sign-in-lead = Open this link in the browser in which you asked for it:
sign-in-button = Sign in
sign-in-until = It works once, until { $time } ({ $zone }).
sign-in-nobody-else = Pass it on to nobody: it signs in as you.
sign-in-why = You get this because somebody asked for a link with your address. If it was not you, you need do nothing: without this mail nobody signs in.
