//! A moment, in whole microseconds of UTC since 1970. Calendars and zones live elsewhere.

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Instant(#[n(0)] pub i64);

impl Instant {
    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The moment `seconds` later; saturates at the ends of time.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

/// Where the time comes from. Only programs implement it; every room takes it as an argument.
pub trait Clock: Send + Sync {
    /// The present moment. It may stand still or jump; who needs order, keeps it.
    fn now(&self) -> Instant;
}
