# Reminders of staff exchanges, visits and meetings, and of what is due.

reminder-subject = { $when }: { $what }
in-days = { $days ->
    [0] Today
    [1] Tomorrow
   *[other] In { $days } days
}
under-way = Under way
days-open = Days not fixed
reminder-lead = { $days ->
    [0] { $when }, { $day }.
    [1] { $when }, { $day }.
   *[other] { $when }, on { $day }.
}
reminder-lead-open = The days are not fixed yet.
part-host = You host.
part-guest = You travel there as a guest.
part-expert = You facilitate as the expert.
part-participant = You take part.

due-subject = { $days ->
    [0] Due today
    [1] Due tomorrow
   *[other] Due in { $days } days
}: { $what }
due-lead-days = It is planned without days: they are due by { $day }.
due-lead = It is due by { $day }.
part-lead = You lead it.
part-unled = Nobody leads it yet, so it is yours to settle.
part-stand-in = { $lead } leads it, but nobody acts for { $lead } here.
due-settle-days =
    Agree on days with those who take part, and set them in Connection.
    If it will not take place, cancel it and say why.
due-settle-report =
    Finish it and report it in Connection, with its evidence.
    If it will not come, cancel it and say why.
due-settle-evidence =
    Add the evidence in Connection: it is reported, but does not count without it.
due-name-lead = Name an organisation that leads it.
due-after = It counts towards its target only once it is reported with its evidence.
fact-due = Due
fact-planned = Planned for
fact-lead = Led by

reminder-moved = Moved
moved = Earlier dates: { $before }.
moved-why = Earlier dates: { $before }. Reason: { $reason }.

fact-when = When
fact-first-planned = First planned for
fact-where = Where
fact-mode = How
fact-host = Host
fact-organiser = Organiser
fact-guests = Guests
fact-partners = Partners
fact-participants = Also taking part
fact-community = Community
when-open = days not fixed yet
when-month = { $span } (days not fixed yet)
when-days = { $from } to { $to }, { $span } ({ $days } days)

reminder-prepare = To prepare now
reminder-agenda = On the agenda
agenda-day = Day { $day }
part-morning = morning
part-afternoon = afternoon
part-evening = evening
reminder-know = Good to know
norm-days = { $days ->
    [one] The norm is one day for each leg of a pairing.
   *[other] The norm is { $days } days for each leg of a pairing; a shorter stay does not keep it.
}
leg-one = This is the first leg, at the mentor’s: it is there to find ideas and to see how policies work from the inside.
leg-two = This is the second leg, in the implementing city: it is there to adapt what was learned to the local context.
clock-ahead = The clocks of the host, { $host } ({ $there }), are { $gap } ahead of yours: 09:00 there is { $hour } for you ({ $here }).
clock-behind = The clocks of the host, { $host } ({ $there }), are { $gap } behind yours: 09:00 there is { $hour } for you ({ $here }).
hours = { $hours ->
    [one] one hour
   *[other] { $hours } hours
}
minutes = { $minutes } minutes
reminder-after = Afterwards
after-exchange-host = Report the exchange in Connection with its evidence: the programme, the signed attendance lists and pictures. It counts towards the target only then.
after-exchange-guest = The host reports the exchange with its evidence. Add what you learned, and what you will adapt at home, while it is fresh.
after-visit-host = Report the visit in Connection with its evidence: the agenda, who attended and pictures. It counts towards the target only then.
after-visit = The host reports the visit with its evidence. Add the challenges that were discussed and the advice that was given.
after-meeting = Minutes and the list of participants go into Connection as evidence.
reminder-calendar = The days are attached for your calendar.
