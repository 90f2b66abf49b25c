# Why a target has its status.

reason-met = As much is reported as was promised.
reason-late = The due day has come, and less is reported than was promised.
reason-on-track = Nothing is overdue, and what is due soon has begun.
reason-overdue = { $count ->
    [one] One record is overdue.
   *[other] { $count } records are overdue.
}
reason-unbegun = { $count ->
    [one] One record is due soon, and nothing shows that it has begun.
   *[other] { $count } records are due soon, and nothing shows that they have begun.
}
reason-missing = { $missing } of { $goal } are not planned yet, and more than { $percent }% of the time is over.
reason-norm = A measured record does not keep the norm.
