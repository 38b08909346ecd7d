//! What people sign in with: a telephone number or an e-mail address, each in one spelling.

use super::errors::PartyError;
use std::fmt;

/// A telephone number in international form: `+` and 9 to 15 digits (ITU-T E.164).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a number as people write it: `0812-3456-7890`, `+62 812 3456 7890`, `62812…`, `8123…`; a number without a
    /// country is Indonesian.
    pub fn parse(text: &str) -> Result<Self, PartyError> {
        let text = text.trim();
        let is_separator = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')');
        let digits: String = text.trim_start_matches('+').chars().filter(|c| !is_separator(*c)).collect();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PartyError::NotAPhone);
        }
        let international = if text.starts_with('+') {
            digits
        } else if let Some(rest) = digits.strip_prefix('0') {
            format!("62{rest}")
        } else if digits.starts_with("62") {
            digits
        } else {
            format!("62{digits}")
        };
        // People also write +62 0812…; the zero is the trunk prefix and not part of the number.
        let international = match international.strip_prefix("620") {
            Some(rest) => format!("62{rest}"),
            None => international,
        };
        if (9..=15).contains(&international.len()) && !international.starts_with('0') {
            Ok(Self(format!("+{international}")))
        } else {
            Err(PartyError::NotAPhone)
        }
    }

    /// `+62…`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For people who may know that there is a number but not which.
    pub fn masked(&self) -> String {
        let tail = self.0.len().saturating_sub(3);
        format!("{}…{}", self.0.get(..5).unwrap_or_default(), self.0.get(tail..).unwrap_or_default())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Longest address (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// An e-mail address in lower case. Only its shape is known, not whether anybody reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, PartyError> {
        let text = text.trim().to_lowercase();
        let fits = text.len() <= LONGEST_EMAIL && text.bytes().all(|byte| byte.is_ascii_graphic());
        let has_two_parts = text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.contains(['@', ' ']) && domain.split('.').all(is_label)
        });
        if fits && has_two_parts { Ok(Self(text)) } else { Err(PartyError::NotAnEmail) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For people who may know that there is an address but not which.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or_default();
        format!("{}…@{domain}", local.get(..1).unwrap_or_default())
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// A telephone number.
    Phone(Phone),
    /// An e-mail address.
    Email(Email),
}

impl Login {
    /// An address if there is an `@`, else a number; `None` if it can be neither.
    pub fn parse(text: &str) -> Option<Self> {
        if text.contains('@') {
            Email::parse(text).ok().map(Self::Email)
        } else {
            Phone::parse(text).ok().map(Self::Phone)
        }
    }

    /// In its one spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Email(email) => email.as_str(),
        }
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_spelling() {
        for text in
            ["081234567890", "0812-3456-7890", "+62 812 3456 7890", "6281234567890", "81234567890", "+62 0812 34567890"]
        {
            assert_eq!(Phone::parse(text).map(|phone| phone.to_string()), Ok("+6281234567890".to_owned()), "{text}");
        }
        assert_eq!(Phone::parse("+67077123456").unwrap().as_str(), "+67077123456");
        for wrong in ["", "+", "08", "0812x", "０８１２３４５６７８９０", "+1234567890123456", "+0123456789"]
        {
            assert!(Phone::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Phone::parse("081234567890").unwrap().masked(), "+6281…890");
    }

    #[test]
    fn an_address_is_lower_case_and_has_two_parts() {
        assert_eq!(Email::parse(" Maria@Dinas.Go.ID ").unwrap().as_str(), "maria@dinas.go.id");
        assert_eq!(Email::parse("maria@dinas.go.id").unwrap().masked(), "m…@dinas.go.id");
        for wrong in ["", "maria", "@dinas.id", "a@b", "a@b..id", "a b@c.id", "a@c.id\n1", "a@b@c.id", "é@c.id"] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
