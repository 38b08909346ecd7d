//! Proofs by the API, and a witness on another machine.

use crate::support::{SYSTEM, Trade, on_each_database};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pasok::audit::checkpoint::{Checkpoint, Receipt};
use pasok::audit::merkle::{self, Hash};
use pasok::audit::note::{Kind, Note, Signer, Verifier};
use pasok::audit::{proof, service, witness::Witness};
use pasok::parties::{Capability, Class, Role};
use serde_json::{Value, json};

fn hashes(proof: &Value) -> Vec<Hash> {
    let path = proof["path"].as_array().unwrap();
    path.iter().map(|hash| STANDARD.decode(hash.as_str().unwrap()).unwrap().try_into().unwrap()).collect()
}

#[test]
fn everybody_can_check_heads_proofs_and_receipts() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let operator = &trade.stage.operator.client;
        let head = operator.get("/api/v1/log").await.expect(200).json();
        let key = Verifier::parse(head["keys"][0].as_str().unwrap()).unwrap();
        let (checkpoint, _) = Checkpoint::open(head["checkpoint"].as_str().unwrap(), &key).unwrap();
        let list = operator.get("/api/v1/log/checkpoints?limit=1").await.expect(200).json();
        assert_eq!(list["items"][0]["occasion"], "published");
        let older = operator.get(list["next"].as_str().unwrap()).await.expect(200).json();
        assert_eq!(older["items"][0]["occasion"], "closed");
        let oldest = operator.get(older["next"].as_str().unwrap()).await.expect(200).json();
        assert_eq!(oldest["items"][0]["occasion"], "round opened");
        assert!(oldest["next"].is_null());
        let (old, _) = Checkpoint::open(older["items"][0]["checkpoint"].as_str().unwrap(), &key).unwrap();

        let address = format!("/api/v1/log/consistency?old={}&new={}", old.size, checkpoint.size);
        let path = hashes(&operator.get(&address).await.expect(200).json());
        assert!(proof::is_consistent(old.size, &old.root, checkpoint.size, &checkpoint.root, &path));

        let mut address = "/api/v1/log/leaves?limit=7".to_owned();
        let (mut seen, mut read) = (0u64, Vec::new());
        loop {
            let page = operator.get(&address).await.expect(200).json();
            for item in page["items"].as_array().unwrap() {
                assert_eq!(item["index"], seen.to_string());
                let leaf: Hash = STANDARD.decode(item["hash"].as_str().unwrap()).unwrap().try_into().unwrap();
                if let Some(content) = item["leaf"].as_str() {
                    assert_eq!(merkle::leaf(content.as_bytes()), leaf);
                    read.push(seen);
                }
                if seen < checkpoint.size {
                    let address = format!("/api/v1/log/inclusion?index={seen}&size={}", checkpoint.size);
                    let path = hashes(&operator.get(&address).await.expect(200).json());
                    assert!(proof::is_included(&leaf, seen, checkpoint.size, &path, &checkpoint.root), "leaf {seen}");
                }
                seen += 1;
            }
            let Some(next) = page["next"].as_str() else { break };
            address = next.to_owned();
        }
        assert!(seen >= checkpoint.size);
        assert!(read.len() > 3 && (read.len() as u64) < seen, "some leaves are others' and the system's: {read:?}");
        let receipt = operator.get(&format!("/api/v1/log/leaves/{}/receipt", read[0])).await.expect(200).json();
        assert!(Receipt::parse(receipt["text"].as_str().unwrap()).unwrap().holds(&key));
        operator.get("/api/v1/log/inclusion?index=9&size=999999").await.expect(422);
        operator.get("/api/v1/log/checkpoints/1").await.expect(404);
        test.anyone().get("/api/v1/log").await.expect(401);
    });
}

#[test]
fn who_may_read_leaves() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let (buyer, seller) = (&trade.stage.buyer.client, &trade.stage.seller.client);
        buyer.get("/api/v1/log/leaves").await.expect(403);
        let leaves = trade.stage.operator.client.get("/api/v1/log/leaves?limit=500").await.expect(200).json();
        let posted = leaves["items"].as_array().unwrap().iter().find(|item| {
            let Some(leaf) = item["leaf"].as_str() else { return false };
            let leaf: Value = serde_json::from_str(leaf).unwrap();
            leaf["subject"] == "offers" && leaf["event"] == "posted"
        });
        let index = posted.unwrap()["index"].as_str().unwrap();
        seller.get(&format!("/api/v1/log/leaves/{index}/receipt")).await.expect(200);
        buyer.get(&format!("/api/v1/log/leaves/{index}/receipt")).await.expect(404);
    });
}

