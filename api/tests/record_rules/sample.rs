//! A small project that has one of everything, as a project file.

use serde_json::{Value, json};

/// The project file. Each list has one record of which every field says something.
pub fn file() -> Value {
    let mut file = json!({
        "format": "connection-project/1",
        "project": {
            "key": "river", "acronym": "RIVER", "name": { "en": "Riverside" },
            "summary": { "en": "Cities on rivers" },
            "programme": { "key": "amif", "name": { "en": "Asylum, Migration and Integration Fund" } },
            "startsOn": "2021-01-01", "endsOn": "2023-12-31", "timeZone": "Europe/Rome",
            "defaultLocale": "en", "grantAgreement": "1", "callReference": "2",
            "websites": [{ "url": "https://river.example" }],
            "related": [{ "name": "Brook", "relation": "PREDECESSOR", "years": "2018" }],
            "leadTimes": [{ "kind": "VISIT", "days": 60 }],
        },
        "sources": [{ "key": "s1", "title": "Report", "publisher": "Hub",
            "address": "https://river.example/report" }],
        "organisations": [
            organisation("torino", "IT", "Europe/Rome"),
            organisation("sofia", "BG", "Europe/Sofia"),
            organisation("hub", "BE", "Europe/Brussels"),
        ],
        "partners": [
            { "organisation": "torino", "kind": "CORE_CITY", "actingBody": "Department",
                "joinedOn": "2021-01-01", "leftOn": "2023-12-31", "note": "A note",
                "sources": ["s1:1"] },
            { "organisation": "sofia", "kind": "CORE_CITY" },
            { "organisation": "hub", "kind": "COORDINATOR" },
        ],
        "people": [{ "key": "desk", "kind": "HUMAN", "name": "Desk", "address": "desk@river.example",
            "locale": "en", "timeZone": "Europe/Rome", "digest": "WEEKLY", "digestHour": 8,
            "roles": [{ "kind": "PARTNER", "partner": "torino", "from": "2021-02-01",
                "until": "2023-06-30" }] }],
        "communities": [{ "key": "cop1", "number": 1, "letter": "A", "title": { "en": "Water" },
            "expert": "hub", "plannedVisits": 1, "note": "A note", "sources": ["s1:1"],
            "members": [{ "partner": "torino", "role": "MENTOR", "roleHint": "A hint" }] }],
        "targets": [{ "key": "visits", "label": { "en": "Visits" }, "unit": "VISIT", "value": 3,
            "dueOn": "2023-12-31", "planByPercent": 40, "ruleVersion": 1, "note": "A note", "sources": ["s1:1"],
            "stated": 2, "statedSources": ["s1:2"],
            "rule": { "measure": "COUNT", "of": { "output": { "kind": "VISIT" } },
                "text": { "en": "Each visit" } } }],
        "practices": [{ "key": "garden", "name": "Garden", "kind": "Place", "partner": "torino",
            "since": "2019", "description": "A garden", "facts": ["Green"], "note": "A note",
            "sources": ["s1:1"] }],
        "pairings": [{ "key": "pair", "community": "cop1", "daysPerLeg": 5, "mentor": ["torino"],
            "implementing": ["sofia"], "result": "Much", "note": "A note", "sources": ["s1:1"] }],
        "forums": [{ "key": "square", "name": { "en": "Square" }, "practice": "garden",
            "partner": "torino", "district": "7", "founded": "2019", "meets": "Monthly",
            "access": "By letter", "funding": "The city", "beneficiaries": "All",
            "goals": ["To meet"], "results": ["A fair"],
            "stated": [{ "value": 94, "what": "Participants", "source": "s1:1" }],
            "members": [{ "kind": "ASSOCIATION", "name": "Bridge", "state": "ACCEPTED",
                "applied": "2020", "decided": "2021" }],
            "topics": [{ "title": "Schools", "proposedBy": "PARTICIPANT", "proposed": "2021" }],
            "meetings": [{ "held": "2021-05", "place": "Hall", "note": "A note" }],
            "sources": ["s1:1"] }],
        "budgetLines": [{ "key": "line", "kind": "GRANT_POOL", "label": "Garden",
            "partner": "torino", "amountMinor": 100, "currency": "EUR", "note": "A note",
            "sources": ["s1:1"] }],
        "calls": [{ "key": "call", "title": "Join", "issued": "2021-02", "deadline": "2021-03-31",
            "forWhom": "Cities", "places": 4, "formUrl": "https://river.example/form",
            "required": ["A letter"], "sources": ["s1:1"] }],
        "publications": [{ "key": "story", "title": "Story", "published": "2021-05",
            "url": "https://river.example/story", "community": "cop1", "sources": ["s1:1"] }],
        "notes": [{ "key": "remark", "kind": "REMARK", "topic": "Dates", "body": "Unclear",
            "readings": [{ "value": "May", "source": "s1:1" }], "about": ["partner:torino"] }],
        "reminderRules": [{ "key": "rule", "category": "EXCHANGE_REMINDER", "anchor": "EXCHANGE_START",
            "offsets": [30, 7], "atTime": "09:00", "audience": ["HOST"], "usefulHours": 24,
            "enabled": true }],
        "proposals": [{ "key": "proposal-1", "output": "visit:visit", "by": "sofia",
            "proposedAt": "2022-02-01T09:00:00Z", "reason": "A strike", "until": "2022-02-15",
            "oldStarts": "2022-03-07", "oldEnds": "2022-03-09", "starts": "2022-04-04",
            "ends": "2022-04-06", "decision": "DECLINED", "decidedAt": "2022-02-02T09:00:00Z",
            "answer": "Too late" }],
        "outputs": [],
    });
    file["outputs"] = outputs().into();
    file
}

