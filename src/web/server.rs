//! The server itself: limits, timeouts, graceful stop.