#[test]
fn observers_of_one_market_see_only_hashes_of_another() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let office = test.organisation("DINAS-LAIN", Class::Pemerintah, &[Capability::Operator]);
        let other = crate::support::market_named(&test, office.id, "lain");
        let watchers = test.organisation("PENGAMAT-LAIN", Class::Pemerintah, &[Capability::Observer]);
        test.app.write(SYSTEM, |work| pasok::markets::service::join(work, other.id, watchers.id)).unwrap();
        let here = test.organisation("PENGAMAT-SINI", Class::Pemerintah, &[Capability::Observer]);
        let market = trade.stage.market_id;
        test.app.write(SYSTEM, |work| pasok::markets::service::join(work, market, here.id)).unwrap();
        let read = async |organisation, name: &str| {
            let client = test.member(organisation, name, Role::Observer);
            let leaves = client.get("/api/v1/log/leaves?limit=500").await.expect(200).json();
            let items = leaves["items"].as_array().unwrap().clone();
            assert!(items.iter().all(|item| item["hash"].is_string()));
            (client, items.into_iter().filter(|item| item["leaf"].is_string()).collect::<Vec<_>>())
        };
        let (_, seen) = read(&here, "Pengamat").await;
        assert!(seen.len() > 3, "{seen:?}");
        let (stranger, others) = read(&watchers, "Pengamat lain").await;
        let of_market = |item: &Value| item["leaf"].as_str().unwrap().contains(&format!("\"market\":{market}"));
        assert!(seen.iter().any(of_market) && !others.iter().any(of_market), "{others:?}");
        let index = seen[0]["index"].as_str().unwrap();
        stranger.get(&format!("/api/v1/log/leaves/{index}/receipt")).await.expect(404);
    });
}

#[test]
fn a_witness_signs_what_only_grew_and_its_word_is_kept() {
    on_each_database(|test| async move {
        let trade = Trade::published(&test).await;
        let operator = &trade.stage.operator.client;
        let folder = tempfile::tempdir().unwrap();
        let signer = Signer::new("saksi.example/kupang", Kind::Cosignature, rand::random());
        let log = test.app.record.keys().signer().unwrap().verifier();
        let request = operator.get("/api/v1/log/witness-request?old=0").await.expect(200).json();
        let mut witness = Witness::open(&folder.path().join("state.json")).unwrap();
        witness.watch(&log).unwrap();
        let line = witness.cosign(&signer, request["text"].as_str().unwrap(), 1_767_600_000).unwrap().unwrap();

        let body = json!({ "lines": line.to_string() });
        operator.post("/api/v1/log/cosignatures", &body).await.expect(422);
        let key = signer.verifier();
        test.app.write(SYSTEM, |work| service::add_witness(work, &key)).unwrap();
        trade.stage.buyer.client.post("/api/v1/log/cosignatures", &body).await.expect(403);
        for _ in 0..2 {
            operator.post("/api/v1/log/cosignatures", &body).await.expect(200);
        }
        let head = operator.get("/api/v1/log").await.expect(200).json();
        let note = Note::parse(head["checkpoint"].as_str().unwrap()).unwrap();
        assert!(note.is_signed_by(&key) && note.is_signed_by(&log));
        assert_eq!(head["witnesses"][0], key.to_string());
        let report = super::verified(&test);
        assert!(report.is_clean() && report.cosignatures == 1, "{report}");

        // The log goes on; the witness signs the next head from where it stands.
        test.app
            .write(SYSTEM, |work| {
                let _: () = work.checkpoint("daily");
                Ok(())
            })
            .unwrap();
        let size = Checkpoint::parse(&note.text).unwrap().size;
        let request = test.app.read(SYSTEM, |connection, _| service::request(connection, size)).unwrap();
        assert!(witness.cosign(&signer, &request.to_string(), 1_767_700_000).unwrap().is_ok());
    });
}
