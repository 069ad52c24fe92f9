//! Identities of sixteen bytes, made by us and never by a database, and hashes of thirty-two.

use core::fmt;
use core::str::FromStr;

/// A text is no identity: it must be 32 (or, for a hash, 64) lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identity: expected {expected} lower-case hexadecimal digits")]
pub struct IdError {
    /// How many digits were expected.
    pub expected: usize,
}

fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let wrong = IdError { expected: N * 2 };
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return Err(wrong);
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(wrong),
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Ok(bytes)
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

macro_rules! bytes_type {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(with = "minicbor::bytes")] pub [u8; $len]);

        impl $name {
            /// The bytes, as they lie in keys, logs and associated data.
            #[must_use]
            pub const fn bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}(", stringify!($name))?;
                write_hex(&self.0, f)?;
                f.write_str(")")
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_hex(text).map(Self)
            }
        }
    };
}

bytes_type!(
    /// A customer (controller) of the installation, or the installation itself. It stands first in every key.
    TenantId, 16
);
bytes_type!(
    /// The pseudonym of a natural person: data subject, user or staff. Journals and logs carry it, never a name.
    PersonId, 16
);
bytes_type!(
    /// A record of some kind; also a support case, which is a record.
    RecordId, 16
);
bytes_type!(
    /// A file that is kept sealed: a random number, the only name it has on disk.
    FileId, 16
);
bytes_type!(
    /// A SHA-256 hash.
    Hash, 32
);
bytes_type!(
    /// The SHA-256 hash of the exact bytes of an agreement file: its version, and what every entry names.
    AgreementHash, 32
);

impl TenantId {
    /// The installation itself: its own log takes the heads of all other logs.
    pub const INSTALLATION: Self = Self([0; 16]);
}

impl PersonId {
    /// Nobody: the program itself, where one of its own jobs acts in the role that the agreement gives the platform.
    pub const PROGRAM: Self = Self([0; 16]);
}

impl RecordId {
    /// A short form for people: the last eight digits, since the first tell only the time of making. Not unique; never used
    /// to look anything up.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().split_off(24)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_reads_back_what_it_prints() {
        let id = RecordId([0xa5; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("A5".repeat(16).parse::<RecordId>(), Err(IdError { expected: 32 }));
        assert_eq!("å".repeat(16).parse::<RecordId>(), Err(IdError { expected: 32 }));
    }
}
