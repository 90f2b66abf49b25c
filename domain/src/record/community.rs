//! Communities of practice and their members.

use entities::{Basis, Localized, MemberRole, Strings, Translations};

use super::{
    Check, Code, Kind,
    declare::{part, record},
};

record! {
    /// A community of practice with its members.
    Community of community {
        /// Names it in the project.
        key: String = Key;
        /// Its number, from 1.
        number: i32 = Number(1, 999);
        /// The letter that some texts give it.
        letter: Option<String> = Name;
        /// Its question, by language.
        title: Localized = Names { required: true };
        /// The partner that runs it.
        expert: Option<String> = Reference(Kind::Partner), column expert_id;
        /// How many visits it plans; none if left out.
        #[serde(default)]
        planned_visits: i32 = Number(0, 999);
        /// A remark.
        note: Option<String> = LongText;
        /// The partners that belong to it.
        #[serde(default)]
        members: Vec<Member> = Each(Member::list), rows;
        /// Citations, each the key of a source, or `key:place` in it.
        #[serde(default)]
        sources: Strings = Citations;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Community::FIELDS, &["note"]);
    }
    between;
}

record! {
    /// A partner's place in a community.
    Member of member {
        /// The partner, by its organisation's key.
        partner: String = Reference(Kind::Partner), column partner_id;
        /// Only where a source says it.
        role: Option<MemberRole> = Any;
        /// A weaker sign of a role.
        role_hint: Option<String> = Name;
        /// Field to reason, for what was worked out and not read.
        #[serde(default)]
        basis: Basis = Any;
        /// Its texts in other languages than the project's: by field, and by language.
        #[serde(default, skip_serializing_if = "Translations::is_empty")]
        translations: Translations = Translated(|| Member::FIELDS, &["roleHint"]);
    }
}

part! {
    Community in communities, project_id known by key => |record, _| Some(record.key.clone());
    Member in members, community_id known by partner => |member, names| {
        let id = names.id_of(Kind::Partner, &member.partner)?;
        Some(id.to_string())
    };
}

impl Community {
    fn between(&self, check: &mut Check<'_>) {
        for (at, member) in self.members.iter().enumerate() {
            let mut before = self.members[..at].iter();
            if before.any(|other| other.partner == member.partner) {
                let mut check = check.at("members");
                check.at_index(at).at("partner").add(Code::Twice);
            }
        }
    }
}
