# The question what came of a challenge that a city put to its peers.

outcome-subject = What came of { $count ->
    [one] your challenge
   *[other] your { $count } challenges
}? { $what }
outcome-lead = { $count ->
    [one] A challenge was put to peers here: { $what }. What came of it since?
   *[other] { $count } challenges were put to peers here: { $what }. What came of them since?
}
outcome-of = { $who }: { $text }
outcome-advice = { $text } ({ $who })
outcome-link = Answer
outcome-todo = What to say
outcome-settle =
    Say in a few words what came of it, also if that is nothing.
    Mark which advice you take up, and where: in a measure of your action plan, in a policy, or nowhere, and why.
outcome-after = Whoever advised you learns from it. You are asked at most three times, and no more once you have said it.
