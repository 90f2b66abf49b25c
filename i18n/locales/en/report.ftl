# Progress reports, as mail and as a page.

report-subject = { $project }: progress report, { $period }
report-title = Progress report, { $period }
report-lead = As of { $day }, { $met } of { $all } headline targets are met. { $overdue ->
    [0] Nothing is overdue.
    [one] One output is overdue.
   *[other] { $overdue } outputs are overdue, { $organisations ->
        [0] none of them led by an organisation.
        [one] with one organisation to act.
       *[other] with { $organisations } organisations to act.
    }
}
report-headline = Headline targets
report-others = Other targets
report-in-period = Newly reported in { $period }
report-nothing-moved = No figure changed in { $period }.
report-by-community = Headline targets by community
report-by-community-note = Reported/planned. A dot: nothing planned there; a dash: not measured.
no-community = none
report-changes = What happened in { $period }
report-no-changes = Nothing happened in { $period } that the records tell.
report-blockers = What is overdue, and who is to act
report-no-blockers = Nothing is overdue.
overdue-count = { $count } overdue
nobody = No organisation leads these
report-ahead = The next 60 days
report-nothing-ahead = Nothing starts or is due in the next 60 days.
report-money = Money
report-no-money = No amount is known.
report-unknown-shares = { $count ->
    [0] The shares of all partners are known.
    [one] The share of one partner is not known.
   *[other] The shares of { $count } partners are not known.
}
report-files = The whole report
report-page = As a page to read and print
report-table = As a table (CSV)
report-data = As data (JSON), with the counted records
report-rules = How the figures are counted
report-undated = What is documented without a day counts from the end of its known month or window, else from the end of the project; what was planned counts as known from the start.
report-reconciles = Every counted or summed total equals the sum of its parts, by community and by leading organisation.
report-does-not-reconcile = Some totals do not equal the sum of their parts. Please tell the coordinator.

page-target = Target
page-goal = Goal
page-planned = Planned
page-reported = Reported
page-verified = Verified
page-share = Share
page-status = Status
page-due = Due
page-gain = In the period
page-counted = The records that make the figures
page-counted-none = None is reported yet.
page-burn-up = Month by month
page-burn-up-note = Steps: reported; dashed line: planned; level line: the goal. { $from } to { $to }.
page-chart = { $label }: { $value } at the end
page-footer = Made on { $day }, { $time } UTC, from revision { $revision } of the project’s records.
page-plan-note = Planned contains reported, and reported contains verified. Status and share go by what is reported; no share is capped.
page-grant = Grant agreement { $number }
