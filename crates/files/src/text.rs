//! Plain text: UTF-8 to the end, and nothing in it that is not text.

/// What has been seen so far.
#[derive(Default)]
pub(crate) struct Text {
    /// The beginning of a sign whose end has not come.
    open: Vec<u8>,
    wrong: bool,
}

impl Text {
    pub(crate) fn push(&mut self, piece: &[u8]) {
        if self.wrong {
            return;
        }
        self.open.extend_from_slice(piece);
        let (text, rest) = match core::str::from_utf8(&self.open) {
            Ok(text) => (text, 0),
            Err(error) if error.error_len().is_none() => {
                let (sound, cut) = self.open.split_at(error.valid_up_to());
                (core::str::from_utf8(sound).unwrap_or(""), cut.len())
            }
            Err(_) => return self.wrong = true,
        };
        self.wrong = text.chars().any(|sign| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t' | '\u{c}'));
        let from = self.open.len() - rest;
        self.open.drain(..from);
    }

    pub(crate) fn is_text(&self) -> bool {
        !self.wrong && self.open.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_may_be_cut_by_a_piece_and_not_by_the_end() {
        let check = |pieces: &[&[u8]], expected: bool| {
            let mut text = Text::default();
            pieces.iter().for_each(|piece| text.push(piece));
            assert_eq!(text.is_text(), expected, "{pieces:?}");
        };
        check(&[b"Hej \xc3", b"\x85sa\n"], true);
        check(&[b"Hej \xc3"], false);
        check(&[b"Hej \xc5sa"], false);
        check(&[b"Hej\0"], false);
    }
}
