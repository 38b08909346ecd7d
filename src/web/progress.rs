//! Long work of this process: at most one at a time per record, watched by any number of listeners.
//!
//! Nothing here outlives the process: the truth about long work is in the database, this only carries news of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};

/// News a slow listener may lag behind; older news is dropped for that listener alone.
const BACKLOG: usize = 256;

type Channels = Arc<Mutex<HashMap<i64, broadcast::Sender<String>>>>;

/// What is running in this process, by the record it is about.
#[derive(Debug, Clone)]
pub struct Progress {
    channels: Channels,
    places: Arc<Semaphore>,
}

impl Progress {
    /// With so many places for work that runs at once.
    pub fn new(places: usize) -> Self {
        Self { channels: Channels::default(), places: Arc::new(Semaphore::new(places)) }
    }

    /// Waits for a free place; it is taken until the answer is dropped.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // Nobody closes the semaphore, so there is always an answer in the end.
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Claims the work on record `id`; `None` while it is being done already. The claim ends when the answer is dropped.
    pub fn begin(&self, id: i64) -> Option<Running> {
        let mut channels = lock(&self.channels);
        if channels.contains_key(&id) {
            return None;
        }
        let (sender, _) = broadcast::channel(BACKLOG);
        channels.insert(id, sender.clone());
        Some(Running { id, sender, channels: Arc::clone(&self.channels) })
    }

    /// News of the work on record `id`, while it is being done here; the stream ends with the work.
    pub fn subscribe(&self, id: i64) -> Option<broadcast::Receiver<String>> {
        lock(&self.channels).get(&id).map(broadcast::Sender::subscribe)
    }
}

/// Work that was claimed.
#[derive(Debug)]
pub struct Running {
    id: i64,
    sender: broadcast::Sender<String>,
    channels: Channels,
}

impl Running {
    /// Tells all listeners. Nobody listening is no error.
    pub fn tell(&self, news: String) {
        let _ = self.sender.send(news);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        lock(&self.channels).remove(&self.id);
    }
}

fn lock(
    channels: &Mutex<HashMap<i64, broadcast::Sender<String>>>,
) -> std::sync::MutexGuard<'_, HashMap<i64, broadcast::Sender<String>>> {
    // A poisoned lock only means that another thread panicked; the map itself is whole.
    channels.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_the_feed_ends_with_the_work() {
        let progress = Progress::new(1);
        let running = progress.begin(1).unwrap();
        assert!(progress.begin(1).is_none());
        assert!(progress.begin(2).is_some());
        let mut feed = progress.subscribe(1).unwrap();
        running.tell("half".to_owned());
        drop(running);
        assert_eq!(feed.try_recv(), Ok("half".to_owned()));
        assert_eq!(feed.try_recv(), Err(broadcast::error::TryRecvError::Closed));
        assert!(progress.subscribe(1).is_none());
        assert!(progress.begin(1).is_some());
    }
}
