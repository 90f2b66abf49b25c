# The weekly digest.

digest-subject = { $project } this week: { $counts }
count-overdue = { $count } overdue
count-complete = { $count } to complete
count-verify = { $count } to verify
count-coming = { $count } coming up
count-schedule = { $count } to be dated
count-deliver = { $count } due soon
count-plan = { $count } to be planned
count-decide = { $count } to decide
count-outcome = { $count } to tell the outcome of
count-changes = { $count ->
    [one] one change
   *[other] { $count } changes
}
digest-week = Weekly digest, { $day }
digest-duties = { $count ->
    [one] One thing waits for you.
   *[other] { $count } things wait for you.
}
digest-no-duties = Nothing waits for you.
digest-changed = { $count ->
    [one] One thing changed in the project since { $day }.
   *[other] { $count } things changed in the project since { $day }.
}
digest-no-changes = Nothing changed in the project since { $day }.
digest-changes = Changes since { $day }
digest-figures = Where the project stands
digest-as-of = As of { $day }. The figures count what is reported with evidence.

group-overdue = Overdue
group-due = To complete
group-verify = Waiting to be verified
group-schedule = Days to be set
group-deliver = Due soon
group-plan = Targets of which too little is planned
group-decide = Proposed to you
group-outcome = What came of it
group-coming = Coming up in the next 60 days
todo-report = Say what came of it, with evidence; if it will not take place, cancel it.
todo-complete = It was sent back: add what is missing.
todo-verify = Check the report and its evidence, then accept it or send it back.
todo-prepare = See that dates, programme and travel are settled.
todo-schedule = Set its days; if it will not take place, cancel it.
todo-deliver = Finish it and report it with evidence; if it will not come, cancel it.
todo-evidence = It is reported, but counts only with evidence: add it.
todo-endorse = It counts only once a public body has endorsed it: record the endorsement.
todo-plan = Plan the rest.
todo-decide = Accept it, or decline it and say why.
todo-outcome = Say what came of the challenge that was put in it, and which advice you take up.
asked-since = Asked since { $day }.
decide-by = It lapses after { $day }.
open-proposal = Read and decide
proposed-dates = Other dates for { $what }
proposed-change = Other entries for { $what }
proposed-showing = Another project wants to show { $what }
proposed-programme = the programme { $what }
proposed-person = a person in the project
proposed-by = { $who } proposes { $dates }: { $reason }
proposed-dates-only = Proposed: { $dates }. { $reason }
proposed-fields = Proposed: { $fields }.
unplanned = { $missing } of { $goal } are not planned yet.
days-planned = Planned for { $dates }: its days are due by { $day }.
days-due = Its days are due by { $day }.
missing = Missing: { $what }
was-due = Was due on { $day }, { $days ->
    [one] one day ago.
   *[other] { $days } days ago.
}
is-due = Due on { $day }.
reported-on = Reported on { $day }.
starts-in = { $dates }, { $days ->
    [one] tomorrow.
   *[other] in { $days } days.
}
starts-month = { $dates }, days not fixed yet.
goes-on = Under way: { $dates }.
nobody-leads = Nobody leads it yet: name an organisation.
change = { $day }: { $what }
change-moved = moved to { $dates }
