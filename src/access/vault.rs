//! Secrets that the server must read again, encrypted at rest: whoever gets the database alone gets nothing to sign in with.
//!
//! The keys are in a file beside the record's key, never in the database: one a line, 64 hexadecimal digits. The first
//! encrypts; the others still decrypt what was encrypted before they were replaced. XChaCha20-Poly1305 with a random nonce;
//! the owner is authenticated too, so that a secret copied to another account does not open.

use crate::error::AppError;
use crate::values::hex::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use zeroize::Zeroizing;

/// Begins what this module writes.
const FORMAT: &str = "v1";
const NONCE_BYTES: usize = 24;

#[derive(Clone)]
struct Key {
    /// The first 4 bytes of the key's SHA-256, in hexadecimal.
    name: String,
    bytes: Zeroizing<[u8; 32]>,
}

impl Key {
    fn new(bytes: [u8; 32]) -> Self {
        let name = hex(Sha256::digest(bytes).get(..4).unwrap_or_default());
        Self { name, bytes: Zeroizing::new(bytes) }
    }

    fn parse(line: &str) -> Option<Self> {
        crate::audit::entry::parse_hash(line.trim()).map(Self::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.bytes).into())
    }
}

/// The keys of one installation; read when first needed.
pub struct Vault {
    file: PathBuf,
    keys: RwLock<Vec<Key>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Vault {
    /// Keys that are or will be in `file`.
    pub fn new(file: PathBuf) -> Self {
        Self { file, keys: RwLock::new(Vec::new()) }
    }

    /// Encrypts a secret of an account for a purpose such as `totp`; makes the first key if there is none.
    pub fn seal(&self, purpose: &str, account_id: i64, secret: &str) -> Result<String, AppError> {
        let key = match self.find(None) {
            Some(key) => key,
            None => self.load_or_make()?,
        };
        let nonce: [u8; NONCE_BYTES] = rand::random();
        let about = about(purpose, account_id);
        let payload = Payload { msg: secret.as_bytes(), aad: about.as_bytes() };
        let sealed = key.cipher().encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| unusable(&self.file))?;
        Ok(format!("{FORMAT}.{}.{}", key.name, STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// Decrypts what [`Vault::seal`] made for the same account and purpose.
    pub fn open(&self, purpose: &str, account_id: i64, sealed: &str) -> Result<Zeroizing<String>, AppError> {
        let bad = || AppError::unknown_stored(purpose);
        let mut parts = sealed.splitn(3, '.');
        let (Some(FORMAT), Some(name), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad());
        };
        let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| bad())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(bad)?;
        let key = if let Some(key) = self.find(Some(name)) {
            key
        } else {
            // Another process may have put a new key in since.
            self.read()?;
            self.find(Some(name)).ok_or_else(|| unusable(&self.file))?
        };
        let about = about(purpose, account_id);
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        let plain = key.cipher().decrypt(XNonce::from_slice(nonce), payload).map_err(|_| bad())?;
        String::from_utf8(plain).map(Zeroizing::new).map_err(|_| bad())
    }

    /// Puts a new key before the others; what is encrypted from now on takes it. Secrets must then be sealed anew.
    pub fn add_key(&self) -> Result<(), AppError> {
        let old = if self.read()? { self.all() } else { Vec::new() };
        let keys = [vec![Key::new(rand::random())], old].concat();
        let whole = written(&self.file, &keys)?;
        whole.persist(&self.file).map_err(|error| AppError::internal(error.error))?;
        self.replace(keys);
        Ok(())
    }

    /// Forgets every key but the first, once nothing is encrypted with the others any more.
    pub fn drop_old_keys(&self) -> Result<(), AppError> {
        let keys: Vec<Key> = self.all().into_iter().take(1).collect();
        written(&self.file, &keys)?.persist(&self.file).map_err(|error| AppError::internal(error.error))?;
        self.replace(keys);
        Ok(())
    }

    fn all(&self) -> Vec<Key> {
        self.keys.read().map(|keys| keys.clone()).unwrap_or_default()
    }

    fn replace(&self, keys: Vec<Key>) {
        if let Ok(mut held) = self.keys.write() {
            *held = keys;
        }
    }

    /// The key of this name, or the one that encrypts.
    fn find(&self, name: Option<&str>) -> Option<Key> {
        let keys = self.keys.read().ok()?;
        keys.iter().find(|key| name.is_none_or(|name| key.name == name)).cloned()
    }

    /// Reads the file; whether there is one.
    fn read(&self) -> Result<bool, AppError> {
        let text = match std::fs::read_to_string(&self.file) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(AppError::internal(format!("{}: {error}", self.file.display()))),
        };
        let keys: Option<Vec<Key>> = text.lines().filter(|line| !line.trim().is_empty()).map(Key::parse).collect();
        self.replace(keys.filter(|keys| !keys.is_empty()).ok_or_else(|| unusable(&self.file))?);
        Ok(true)
    }

