//! How often strangers may try: by address, by log-in name and, once a password was right, by account for codes.
//!
//! Asked before any work is done. Addresses and tokens stay in memory and are never written. A stranger who tries a name all
//! the time keeps its owner from logging in meanwhile; sessions that run go on, and that is less harm than a guessed password.

use core::num::NonZeroU32;
use core::time::Duration;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use terms::{Instant, PersonId};

/// Attempts with one log-in name: five, then one a minute.
pub const ATTEMPTS_A_LOGIN: u32 = 5;
const REST_OF_A_LOGIN: Duration = Duration::from_secs(60);
/// Attempts from one address: thirty, then one in two seconds. An office shares an address.
pub const ATTEMPTS_AN_ADDRESS: u32 = 30;
const REST_OF_AN_ADDRESS: Duration = Duration::from_secs(2);
/// Codes of one account whose password was right: ten, then one in six minutes. So a guesser who has the password needs
/// years for one of a million codes, three of which hold (RFC 4226 section 7.3 asks for such a limit).
pub const ATTEMPTS_AT_A_CODE: u32 = 10;
const REST_OF_A_CODE: Duration = Duration::from_secs(360);
/// How many addresses or names are remembered; above that, and if forgetting old ones does not help, newcomers wait.
const MAX_REMEMBERED: usize = 100_000;

/// How long to wait, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wait {
    pub(crate) seconds: u64,
}

/// The three limits.
pub(crate) struct Limits {
    addresses: Limit<IpAddr>,
    logins: Limit<[u8; 32]>,
    codes: Limit<PersonId>,
}

impl Limits {
    pub(crate) fn new(now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        let passed = Passed::new(now);
        Self {
            addresses: Limit::new(ATTEMPTS_AN_ADDRESS, REST_OF_AN_ADDRESS, &passed),
            logins: Limit::new(ATTEMPTS_A_LOGIN, REST_OF_A_LOGIN, &passed),
            codes: Limit::new(ATTEMPTS_AT_A_CODE, REST_OF_A_CODE, &passed),
        }
    }

    pub(crate) fn address(&self, from: IpAddr) -> Result<(), Wait> {
        self.addresses.check(&house_of(from))
    }

    pub(crate) fn login(&self, token: &[u8; 32]) -> Result<(), Wait> {
        self.logins.check(token)
    }

    pub(crate) fn code(&self, person: PersonId) -> Result<(), Wait> {
        self.codes.check(&person)
    }

    /// Forgets whoever has not tried for so long that it makes no difference.
    pub(crate) fn forget_old(&self) {
        self.addresses.limiter.retain_recent();
        self.logins.limiter.retain_recent();
        self.codes.limiter.retain_recent();
    }
}

/// What counts as one address: whoever has one IPv6 address has its whole /64.
fn house_of(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

struct Limit<K: core::hash::Hash + Eq + Clone> {
    limiter: RateLimiter<K, DashMapStateStore<K>, Passed, NoOpMiddleware<Duration>>,
    passed: Passed,
    rest_seconds: u64,
}

impl<K: core::hash::Hash + Eq + Clone> Limit<K> {
    fn new(attempts: u32, rest: Duration, passed: &Passed) -> Self {
        let burst = NonZeroU32::new(attempts).unwrap_or(NonZeroU32::MIN);
        // One in `rest`; without a length it would be none, and then one a minute is meant.
        let quota = Quota::with_period(rest).unwrap_or(Quota::per_minute(NonZeroU32::MIN)).allow_burst(burst);
        Self {
            limiter: RateLimiter::dashmap_with_clock(quota, passed.clone()),
            passed: passed.clone(),
            rest_seconds: rest.as_secs().max(1),
        }
    }

    fn check(&self, key: &K) -> Result<(), Wait> {
        if self.limiter.len() >= MAX_REMEMBERED {
            self.limiter.retain_recent();
            if self.limiter.len() >= MAX_REMEMBERED {
                return Err(Wait { seconds: self.rest_seconds });
            }
        }
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.passed.now());
            Wait { seconds: (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1) }
        })
    }
}

