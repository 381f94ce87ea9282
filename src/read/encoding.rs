//! Bytes enter, Unicode text leaves, whatever the encoding; one bad byte never fails a text but becomes U+FFFD.
//!
//! The order of evidence: a byte order mark; UTF-16 seen by its NUL bytes; text that is valid UTF-8 beyond ASCII, which
//! no other encoding resembles (so that a page saved as UTF-8 under its old declaration is read as it is); the charset
//! that a page or XML file declares; UTF-8 with a few bad bytes; else statistical detection.

use std::borrow::Cow;
use std::io::{BufRead, Read, Result};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a page a declared charset is looked for, in bytes.
const DECLARATION: usize = 4096;

/// The encoding of a text that begins with `prefix`. ASCII counts as UTF-8.
pub(super) fn encoding_of(prefix: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(prefix) {
        return encoding;
    }
    if let Some(encoding) = utf16_without_mark(prefix) {
        return encoding;
    }
    let (good, bad) = utf8_evidence(prefix);
    if bad == 0 && good > 0 {
        return UTF_8;
    }
    if let Some(encoding) = declared(prefix) {
        return encoding;
    }
    if bad == 0 || good > 4 * bad {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(prefix, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// The text of a whole record whose stream was taken for UTF-8, and whether bytes were replaced.
pub(super) fn text_of(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => {
            // A long ASCII beginning hides the encoding of what follows; each record is judged by itself.
            let (good, bad) = utf8_evidence(bytes);
            if good > 4 * bad {
                return (String::from_utf8_lossy(bytes), true);
            }
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            let (text, replaced) = detector.guess(None, Utf8Detection::Deny).decode_without_bom_handling(bytes);
            (Cow::Owned(text.into_owned()), replaced)
        }
    }
}

/// How many sequences beyond ASCII are valid UTF-8, and how many are not; one that the end cuts off counts as neither.
fn utf8_evidence(bytes: &[u8]) -> (usize, usize) {
    let (mut good, mut bad, mut read) = (0, 0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        read += chunk.valid().len() + chunk.invalid().len();
        let cut_off =
            read == bytes.len() && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
        if !chunk.invalid().is_empty() && !cut_off {
            bad += 1;
        }
    }
    (good, bad)
}

/// UTF-16 whose letters are mostly Latin, as its NUL bytes show: all in odd places or all in even ones.
fn utf16_without_mark(prefix: &[u8]) -> Option<&'static Encoding> {
    let nuls = |from: usize| prefix.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let most = |count: usize| prefix.len() >= 8 && count * 5 > prefix.len();
    match (even, odd) {
        (0, odd) if most(odd) => Some(UTF_16LE),
        (even, 0) if most(even) => Some(UTF_16BE),
        _ => None,
    }
}

/// The charset that an XML declaration or a page's `<meta>` names.
fn declared(prefix: &[u8]) -> Option<&'static Encoding> {
    let head = &prefix[..prefix.len().min(DECLARATION)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let start = head.trim_start();
    if !start.starts_with('<') {
        return None;
    }
    let xml = start.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map(|(head, _)| head);
    let label = xml
        .and_then(|head| label_after(head, "encoding"))
        .or_else(|| head.split("<meta").skip(1).find_map(|tag| label_after(tag.split('>').next()?, "charset")))?;
    // Bytes that read as an ASCII declaration are no UTF-16, whatever they say.
    match Encoding::for_label(label.as_bytes())? {
        encoding if encoding.is_ascii_compatible() => Some(encoding),
        _ => Some(UTF_8),
    }
}

fn label_after(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(name)?.1.trim_start().strip_prefix('=')?;
    let value = value.trim_start().trim_start_matches(['"', '\'']);
    Some(value.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c)).collect())
}

/// A stream of another encoding, read as UTF-8.
pub(super) struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    /// What was decoded; `text[from..to]` is not yet read.
    text: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
}

impl<R: BufRead> Transcoded<R> {
    /// Reads `inner`, which is in `encoding`; a byte order mark is left out.
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Transcoded<R> {
        let decoder = encoding.new_decoder_with_bom_removal();
        Transcoded { inner, decoder, text: vec![0; 64 << 10], from: 0, to: 0, ended: false }
    }
}

impl<R: BufRead> BufRead for Transcoded<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        while self.from == self.to && !self.ended {
            let bytes = self.inner.fill_buf()?;
            let last = bytes.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.text, last);
            self.inner.consume(read);
            self.ended = last && result == CoderResult::InputEmpty;
            (self.from, self.to) = (0, written);
        }
        Ok(&self.text[self.from..self.to])
    }

    fn consume(&mut self, read: usize) {
        self.from = (self.from + read).min(self.to);
    }
}

impl<R: BufRead> Read for Transcoded<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let mut text = self.fill_buf()?;
        let read = text.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let encoding = encoding_of(bytes);
        let mut text = String::new();
        let mut stream = Transcoded::new(bytes, encoding);
        stream.read_to_string(&mut text).expect("no error in memory");
        assert_eq!(text, expected, "{}", encoding.name());
    }

    #[test]
    fn encodings_are_seen() {
        check(b"plain", "plain");
        check("Київ".as_bytes(), "Київ");
        check(b"\xef\xbb\xbfmark", "mark");
        check(b"\xff\xfea\0b\0", "ab");
        check(b"\xfe\xff\0a\0b", "ab");
        check(b"{\0\"\0a\0\"\0:\x001\0}\0", "{\"a\":1}");
        check(b"<meta charset=\"windows-1251\"><p>\xcc\xe8\xf0", "<meta charset=\"windows-1251\"><p>Мир");
        check(
            b"<?xml version='1.0' encoding='iso-8859-2'?><p>\xb3\xf3d\xbc",
            "<?xml version='1.0' encoding='iso-8859-2'?><p>łódź",
        );
        // A page saved anew as UTF-8 under its old declaration.
        check("<meta charset=windows-1251>Мир".as_bytes(), "<meta charset=windows-1251>Мир");
        check(b"Le pr\xe9sident a \xe9t\xe9 re\xe7u", "Le président a été reçu");
        check("мир ".repeat(9).as_bytes(), &"мир ".repeat(9));
        check(b"\xd0\xbc\xd0\xb8\xd1\x80\xd0\xbc\xd0\xb8\xff", "мирми\u{fffd}");
    }

    #[test]
    fn a_cut_off_end_is_no_evidence() {
        assert_eq!(utf8_evidence(&"aé".as_bytes()[..2]), (0, 0));
        assert_eq!(utf8_evidence(b"a\xffb"), (0, 1));
    }
}
