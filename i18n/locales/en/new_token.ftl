# The mail about a new API token.

new-token-subject = A new token acts on your behalf in Connection
new-token-preheader = It is called “{ $name }”.
new-token-title = A new token acts on your behalf
new-token-made = The token “{ $name }” was made for the project { $project }. Whoever has it can do what you can do there:
new-token-reads = It only reads.
new-token-writes = It reads and changes.
new-token-sees-people = It sees the names and addresses that you see.
new-token-sees-no-people = It sees no names and no addresses.
new-token-until = It is valid until { $day }.
new-token-not-you = If it was not you, sign in and revoke it (revokeApiToken), or end all tokens and sessions at once (signOutEverywhere with tokens: true), and tell the operator of this installation.
new-token-why = You get this because a token acts on your behalf. This mail cannot be declined.
