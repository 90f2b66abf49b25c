# Dates, numbers and the words that all mails share.
# Values come in braces; a test finds what is missing in another language.

weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
date = { $day } { $month } { $year }
date-short = { $day } { $month }
date-long = { $weekday } { $date }
date-month = { $month } { $year }
span = { $from } – { $to }
span-days = { $from }–{ $to } { $month } { $year }
span-months = { $from }–{ $to } { $year }
number-group = ,
number-decimal = .
money-sign = { $sign }{ $amount }
money-code = { $code }{"\u00A0"}{ $amount }
percent = { $number }%
list-and = { $first } and { $last }
and-more = and { $count } more

kind-staff-exchange = Staff exchange
kind-visit = Thematic visit
kind-event = Meeting
kind-action-plan = Action plan
kind-policy = Policy
kind-champion = Integration champion
kind-champion-workshop = Champions’ workshop
kind-guide = Guide
kind-video = Video
event-conference = Conference
event-project-meeting = Project meeting
event-preparatory-meeting = Preparatory meeting
event-working-meeting = Working meeting
event-peer-review = Peer review
event-webinar = Webinar
event-public = Public event
visit-numbered = Thematic visit { $number } of { $community }
community-short = CoP{ $number }
state-planned = planned
state-confirmed = confirmed
state-reported = reported
state-verified = verified
state-returned = returned
state-cancelled = cancelled
mode-in-person = In person
mode-online = Online
mode-hybrid = In person and online
all-partners = all partners

category-exchange-reminder = reminders of staff exchanges
category-visit-reminder = reminders of visits
category-meeting-reminder = reminders of meetings
category-due-reminder = reminders of what is due
category-digest = weekly digests
category-progress-report = progress reports
category-question = questions to your organisation
category-sign-in = signing in
category-new-token = new tokens
why-for = You get { $kind } of { $project } because you act for { $partners }.
why-alone = You get { $kind } of { $project } because of your role in it.
footer-unsubscribe = Stop this kind of mail
footer-open = Open the project { $project }
footer-programme = Co-funded by the { $programme }.

not-measured = not measured
no-amount-known = no amount known
of-goal = { $reported } of { $goal }
norm-met = { $met } of { $measured } measured keep it
norm-nothing-measured = nothing measured yet
norm-of-days = { $days } days
status-met = met
status-on-track = on track
status-at-risk = at risk
status-late = late