    fn load_or_make(&self) -> Result<Key, AppError> {
        if !self.read()? {
            let whole = written(&self.file, &[Key::new(rand::random())])?;
            // Another process may be first; then its key is the key.
            if whole.persist_noclobber(&self.file).is_ok() {
                tracing::warn!(file = %self.file.display(), "made a key that encrypts secrets; keep it safe and apart");
            }
            self.read()?;
        }
        self.find(None).ok_or_else(|| unusable(&self.file))
    }
}

/// What is authenticated besides the secret.
fn about(purpose: &str, account_id: i64) -> String {
    format!("pasok/{purpose}/{account_id}")
}

/// A file that only its owner may read, not yet under its name.
fn written(file: &Path, keys: &[Key]) -> Result<tempfile::NamedTempFile, AppError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> std::io::Result<tempfile::NamedTempFile> {
        let mut whole = tempfile::NamedTempFile::new_in(folder)?;
        for key in keys {
            writeln!(whole, "{}", hex(&*key.bytes))?;
        }
        whole.as_file().sync_all()?;
        Ok(whole)
    };
    write().map_err(|error| AppError::internal(format!("{}: {error}", file.display())))
}

fn unusable(file: &Path) -> AppError {
    AppError::internal(format!("the key of encrypted secrets is not in {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::new(folder.path().join("secret-key"));
        (folder, vault)
    }

    #[test]
    fn a_secret_opens_for_its_owner_and_purpose_alone() {
        let (_folder, vault) = vault();
        let sealed = vault.seal("totp", 7, "GEZDGNBVGY3TQOJQ").unwrap();
        assert!(!sealed.contains("GEZDGNBVGY3TQOJQ") && sealed != vault.seal("totp", 7, "GEZDGNBVGY3TQOJQ").unwrap());
        assert_eq!(*vault.open("totp", 7, &sealed).unwrap(), "GEZDGNBVGY3TQOJQ");
        assert!(vault.open("totp", 8, &sealed).is_err() && vault.open("other", 7, &sealed).is_err());
        for wrong in ["", "GEZDGNBVGY3TQOJQ", "v1.0.", "v1..AAAA", &sealed[..sealed.len() - 2]] {
            assert!(vault.open("totp", 7, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn keys_are_for_their_owner_alone_shared_and_replaced() {
        let (_folder, vault) = vault();
        let old = vault.seal("totp", 7, "A").unwrap();
        let other = Vault::new(vault.file.clone());
        assert_eq!(*other.open("totp", 7, &old).unwrap(), "A");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&vault.file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        vault.add_key().unwrap();
        let new = vault.seal("totp", 7, "A").unwrap();
        assert_ne!(old.split('.').nth(1), new.split('.').nth(1));
        // A process that runs on learns the new key when it first meets it.
        assert_eq!(*other.open("totp", 7, &new).unwrap(), "A");
        assert_eq!(*vault.open("totp", 7, &old).unwrap(), "A");
        vault.drop_old_keys().unwrap();
        assert!(vault.open("totp", 7, &old).is_err());
        assert_eq!(*vault.open("totp", 7, &new).unwrap(), "A");
    }

    #[test]
    fn a_lost_or_broken_key_file_is_an_error_and_never_replaced() {
        let (_folder, vault) = vault();
        let sealed = vault.seal("totp", 7, "A").unwrap();
        std::fs::write(&vault.file, "not a key").unwrap();
        let later = Vault::new(vault.file.clone());
        assert!(later.open("totp", 7, &sealed).is_err() && later.seal("totp", 7, "B").is_err());
        assert_eq!(std::fs::read_to_string(&vault.file).unwrap(), "not a key");
    }
}
