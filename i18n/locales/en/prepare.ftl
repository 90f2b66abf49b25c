# What there is to prepare: one thing a line, two to four lines each. { $mode } is "online", "place"
# (somewhere one travels to) or "unknown".

exchange-host-30 =
    Ask your guests what they want to learn for their own plan, and build the programme of all days around it.
    Reserve the colleagues, services and places that they should see.
    Name one person who answers their questions, and send them the contact.
exchange-host-14 =
    Send your guests the programme day by day, with addresses and a telephone number for the day they arrive.
    Confirm every colleague and service whom they will meet.
    Settle languages: who interprets where you do not share one.
exchange-host-7 =
    Go through the programme once more: rooms, visits, interpreting, access for everyone.
    Settle who takes notes and pictures each day.
    Prepare an attendance list for each day.
exchange-host-1 =
    Print the attendance lists, and have them signed every day.
    Keep the programme as it really went: with the lists and pictures it is the evidence.
    Close each day with a quarter of an hour on what can be used at home.

exchange-guest-30 =
    Decide who travels, and tell the host their names and needs.
    { $mode ->
        [online] Reserve the days: nobody should be called away.
       *[other] Book the journey and the nights for all days.
    }
    Write down the questions that your own plan leaves open, and send them to the host.
exchange-guest-14 =
    Read the programme, and ask for what is missing for your plan.
    Bring together what shows where you stand: your draft plan, figures, a short presentation.
    { $mode ->
        [online] Try out the platform with everyone who joins.
       *[other] Check tickets and the place to stay, and give the host your time of arrival.
    }
exchange-guest-7 =
    Share out who looks at what, and who writes each day’s notes.
    Send the host your presentation and your last questions.
    Agree at home when you will tell your colleagues what you saw.
exchange-guest-1 =
    Take your questions and your draft plan with you.
    { $mode ->
        [online] Sign in a little early, and keep the attendance list.
       *[other] Keep tickets and bills: they go with your costs.
    }
    Note every evening what you would do the same way at home, and what not.

exchange-participant-30 =
    Tell the host whether you come, and for which days.
    Offer what you can add: a contact, a practice, a text.
exchange-participant-7 =
    Read the programme, and tell the host where you can help.
    Keep some time afterwards for what the two sides need from you.

visit-host-30 =
    Send the agenda with the practices that you show and the question that you want your peers to work on.
    { $mode ->
        [online] Send the link to the platform, and try it out with everyone who speaks.
       *[other] Settle rooms, site visits and interpreting, and tell everyone how to get there.
    }
    Ask each city whom it sends, and what it needs.
visit-host-7 =
    Confirm speakers and site visits, and send the last version of the agenda.
    Write your challenge in one sentence, and send it to the facilitators.
    Prepare the attendance list, and settle who takes notes.
visit-host-1 =
    { $mode ->
        [online] Open the platform early, and save the list of who was there.
       *[other] Take the attendance list along, and have it signed every day.
    }
    Write down the challenges and the advice as they come: they are the result of the visit.

visit-participant-30 =
    Tell the host who comes for you.
    { $mode ->
        [online] Reserve the days for the whole group.
       *[other] Book the journey and the nights.
    }
    Choose the challenge that you want to put to your peers.
visit-participant-7 =
    Read the agenda, and note your questions on the practices that are shown.
    Put your challenge into one sentence.
    Send the host whatever you present.
visit-participant-1 =
    { $mode ->
        [online] Try the link to the platform.
       *[other] Take tickets and bills along: they go with your costs.
    }
    Be ready to give advice: each city brings a challenge.

visit-expert-30 =
    Agree the agenda and the aims of each session with the host.
    Ask the cities for the challenges that they bring, and choose which to work on.
visit-expert-7 =
    Settle the method and the time of each session.
    Check that every city knows its part, and that the host has what it needs.
visit-expert-1 =
    Bring the material for the working sessions.
    Settle who writes down challenges and advice for the report.

meeting-host-14 =
    Send the agenda and what is to be read.
    { $mode ->
        [online] Send the link to the platform.
       *[other] Tell everyone the place and how to get there.
    }
    Ask who comes.
meeting-host-2 =
    Check room, platform and material.
    Prepare the list of participants, and settle who writes the minutes.
meeting-participant-14 =
    Say whether you come, and who comes for you.
    { $mode ->
        [online] Keep the time free.
       *[other] Book the journey, where you have one.
    }
    Send in what should be on the agenda.
meeting-participant-2 =
    Read what was sent, and bring your city’s news: what was done, what is next, where you need help.
    Bring your figures and evidence up to date in Connection.
