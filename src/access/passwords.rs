//! Hashing passwords: Argon2id with 19 MiB, two passes and one lane (OWASP), a few at a time.
//!
//! Each hash takes 19 MiB and tens of milliseconds of a core, so a flood of sign-ins must wait here and not run at once.

use crate::error::AppError;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// The hash of no password, of the same cost: what an unknown person's password is compared with.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cGFzb2stZHVtbXktc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords off the asynchronous threads, at most so many at once. Cheap to clone.
///
/// The 19 MiB of each place are kept and used again. Given back to the allocator after every hash they would stay with
/// whichever thread took them: 500 sign-ins grew the program by 480 MiB that way, though only two ran at a time.
#[derive(Debug, Clone)]
pub struct Hasher {
    places: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Hasher {
    /// A hasher that works on so many passwords at once.
    pub fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), memory: Arc::default() }
    }

    /// The PHC string to store for a password.
    pub async fn hash(&self, password: String) -> Result<String, AppError> {
        self.run(move |memory| {
            let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(AppError::internal)?;
            let salt = rand::random::<[u8; 16]>();
            let output = digest(&password, &salt, params, memory)?;
            let (salt, output) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(output));
            Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${output}"))
        })
        .await
    }

    /// Whether it is the stored password. Takes as long when there is none.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, AppError> {
        self.run(move |memory| {
            let stored = stored.as_deref().filter(|hash| !hash.is_empty()).unwrap_or(NOBODY);
            let stored = PasswordHash::new(stored).map_err(AppError::internal)?;
            let params = Params::try_from(&stored).map_err(AppError::internal)?;
            let salt = stored.salt.ok_or_else(|| AppError::unknown_stored("password_hash"))?;
            let output = digest(&password, &salt, params, memory)?;
            // Compares in constant time.
            Ok(stored.hash == Some(Output::new(&output).map_err(AppError::internal)?))
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        // The place is given back when the work ends, also when nobody waits for it any more.
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(AppError::internal)?;
        let pool = Arc::clone(&self.memory);
        tokio::task::spawn_blocking(move || {
            // A poisoned lock only means that another thread panicked between a push and a pop.
            let taken = pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut memory = taken.unwrap_or_default();
            let result = work(&mut memory);
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            drop(place);
            result
        })
        .await
        .map_err(AppError::internal)?
    }
}

fn digest(password: &str, salt: &[u8], params: Params, memory: &mut Vec<Block>) -> Result<[u8; 32], AppError> {
    memory.resize(params.block_count(), Block::default());
    let mut output = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory)
        .map_err(AppError::internal)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn a_password_is_known_again_and_an_unknown_person_has_none() {
        let hasher = Hasher::new(2);
        let hash = hasher.hash("sepuluh karung beras".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hasher.hash("sepuluh karung beras".to_owned()).await.unwrap());
        assert!(hasher.verify("sepuluh karung beras".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("sepuluh karung padi".to_owned(), Some(hash)).await.unwrap());
        for nobody in [None, Some(String::new())] {
            assert!(!hasher.verify(String::new(), nobody).await.unwrap());
        }
    }

    #[tokio::test]
    async fn an_unknown_person_costs_as_much_as_a_known_one() {
        let hasher = Hasher::new(1);
        let hash = hasher.hash("sepuluh karung beras".to_owned()).await.unwrap();
        let mut times = [Duration::MAX; 2];
        for _ in 0..5 {
            for (time, stored) in times.iter_mut().zip([Some(hash.clone()), None]) {
                let start = Instant::now();
                assert!(!hasher.verify("salah".to_owned(), stored).await.unwrap());
                *time = start.elapsed().min(*time);
            }
        }
        // The same parameters do the same work; the bound only has to catch a missing hash.
        assert!(times[1] * 4 > times[0] && times[0] * 4 > times[1], "{times:?}");
    }
}
