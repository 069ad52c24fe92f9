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
/// A used step that lies further ahead than this was used by a clock that has been set back since: ten minutes, which is more
/// than a clock is corrected by while it runs.
const FAR_AHEAD_STEPS: u64 = 20;
/// The form of a sealed seed: this byte, then the seed.
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

    /// The seed in base32, to be shown once to whoever types it into an authenticator.
    #[must_use]
    pub fn base32(&self) -> Value {
        Zeroizing::new(BASE32_NOPAD.encode(self.0.as_ref()))
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

/// Reads the bytes of [`write_seed`].
pub(crate) fn read_seed(bytes: &[u8]) -> Option<Seed> {
    let (form, seed) = bytes.split_first()?;
    let seed = Zeroizing::new(seed.try_into().ok()?);
    (*form == FORM).then_some(Seed(seed))
}

/// The bytes, to be sealed.
pub(crate) fn write_seed(seed: &Seed) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([&[FORM][..], seed.0.as_ref()].concat())
}

/// Takes a code, and tells whose step it was. `used` is the step of the last code that was taken: that one, and every one
/// before it, is never taken again (RFC 6238 section 5.2).
///
/// One that was used by a clock set back since bars nothing, or its person would be shut out until the clock has caught up.
pub(crate) fn take(seed: &Seed, code: &str, used: u64, now: Instant) -> Option<u64> {
    let used = if used > step_of(now).saturating_add(FAR_AHEAD_STEPS) { 0 } else { used };
    let mut taken = None;
    for aside in -STEPS_ASIDE..=STEPS_ASIDE {
        let at = now.plus_seconds(aside * STEP_SECONDS);
        let equal = verify_slices_are_equal(seed.code_at(at).as_bytes(), code.as_bytes()).is_ok();
        let step = step_of(at);
        if equal && step > used && taken.is_none() {
            taken = Some(step);
        }
    }
    taken
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
        let taken = |code: &str, used| take(&seed(), code, used, now);
        assert!(taken(&code(-60), 0).is_none() && taken(&code(60), 0).is_none(), "two steps aside");
        assert!(taken("", 0).is_none() && taken("00592", 0).is_none() && taken("0059244", 0).is_none(), "no code");
        let used = taken(&code(0), 0).expect("taken");
        assert_eq!(taken(&code(0), used), None, "a second time");
        assert_eq!(taken(&code(-30), used), None, "an earlier step");
        assert_eq!(taken(&code(30), used), Some(used + 1));
    }

    #[test]
    fn a_clock_set_back_shuts_nobody_out_and_a_small_correction_opens_nothing_again() {
        let now = Instant(1_234_567_890_000_000);
        let code = seed().code_at(now);
        let used_ahead = |seconds| take(&seed(), &code, step_of(now.plus_seconds(seconds)), now);
        assert_eq!(used_ahead(86_400 * 365), Some(step_of(now)));
        assert_eq!((used_ahead(30), used_ahead(600)), (None, None));
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
        assert_eq!(read_seed(&write_seed(&seed())).expect("reads back").0, seed().0);
        for wrong in [&[][..], &[2; 21], &[1; 20], &[1; 29]] {
            assert!(read_seed(wrong).is_none(), "{} bytes", wrong.len());
        }
    }
}
