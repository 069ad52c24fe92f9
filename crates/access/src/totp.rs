//! One-time codes: RFC 6238 with HMAC-SHA-1, six digits and steps of thirty seconds, as every authenticator speaks it.
//!
//! Sixty lines of our own over the HMAC that is here anyway; the crate for it would bring three more implementations of
//! hashes. The appendix of the RFC is the test. Not here: how often a code may be tried (`limits.rs`).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{hmac, rand};
use data_encoding::BASE32_NOPAD;
use terms::Instant;
use zeroize::Zeroizing;

use crate::Value;

/// RFC 4226 section 4 recommends 160 bits.
const SEED_BYTES: usize = 20;
/// RFC 6238 section 5.2.
const STEP_SECONDS: i64 = 30;
const DIGITS: u32 = 6;
/// RFC 6238 section 5.2: at most one step for the delay of network and hands; we allow as much for a clock that runs ahead.
const STEPS_ASIDE: i64 = 1;
/// The form of a sealed factor: this byte, the seed, the last step that was used.
const FORM: u8 = 1;

/// The system gave no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random numbers")]
pub struct NoRandom;

/// The shared secret of an authenticator and an account. No `Debug`, no `Clone`; wiped when dropped.
pub struct Seed(Zeroizing<[u8; SEED_BYTES]>);

impl Seed {
    /// A new random seed.
    ///
    /// # Errors
    /// [`NoRandom`].
    pub fn new() -> Result<Self, NoRandom> {
        let mut bytes = Zeroizing::new([0; SEED_BYTES]);
        rand::fill(bytes.as_mut()).map_err(|_| NoRandom)?;
        Ok(Self(bytes))
    }

    /// Reads a seed of 20 bytes in base32 (RFC 4648), in either case and without padding. `None` for anything else.
    #[must_use]
    pub fn from_base32(text: &str) -> Option<Self> {
        let upper = Zeroizing::new(text.to_ascii_uppercase());
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(upper.as_bytes()).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// The address that sets up an authenticator, to be shown once: `otpauth://totp/…`. It holds the seed.
    #[must_use]
    pub fn uri(&self, issuer: &str, login: &str) -> Value {
        let secret = Zeroizing::new(BASE32_NOPAD.encode(self.0.as_ref()));
        let (issuer, login) = (escaped(issuer), escaped(login));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{login}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            *secret
        ))
    }

    /// The code of an instant.
    #[must_use]
    pub fn code_at(&self, instant: Instant) -> Value {
        let width = DIGITS as usize;
        Zeroizing::new(format!("{:0width$}", self.truncated(step_of(instant)) % 10_u32.pow(DIGITS)))
    }

    /// RFC 4226 section 5.3: the 31 bits that the digits are taken from.
    fn truncated(&self, step: u64) -> u32 {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.0.as_ref());
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let tag = tag.as_ref();
        let at = usize::from(tag.last().copied().unwrap_or(0) & 0x0f);
        let four = tag.get(at..at + 4).and_then(|four| four.try_into().ok()).unwrap_or([0; 4]);
        u32::from_be_bytes(four) & 0x7fff_ffff
    }
}

/// An account's second factor: its seed, and the last step whose code was used.
pub(crate) struct Factor {
    seed: Seed,
    used: u64,
}

impl Factor {
    pub(crate) const fn new(seed: Seed) -> Self {
        Self { seed, used: 0 }
    }

    /// Reads the bytes of [`Factor::write`].
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let (form, rest) = bytes.split_first()?;
        let (seed, used) = rest.split_first_chunk::<SEED_BYTES>()?;
        let used = u64::from_be_bytes(used.try_into().ok()?);
        (*form == FORM).then(|| Self { seed: Seed(Zeroizing::new(*seed)), used })
    }

    /// The bytes, to be sealed.
    pub(crate) fn write(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([&[FORM][..], self.seed.0.as_ref(), &self.used.to_be_bytes()].concat())
    }

    /// Takes a code. A step whose code was used, and every step before it, is never taken again (RFC 6238 section 5.2).
    pub(crate) fn take(&mut self, code: &str, now: Instant) -> bool {
        let mut taken = None;
        for aside in -STEPS_ASIDE..=STEPS_ASIDE {
            let at = now.plus_seconds(aside * STEP_SECONDS);
            let equal = verify_slices_are_equal(self.seed.code_at(at).as_bytes(), code.as_bytes()).is_ok();
            let step = step_of(at);
            if equal && step > self.used && taken.is_none() {
                taken = Some(step);
            }
        }
        self.used = taken.unwrap_or(self.used);
        taken.is_some()
    }

    /// The code of an instant.
    pub(crate) fn code_at(&self, instant: Instant) -> Value {
        self.seed.code_at(instant)
    }
}

/// Steps since 1970; the time before it has none.
fn step_of(instant: Instant) -> u64 {
    u64::try_from(instant.micros().div_euclid(STEP_SECONDS * 1_000_000)).unwrap_or(0)
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seed() -> Seed {
        Seed(Zeroizing::new(*b"12345678901234567890"))
    }

    /// RFC 6238 appendix B, the rows of SHA-1, which have eight digits.
    #[track_caller]
    fn check(seconds: i64, expected: u32) {
        let at = Instant(seconds * 1_000_000);
        assert_eq!(seed().truncated(step_of(at)) % 100_000_000, expected);
        assert_eq!(*seed().code_at(at), format!("{:06}", expected % 1_000_000));
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        check(59, 94_287_082);
        check(1_111_111_109, 7_081_804);
        check(1_111_111_111, 14_050_471);
        check(1_234_567_890, 89_005_924);
        check(2_000_000_000, 69_279_037);
        check(20_000_000_000, 65_353_130);
    }

    #[test]
    fn a_code_is_taken_one_step_aside_and_only_once() {
        let now = Instant(1_234_567_890_000_000);
        let code = |aside| seed().code_at(now.plus_seconds(aside));
        let mut factor = Factor::new(seed());
        assert!(!factor.take(&code(-60), now) && !factor.take(&code(60), now), "two steps aside");
        assert!(!factor.take("", now) && !factor.take("00592", now) && !factor.take("0059244", now), "no code");
        assert!(factor.take(&code(0), now));
        assert!(!factor.take(&code(0), now), "a second time");
        assert!(!factor.take(&code(-30), now), "an earlier step");
        let mut kept = Factor::read(&factor.write()).expect("reads back");
        assert!(!kept.take(&code(0), now), "a second time, after it was kept");
        assert!(kept.take(&code(30), now));
    }

    #[test]
    fn an_authenticator_is_set_up_by_an_address() {
        assert_eq!(
            *seed().uri("Betrodd åt oss", "a@b.se"),
            "otpauth://totp/Betrodd%20%C3%A5t%20oss:a%40b.se?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Betrodd%20%C3%A5t%20oss&algorithm=SHA1&digits=6&period=30"
        );
        let read = Seed::from_base32("gezdgnbvgy3tqojqgezdgnbvgy3tqojq").expect("a seed");
        assert_eq!(read.0, seed().0);
        for wrong in ["", "GEZDGNBV", "1", "å"] {
            assert!(Seed::from_base32(wrong).is_none(), "{wrong}");
        }
        assert!(Factor::read(&[]).is_none() && Factor::read(&[2; 29]).is_none() && Factor::read(&[1; 28]).is_none());
    }
}
