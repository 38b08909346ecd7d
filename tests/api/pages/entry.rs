//! Coming in and going out by pages: signing in, languages, refusals, other sites.

use super::{field, page, submit};
use crate::access::{PASSWORD, invited, settled};
use crate::support::{Client, TestApp, on_each_database};
use pasok::parties::{Capability, Class, Role};
use reqwest::Method;

/// A form sent without following on, with headers of its own.
async fn post_raw(client: &Client, path: &str, body: &str, headers: &[(&str, &str)]) -> reqwest::Response {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let url = client.request(Method::POST, path).build().unwrap().url().clone();
    let mut request = http.post(url).header("content-type", "application/x-www-form-urlencoded").body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

async fn person(test: &TestApp) {
    let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
    settled(test, &coop, "Ibu Ester", Role::Usaha, "081234567890").await;
}

#[test]
fn signing_in_by_a_form_leads_to_where_one_wanted_to_go_and_never_elsewhere() {
    on_each_database(|test| async move {
        person(&test).await;
        let anyone = test.anyone();
        let asked = page(&anyone, "/demands").await.expect(200);
        assert_eq!(field(&asked.text, "next"), "/demands");
        let password = PASSWORD.replace(' ', "+");
        for (next, leads) in
            [("%2Fdemands", "/demands"), ("https%3A%2F%2Fevil.example", "/home"), ("%2F%2Fevil", "/home")]
        {
            let body = format!("login=0812-3456-7890&password={password}&code=&next={next}");
            let answer = post_raw(&anyone, "/sign-in", &body, &[]).await;
            assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (303, &leads.parse().unwrap()));
            let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
            let session = cookies.iter().find(|cookie| cookie.starts_with("__Host-pasok=pss_")).unwrap();
            assert!(session.contains("; Secure; HttpOnly; SameSite=Lax"), "{session}");
        }
        let wrong =
            submit(&anyone, "/sign-in", &[("login", "0812-3456-7890"), ("password", "salah"), ("code", "")]).await;
        assert!(wrong.expect(422).text.contains("value=\"0812-3456-7890\""));
    });
}

#[test]
fn another_site_cannot_send_our_forms() {
    on_each_database(|test| async move {
        person(&test).await;
        let body = format!("login=081234567890&password={}", PASSWORD.replace(' ', "+"));
        let entered = post_raw(&test.anyone(), "/sign-in", &body, &[]).await;
        let cookie = entered.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        for path in ["/demands", "/sign-out", "/account/password", "/assist/choose", "/language"] {
            for site in ["cross-site", "same-site"] {
                let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", site), ("accept", "text/html")];
                let refused = post_raw(&test.anyone(), path, "key=0", &headers).await;
                assert_eq!(refused.status().as_u16(), 403, "{path}");
            }
        }
        let own = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        let left = post_raw(&test.anyone(), "/sign-out", "", &own).await;
        assert_eq!(left.headers()["clear-site-data"], "\"cache\", \"storage\"");
        let again = post_raw(&test.anyone(), "/demands", "key=0", &own).await;
        assert_eq!(again.status().as_u16(), 401, "the session has ended");
    });
}

#[test]
fn a_code_chooses_a_password_once_and_both_spellings_must_agree() {
    on_each_database(|test| async move {
        let coop = test.organisation("KKMP-1", Class::Kdmp, &[Capability::Buyer]);
        let (_, code) = invited(&test, &coop, "Pak Baru", Role::Usaha, "081234567891");
        let anyone = test.anyone();
        let fields = |again: &'static str| {
            [
                ("login", "081234567891".to_owned()),
                ("code", code.clone()),
                ("password", PASSWORD.to_owned()),
                ("again", again.to_owned()),
            ]
        };
        let differing = fields("lain");
        let differing: Vec<(&str, &str)> = differing.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = submit(&anyone, "/code", &differing).await.expect(422);
        assert!(!refused.text.contains(PASSWORD), "a password never comes back");
        let agreeing = fields(PASSWORD);
        let agreeing: Vec<(&str, &str)> = agreeing.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert!(submit(&anyone, "/code", &agreeing).await.expect(200).text.contains("Kata sandi tersimpan"));
        submit(&anyone, "/code", &agreeing).await.expect(422);
    });
}

#[test]
fn the_language_is_indonesian_unless_asked_and_the_choice_is_remembered() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        let said = async |headers: &[(&str, &str)]| {
            let mut request = anyone.request(Method::GET, "/sign-in").header("accept", "text/html");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let text = anyone.send(request).await.expect(200).text;
            (text.contains("<html lang=\"id\">"), text.contains("Kata sandi"), text.contains("Password"))
        };
        let (indonesian, english) = ((true, true, false), (false, false, true));
        assert_eq!(said(&[]).await, indonesian);
        assert_eq!(said(&[("accept-language", "en-GB,en;q=0.9")]).await, english);
        assert_eq!(said(&[("accept-language", "fr")]).await, indonesian);
        let both = [("accept-language", "en"), ("cookie", "__Host-pasok-language=id")];
        assert_eq!(said(&both).await, indonesian);
        let chosen = post_raw(&anyone, "/language", "language=en&back=%2Fhelp", &[]).await;
        assert_eq!(chosen.headers()["location"], "/help");
        assert!(chosen.headers()["set-cookie"].to_str().unwrap().starts_with("__Host-pasok-language=en; "));
    });
}

#[test]
fn a_refusal_is_a_page_for_browsers_and_a_problem_for_programs() {
    on_each_database(|test| async move {
        let anyone = test.anyone();
        let missing = page(&anyone, "/rounds/12345").await.expect(404);
        assert!(missing.text.contains("<h1>") && missing.header("content-type").starts_with("text/html"));
        assert!(missing.header("content-security-policy").contains("worker-src 'self'"));
        assert_eq!(anyone.get("/rounds/12345").await.expect(404).code(), "NOT_FOUND");
        assert_eq!(anyone.get("/home").await.expect(401).code(), "SIGN_IN_NEEDED");
        assert_eq!(page(&anyone, "/api/v1/me").await.expect(401).code(), "SIGN_IN_NEEDED");
        let no_form = anyone.send(anyone.request(Method::POST, "/sign-in").body("{}")).await;
        assert_eq!(no_form.expect(415).code(), "UNSUPPORTED_MEDIA_TYPE");
    });
}
