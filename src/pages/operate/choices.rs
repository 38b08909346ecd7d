//! What an operator has chosen about single lines so far, as it travels in the address: no draft to store, and the browser's
//! "back" undoes a touch.

use crate::tenders::scenarios::Rules;
use crate::tenders::scenarios::choices::{ApartRule, PinRule};

/// Most choices at once: more would not fit an address.
pub(super) const MOST: usize = 40;

/// One touch of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// This demand gets exactly so much from this offer on this day.
    Pin { demand: i64, offer: i64, day: i64, quantity: i64 },
    /// This supplier does not serve this buyer.
    Apart { buyer: i64, supplier: i64 },
}

impl Choice {
    /// `p:12:34:0:5000` or `x:7:8`; `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let kind = parts.next()?;
        let numbers: Vec<i64> = parts.map(|part| part.parse().ok().filter(|n: &i64| *n >= 0)).collect::<Option<_>>()?;
        match (kind, numbers.as_slice()) {
            ("p", &[demand, offer, day, quantity]) => Some(Self::Pin { demand, offer, day, quantity }),
            ("x", &[buyer, supplier]) => Some(Self::Apart { buyer, supplier }),
            _ => None,
        }
    }

    /// What [`Choice::parse`] reads.
    pub(super) fn token(&self) -> String {
        match self {
            Self::Pin { demand, offer, day, quantity } => format!("p:{demand}:{offer}:{day}:{quantity}"),
            Self::Apart { buyer, supplier } => format!("x:{buyer}:{supplier}"),
        }
    }

    /// Whether both are about the same thing, so that the newer one takes the older one's place.
    fn replaces(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Pin { demand, offer, day, .. }, Self::Pin { demand: d, offer: o, day: on, .. }) => {
                (demand, offer, day) == (d, o, on)
            }
            _ => self == other,
        }
    }
}

/// The choices so far, in the order in which they were made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Choices(pub Vec<Choice>);

impl Choices {
    /// Out of an address; what cannot be read, or is too much, is left out.
    pub(super) fn parse(text: &str) -> Self {
        Self(text.split('.').filter_map(Choice::parse).take(MOST).collect())
    }

    /// Out of the rules of a scenario.
    pub(super) fn of(rules: &Rules) -> Self {
        let pin = |pin: &PinRule| {
            let (demand, offer) = (pin.demand_id.parse().ok()?, pin.offer_id.parse().ok()?);
            Some(Choice::Pin { demand, offer, day: pin.day.unwrap_or(0), quantity: pin.quantity })
        };
        let apart = |pair: &ApartRule| {
            Some(Choice::Apart { buyer: pair.buyer_id.parse().ok()?, supplier: pair.supplier_id.parse().ok()? })
        };
        Self(rules.pins.iter().filter_map(pin).chain(rules.apart.iter().filter_map(apart)).collect())
    }

    /// What [`Choices::parse`] reads.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(Choice::token).collect::<Vec<_>>().join(".")
    }

    pub(super) fn add(&mut self, choice: Choice) {
        self.0.retain(|old| !choice.replaces(old));
        if self.0.len() < MOST {
            self.0.push(choice);
        }
    }

    pub(super) fn drop(&mut self, choice: &Choice) {
        self.0.retain(|old| old != choice);
    }

    /// As rules of a scenario.
    pub(super) fn rules(&self) -> Rules {
        let mut rules = Rules::default();
        for choice in &self.0 {
            match choice {
                Choice::Pin { demand, offer, day, quantity } => rules.pins.push(PinRule {
                    demand_id: demand.to_string(),
                    offer_id: offer.to_string(),
                    quantity: *quantity,
                    day: Some(*day),
                }),
                Choice::Apart { buyer, supplier } => {
                    rules.apart.push(ApartRule { buyer_id: buyer.to_string(), supplier_id: supplier.to_string() });
                }
            }
        }
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_travel_in_an_address_and_become_rules() {
        let mut choices = Choices::parse("p:1:2:0:5000.x:7:8.garbage.p:1:2.p:-1:2:0:3");
        assert_eq!(choices.text(), "p:1:2:0:5000.x:7:8");
        choices.add(Choice::Pin { demand: 1, offer: 2, day: 0, quantity: 6_000 });
        assert_eq!(choices.text(), "x:7:8.p:1:2:0:6000");
        assert_eq!(Choices::of(&choices.rules()).0.len(), 2);
        choices.drop(&Choice::Apart { buyer: 7, supplier: 8 });
        assert_eq!(choices.text(), "p:1:2:0:6000");
    }

    #[test]
    fn an_address_holds_so_many_and_no_more() {
        let all: Vec<String> = (0..100).map(|index| format!("x:{index}:1")).collect();
        let mut choices = Choices::parse(&all.join("."));
        assert_eq!(choices.0.len(), MOST);
        choices.add(Choice::Apart { buyer: 999, supplier: 1 });
        assert_eq!(choices.0.len(), MOST);
    }
}
