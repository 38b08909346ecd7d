//! Making what stands on the sheet true: one transaction of postings, changes and withdrawals.

use super::sheet::{Line, Sheet};
use crate::app::App;
use crate::demands::{DemandEntry, QuantityEntry, budget, service};
use crate::error::AppError;
use crate::pages::form::Form;
use crate::pages::words;
use crate::parties::{Actor, Capability};
use crate::values::Quantity;
use crate::web::Reply;
use crate::web::problem::Language;

/// What happens to one posted line.
#[derive(Debug, Clone)]
enum Step {
    Change(i64, i64, QuantityEntry),
    Withdraw(i64, i64),
}

/// What a line in the form says, as plain decimal text; `None` where it says nothing.
fn typed(line: &Line, form: &Form, language: Language) -> Option<String> {
    let text = words::read_decimal(language, form.value(line.field()));
    (!text.chars().all(|c| matches!(c, '0' | '.'))).then_some(text)
}

/// Codes of the lines that would be posted anew, in their order: what pointers of a refusal count.
pub(super) fn new_codes(sheet: &Sheet, form: &Form) -> Vec<String> {
    let language = sheet.language();
    let is_new = |line: &&Line| line.posted.is_none() && typed(line, form, language).is_some();
    sheet.lines.iter().filter(is_new).map(|line| line.code.clone()).collect()
}

/// The field that a pointer such as `/demands/3/quantity` is about.
pub(super) fn field(pointer: &str, codes: &[String]) -> Option<String> {
    if pointer == "/amount_idr" {
        return Some("budget".to_owned());
    }
    let index: usize = pointer.strip_prefix("/demands/")?.split('/').next()?.parse().ok()?;
    codes.get(index).map(|code| format!("line.{code}"))
}

/// Sends the sheet once per key.
pub(super) async fn send(app: &App, actor: &Actor, sheet: &Sheet, form: &Form) -> Result<Reply, AppError> {
    let (new, steps) = (entries(sheet, form, actor), steps(sheet, form));
    let request = form.request(format!("pages.demands/{}", sheet.round_id))?;
    let (by, round_id) = (actor.clone(), sheet.round_id);
    let day = if sheet.choices.is_empty() { String::new() } else { format!("&day={}", sheet.days.first()) };
    let draft = sheet.draft();
    let budget = budget(sheet, form);
    app.once(actor, request, move |work| {
        if !new.is_empty() {
            service::post_batch(work, &by, round_id, &new)?;
        }
        for step in &steps {
            match step {
                Step::Change(id, version, entry) => {
                    service::change_quantity(work, &by, *id, *version, entry)?;
                }
                Step::Withdraw(id, version) => {
                    service::withdraw(work, &by, *id, *version, "")?;
                }
            }
        }
        if let Some((version, amount)) = budget {
            budget::set(work, &by, round_id, version, amount)?;
        }
        let done =
            if new.is_empty() && steps.is_empty() && budget.is_none() { "nothing-changed" } else { "demands-sent" };
        Ok(Reply::see_other(format!("/demands?done={done}&taken={draft}{day}")))
    })
    .await
}

/// The budget in the form, where it is another one than the page was opened with: the version it changes, and rupiah.
fn budget(sheet: &Sheet, form: &Form) -> Option<(i64, i64)> {
    let version = form.optional("budget_version")?.parse().ok()?;
    let amount = sheet.budget_in(form)?;
    (amount != sheet.budget.amount.get()).then_some((version, amount))
}

fn entries(sheet: &Sheet, form: &Form, actor: &Actor) -> Vec<DemandEntry> {
    let language = sheet.language();
    // A kitchen's children eat on that day.
    let priority = actor.capabilities.contains(&Capability::Kitchen).then_some(0);
    let lines = sheet.lines.iter().filter(|line| line.posted.is_none());
    let entry = |line: &Line| {
        Some(DemandEntry {
            place: form.value("place").to_owned(),
            commodity: line.code.clone(),
            quantity: typed(line, form, language)?,
            unit: line.unit.code.clone(),
            accept_up_to: None,
            day_from: Some(sheet.days.first().to_string()),
            day_to: Some(sheet.days.last().to_string()),
            requirements: Vec::new(),
            priority,
            price_ceiling: None,
        })
    };
    lines.filter_map(entry).collect()
}

fn steps(sheet: &Sheet, form: &Form) -> Vec<Step> {
    let language = sheet.language();
    let step = |line: &Line| {
        let posted = line.posted.as_ref()?;
        let Some(quantity) = typed(line, form, language) else {
            return Some(Step::Withdraw(posted.id, posted.version));
        };
        if Quantity::parse(&quantity, line.unit.base_units) == Ok(posted.quantity) {
            return None;
        }
        let entry = QuantityEntry { quantity, unit: Some(line.unit.code.clone()), accept_up_to: None };
        Some(Step::Change(posted.id, posted.version, entry))
    };
    sheet.lines.iter().filter_map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_refusal_of_the_third_new_line_stands_beside_it() {
        let codes = ["beras", "gula", "telur"].map(str::to_owned);
        assert_eq!(field("/demands/2/quantity", &codes), Some("line.telur".to_owned()));
        assert_eq!(field("/demands/3/quantity", &codes), None);
        assert_eq!(field("/place", &codes), None);
    }
}
