//! People and shared mailboxes, with their roles in the project.

use chrono::NaiveDate;
use entities::{DigestFrequency, PartialDate, PartnerId, PersonKind, RoleKind};

use super::{
    Check, Code, Kind,
    declare::{part, record},
};

record! {
    /// A human or a shared mailbox, with its roles in this project.
    Person of person {
        /// Names them in every project.
        key: String = Key;
        /// One human being, or a mailbox that a role shares.
        kind: PersonKind = Any;
        /// Their name, in one line.
        name: Option<String> = Name;
        /// Their address of mail; without one, mail is skipped as NO_ADDRESS.
        address: Option<String> = MailAddress;
        /// BCP 47 tag of the language in which they are written to.
        locale: String = Language;
        /// IANA name of the zone in which they live.
        time_zone: String = TimeZone;
        /// How often they want a digest.
        digest: DigestFrequency = Any;
        /// Local hour of the digest, 0 to 23.
        digest_hour: i32 = Number(0, 23);
        /// They get no mail before this day.
        paused_until: Option<NaiveDate> = Any;
        /// What they may do in this project.
        #[serde(default)]
        roles: Vec<Role> = Each(Role::list), rows;
    }
    between;
}

record! {
    /// One role of a person: of each kind, and for each partner, they have one.
    Role of role {
        /// What they may do.
        kind: RoleKind = Any;
        /// The partner that the person acts for, by its organisation's key.
        partner: Option<String> = Reference(Kind::Partner), column partner_id;
        /// The first day of the role; left out where it had no beginning.
        from: Option<NaiveDate> = Any, column from_on;
        /// The last day of the role; left out where it has no end.
        until: Option<NaiveDate> = Any, column until_on;
    }
    between;
}

part! {
    Role in roles, person_id known by kind, partner => |role, names| {
        let partner = role.partner.as_ref();
        let partner = partner.and_then(|key| names.id_of(Kind::Partner, key));
        let partner = partner.map(PartnerId::from);
        Some(format!("{}/{:?}/{partner:?}", names.project(), role.kind))
    };
}

impl Person {
    fn between(&self, check: &mut Check<'_>) {
        for (at, role) in self.roles.iter().enumerate() {
            let is_same = |other: &Role| (other.kind, &other.partner) == (role.kind, &role.partner);
            if self.roles[..at].iter().any(is_same) {
                check.at("roles").at_index(at).add(Code::Twice);
            }
        }
    }
}

impl Role {
    fn between(&self, check: &mut Check<'_>) {
        if self.kind == RoleKind::Partner {
            check.required("partner", &self.partner);
        }
        let [from, until] = [self.from, self.until].map(|day| day.map(PartialDate::from));
        check.period("until", from, until);
    }
}
