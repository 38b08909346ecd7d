//! The key that signs checkpoints: a file that only its owner can read, made when it is first needed.

use super::note::{Kind, Signer};
use crate::error::AppError;
use crate::values::hex::hex;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Where the key is, and the key once it was read.
#[derive(Debug)]
pub struct Keys {
    file: PathBuf,
    signer: OnceLock<Signer>,
}

impl Keys {
    /// A key that is or will be in `file`.
    pub fn new(file: PathBuf) -> Self {
        Self { file, signer: OnceLock::new() }
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The key; makes one under a random name if there is no file.
    pub fn signer(&self) -> Result<&Signer, AppError> {
        if let Some(signer) = self.signer.get() {
            return Ok(signer);
        }
        let signer = match read(&self.file)? {
            Some(signer) => signer,
            None => self.make()?,
        };
        Ok(self.signer.get_or_init(|| signer))
    }

    /// The key, if there is one already.
    pub fn find(&self) -> Result<Option<Signer>, AppError> {
        read(&self.file)
    }

    fn make(&self) -> Result<Signer, AppError> {
        let name = format!("pasok/{}", hex(&rand::random::<[u8; 8]>()));
        let signer = Signer::new(&name, Kind::Plain, rand::random());
        match write(&self.file, &signer) {
            Ok(()) => {
                tracing::warn!(file = %self.file.display(), "made a key that signs the record; keep it safe and apart");
                Ok(signer)
            }
            // Another process was first; its key is the key.
            Err(_) => read(&self.file)?.ok_or_else(|| unusable(&self.file, "cannot be made")),
        }
    }
}

fn unusable(file: &Path, why: &str) -> AppError {
    AppError::internal(format!("the record's key {} {why}", file.display()))
}

/// Reads a private key; `None` if there is no file.
pub fn read(file: &Path) -> Result<Option<Signer>, AppError> {
    match std::fs::read_to_string(file) {
        Ok(text) => Signer::parse(&text).map(Some).ok_or_else(|| unusable(file, "is not a private key")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AppError::internal(format!("{}: {error}", file.display()))),
    }
}

/// Writes a private key to a new file that only its owner may read. Never overwrites.
pub fn write(file: &Path, signer: &Signer) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // A temporary file is its owner's alone; it gets its name when it is whole, and only if nobody has that name.
    let mut whole = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(whole, "{}", signer.secret())?;
    whole.as_file().sync_all()?;
    whole.persist_noclobber(file).map_err(|error| error.error).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("log-key");
        assert!(Keys::new(file.clone()).find().unwrap().is_none());
        let first = Keys::new(file.clone()).signer().unwrap().verifier();
        assert_eq!(Keys::new(file.clone()).signer().unwrap().verifier(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&file, "PRIVATE+KEY+x").unwrap();
        assert!(Keys::new(file).signer().is_err());
    }
}