fn organisation(key: &str, country: &str, zone: &str) -> Value {
    json!({
        "key": key, "kind": "CITY", "name": key, "nativeName": key, "country": country,
        "timeZone": zone, "locale": "en", "latitude": 45.0, "longitude": 7.0,
        "geonamesId": 1, "wikidataId": "Q1",
    })
}

/// One output of each kind.
fn outputs() -> Vec<Value> {
    let details = [
        json!({ "visit": { "number": 1, "organiser": "hub", "practices": ["garden"] } }),
        json!({ "staffExchange": { "pairing": "pair", "leg": 1, "learned": "Much", "adapted": "Some" } }),
        json!({ "event": { "kind": "CONFERENCE", "aboutParticipants": 100,
            "website": "https://river.example/event" } }),
        json!({ "actionPlan": { "kind": "ACTION_PLAN", "originalTitle": "Piano", "draftPeriod": "2021",
            "period": "2022", "presented": "2021-05", "documentUrl": "https://river.example/plan",
            "measures": [{ "title": "A desk", "state": "PLANNED", "due": "2022" }],
            "stakeholders": [{ "name": "Bridge", "kind": "Association" }],
            "endorsements": [{ "body": "Council", "endorsed": "2021-06",
                "documentUrl": "https://river.example/act", "sources": ["s1:1"] }] } }),
        json!({ "policy": { "kind": "SERVICE", "plan": "actionPlan", "opened": "2022",
            "grantMinor": 100, "currency": "EUR", "beneficiaries": "All", "facts": ["Green"] } }),
        json!({ "champion": { "person": "desk", "roleTitle": "Adviser", "selected": "2021",
            "trained": "2022", "trainings": [{ "description": "A course",
                "workshop": "championWorkshop", "held": "2022", "audience": "Cities" }] } }),
        json!({ "championWorkshop": { "aboutParticipants": 12 } }),
        json!({ "guide": { "language": "en", "landingUrl": "https://river.example/guide",
            "fileUrl": "https://river.example/guide.pdf" } }),
        json!({ "video": { "language": "en", "url": "https://river.example/video" } }),
    ];
    let output = |detail: Value| {
        let kind = detail.as_object().unwrap().keys().next().unwrap().clone();
        json!({
            "key": kind, "kind": detail, "community": "cop1", "lead": "torino", "host": "torino",
            "title": { "en": "One" }, "mode": "IN_PERSON", "place": "Hall", "platform": "None",
            "plannedFrom": "2022-03", "plannedTo": "2022-05", "days": 5, "dueOn": "2022-06-30",
            "note": "A note", "sources": ["s1:1"],
            "history": [{ "verb": "PLANNED", "effectiveOn": "2021-02-01", "reason": "As agreed" }],
            "evidence": [{ "kind": "SOURCE", "title": "Report", "source": "s1", "locator": "1" }],
            "participants": [{ "partner": "sofia", "who": "Staff", "status": "EXPECTED",
                "reason": "None", "since": "2022-03", "sources": ["s1:1"] }],
            "agenda": [{ "day": 1, "partOfDay": "MORNING", "kind": "PRESENTATION", "title": "Water",
                "presenter": "torino", "speakers": ["Adviser"], "sources": ["s1:1"] }],
            "learning": [{ "kind": "LESSON", "body": "Begin early", "partner": "torino",
                "since": "2022-05", "by": "torino", "sources": ["s1:1"] }],
        })
    };
    details.into_iter().map(output).collect()
}
