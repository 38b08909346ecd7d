//! Pages: Indonesian, self-contained, small, and safe with hostile names.

use crate::support::{SYSTEM, on_each_database};
use pasok::parties::service::{self, NewOrganisation};
use pasok::parties::{Capability, Class, OrganisationStatus};

#[test]
fn the_front_page_is_indonesian_small_and_loads_nothing_from_elsewhere() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        let page = anyone.get("/").await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.text.contains("<html lang=\"id\">") && page.text.contains("Belum ada putaran"));
        let style = anyone.get("/static/pasok.css").await.expect(200);
        let icon = anyone.get("/favicon.svg").await.expect(200);
        assert!(page.text.len() + style.text.len() + icon.text.len() < 150_000);
        for text in [&page.text, &style.text] {
            assert!(!text.contains("http:") && !text.contains("https:") && !text.contains("=\"//"), "{text}");
        }
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        anyone.get("/rounds/12345").await.expect(404);
        anyone.get("/rounds/abc").await.expect(404);
    });
}

#[test]
fn names_are_shown_as_text_never_as_markup() {
    on_each_database(|test| async move {
        let name = "<script>alert(1)</script>\"'&";
        let new = NewOrganisation {
            code: "X".to_owned(),
            name: name.to_owned(),
            class: Class::Pemerintah,
            status: OrganisationStatus::Active,
            capabilities: [Capability::Operator].into(),
        };
        let operator = test.app.write(SYSTEM, |work| service::register(work, new.clone())).unwrap();
        crate::support::market(&test, operator.id);
        let page = test.anyone().get("/").await.expect(200).text;
        assert!(page.contains("&#60;script&#62;alert(1)") && !page.contains("<script>alert"), "{page}");
    });
}