/// The time that has passed by the installation's clock. A clock set back stands still for a moment and goes on from there:
/// nobody is locked out until the clock has caught up.
#[derive(Clone)]
struct Passed {
    now: Arc<dyn Fn() -> Instant + Send + Sync>,
    at: Arc<Mutex<(Instant, Duration)>>,
}

impl Passed {
    fn new(now: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        let at = Arc::new(Mutex::new((now(), Duration::ZERO)));
        Self { now: Arc::new(now), at }
    }
}

impl governor::clock::Clock for Passed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let now = (self.now)();
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, passed) = *at;
        let more = u64::try_from(now.micros().saturating_sub(before.micros())).unwrap_or(0);
        // A hundred years: the limiter counts nanoseconds in 64 bits.
        let most = Duration::from_secs(3_155_760_000);
        let passed = passed.saturating_add(Duration::from_micros(more)).min(most);
        *at = (now, passed);
        passed
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    struct Fixture {
        limits: Limits,
        micros: Arc<AtomicI64>,
    }

    impl Fixture {
        fn new() -> Self {
            let micros = Arc::new(AtomicI64::new(1_700_000_000_000_000));
            let read = Arc::clone(&micros);
            Self { limits: Limits::new(move || Instant(read.load(Ordering::SeqCst))), micros }
        }

        fn later(&self, seconds: i64) {
            self.micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }

    #[test]
    fn the_sixth_attempt_with_a_name_in_a_minute_waits() {
        let f = Fixture::new();
        for _ in 0..5 {
            f.later(11);
            assert_eq!(f.limits.login(&[1; 32]), Ok(()));
        }
        f.later(1);
        assert_eq!(f.limits.login(&[1; 32]), Err(Wait { seconds: 15 }));
        assert_eq!(f.limits.login(&[2; 32]), Ok(()), "another name does not wait");
        f.later(15);
        assert_eq!(f.limits.login(&[1; 32]), Ok(()));
        assert_eq!(f.limits.login(&[1; 32]), Err(Wait { seconds: 60 }), "one a minute");
    }

    #[test]
    fn an_address_is_a_whole_network_where_it_is_ipv6() {
        let f = Fixture::new();
        for n in 0..ATTEMPTS_AN_ADDRESS {
            let from = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, n as u16));
            assert_eq!(f.limits.address(from), Ok(()));
        }
        assert!(f.limits.address("2001:db8:0:1:ffff::1".parse().expect("an address")).is_err());
        assert_eq!(f.limits.address("2001:db8:0:2::1".parse().expect("an address")), Ok(()));
        for _ in 0..ATTEMPTS_AN_ADDRESS {
            assert_eq!(f.limits.address("192.0.2.1".parse().expect("an address")), Ok(()));
        }
        assert!(
            f.limits.address("::ffff:192.0.2.1".parse().expect("an address")).is_err(),
            "the same in other clothes"
        );
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let f = Fixture::new();
        f.later(86_400 * 30);
        for _ in 0..5 {
            assert_eq!(f.limits.login(&[1; 32]), Ok(()));
        }
        f.later(-86_400 * 30);
        assert_eq!(f.limits.login(&[1; 32]), Err(Wait { seconds: 60 }));
        f.later(60);
        assert_eq!(f.limits.login(&[1; 32]), Ok(()));
    }

    #[test]
    fn who_has_not_tried_for_long_is_forgotten() {
        let f = Fixture::new();
        assert_eq!(f.limits.login(&[1; 32]), Ok(()));
        f.limits.forget_old();
        assert_eq!(f.limits.logins.limiter.len(), 1);
        f.later(3600);
        f.limits.forget_old();
        assert_eq!(f.limits.logins.limiter.len(), 0);
    }
}
