//! Bytes to text: byte order mark, HTTP header, `<meta>`, then detection.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memmem};
use std::borrow::Cow;

/// How far into a page `<meta charset>` is looked for, in bytes. The standard asks for 1024; pages put comments and
/// preload links before it.
const META_SCAN_BYTES: usize = 16 * 1024;

/// How much of a page the detector reads, in bytes: enough for its statistics, bounded on huge pages.
const DETECTION_BYTES: usize = 256 * 1024;

/// For one broken sequence, so many good ones beyond ASCII have to be in text that says that it is UTF-8. Widgets of other
/// charsets break some; of text that is in another charset altogether UTF-8 allows one sequence in ten at the most.
const GOOD: usize = 2;

/// A page's text and what it was read as.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text; borrowed where the bytes were valid UTF-8.
    pub text: Cow<'a, str>,
    /// The encoding's name in the Encoding Standard.
    pub encoding: &'static str,
}

/// Reads bytes as text. `http_charset` is the `charset` parameter of the `Content-Type` header, where there was one.
///
/// Never fails: bytes that fit nothing become U+FFFD. A declaration that the bytes plainly contradict is passed over:
/// text that declares a single-byte charset but is valid multi-byte UTF-8 is UTF-8, and text that declares UTF-8 but
/// is not is detected.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], http_charset: Option<&str>) -> Decoded<'a> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return read(&bytes[mark..], encoding);
    }
    let declared = http_charset
        .and_then(|label| Encoding::for_label(label.trim_matches(['"', '\'', ' ']).as_bytes()))
        .or_else(|| meta_charset(bytes));
    match declared {
        Some(encoding) if encoding != UTF_8 => {
            let utf8 = std::str::from_utf8(bytes);
            match utf8 {
                // The escape sequences of ISO-2022-JP are ASCII, and so valid UTF-8.
                Ok(text) if encoding != encoding_rs::ISO_2022_JP && !text.is_ascii() => {
                    Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name() }
                }
                _ => read(bytes, encoding),
            }
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) if memchr(0x1B, bytes).is_none() || !text.contains("\x1b$") => {
                Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name() }
            }
            // A page that declares UTF-8 and breaks it in a few places (a byte cut at a template's seam, a link list of
            // another charset) is still UTF-8.
            Err(_) if declared == Some(UTF_8) && mostly_utf8(bytes) => read(bytes, UTF_8),
            _ => read(bytes, detect(bytes)),
        },
    }
}

/// The `charset` parameter of a `Content-Type` header.
#[must_use]
pub fn charset_of(content_type: &str) -> Option<&str> {
    let named = |parameter: &'_ str| -> Option<usize> {
        let (name, _) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then_some(name.len() + 1)
    };
    let mut parameters = content_type.split(';').skip(1);
    // Some servers leave the semicolon out.
    let mut words = content_type.split([' ', ',']).skip(1);
    let found = parameters.find_map(|text| Some(&text[named(text)?..]));
    found.or_else(|| words.find_map(|text| Some(&text[named(text)?..]))).map(|value| value.trim().trim_matches('"'))
}

fn read<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: encoding.name() }
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let head = &bytes[..bytes.len().min(DETECTION_BYTES)];
    detector.feed(head, head.len() == bytes.len());
    detector.guess(None, Utf8Detection::Allow)
}

/// At least [`GOOD`] sequences that are not ASCII for every broken one.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut broken, mut good) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken <= good / GOOD
}

/// The charset that a `<meta>` in the head declares.
fn meta_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(META_SCAN_BYTES)];
    let mut rest = head;
    while let Some(at) = find_ignoring_case(rest, b"<meta") {
        // What stands in a comment declares nothing (HTML standard, 13.2.3.2).
        if let Some(comment) = memmem::find(&rest[..at], b"<!--") {
            let inside = &rest[comment + 4..];
            let Some(end) = memmem::find(inside, b"-->") else { break };
            rest = &inside[end + 3..];
            continue;
        }
        rest = &rest[at + 5..];
        let end = rest.iter().position(|&byte| byte == b'>').unwrap_or(rest.len());
        let Some(at) = find_ignoring_case(&rest[..end], b"charset") else { continue };
        let value = rest[at + 7..end].trim_ascii_start();
        let Some(value) = value.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let stop = value.iter().position(|byte| b"\"'; \t\r\n/>".contains(byte)).unwrap_or(value.len());
        if let Some(encoding) = Encoding::for_label(&value[..stop]) {
            // A page whose ASCII bytes spell out its charset is not UTF-16, whatever it says (HTML standard, 13.2.3.3).
            return Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding });
        }
    }
    None
}

fn find_ignoring_case(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSSIAN: &str = "Жители посёлка собрались на площади, чтобы обсудить ремонт моста через реку.";
    const JAPANESE: &str = "町の人々は橋の修理について話し合うために広場に集まった。";

    #[test]
    fn the_header_wins_over_meta_and_meta_over_detection() {
        let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(RUSSIAN);
        assert_eq!(decode(&bytes, Some("windows-1251")).text, RUSSIAN);
        let mut page = b"<html><head><META http-equiv=content-type content='text/html; charset=windows-1251'>".to_vec();
        page.extend_from_slice(&bytes);
        assert!(decode(&page, None).text.ends_with(RUSSIAN));
        assert_eq!(decode(&bytes, None).text, RUSSIAN);
        assert_eq!(decode(&bytes, Some("utf-8")).text, RUSSIAN, "a false declaration is passed over");
    }

    #[test]
    fn japanese_by_detection_and_by_mark() {
        let (sjis, ..) = encoding_rs::SHIFT_JIS.encode(JAPANESE);
        assert_eq!(decode(&sjis, None).text, JAPANESE);
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain(JAPANESE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(&utf16, Some("shift_jis")).text, JAPANESE, "the mark wins over the header");
    }

    #[test]
    fn a_widget_of_another_charset_breaks_no_page() {
        let german = "Für die Fähre über den Fluss gibt es größere Kähne.";
        let mut page = format!("<meta charset=utf-8><p>{german}</p>").into_bytes();
        page.extend_from_slice(b"<img alt='K\xfcche'>");
        let decoded = decode(&page, None);
        assert!(decoded.text.contains(german), "{}", decoded.text);
        let (latin, ..) = encoding_rs::WINDOWS_1252.encode(german);
        assert_eq!(decode(&latin, Some("utf-8")).text, german);
    }

    #[test]
    fn stray_bytes_in_a_footer_cost_no_quotation_mark() {
        let mut page = "<meta charset=utf-8><p>“No,” she said. “The café is shut – for good.”</p>".as_bytes().to_vec();
        page.extend_from_slice(b"<footer>\xa9 2026, Tel\xe9phone</footer>");
        let decoded = decode(&page, Some("utf-8"));
        assert!(decoded.text.contains("“The café is shut – for good.”"), "{}", decoded.text);
        let others = [
            (encoding_rs::GBK, "清晨五点，渡船还没有靠岸，码头上已经站了四十个人，他们都在等第一班船。"),
            (encoding_rs::EUC_KR, "새벽 다섯 시, 배가 닿기도 전에 부두에는 마흔 명이 서서 첫 배를 기다리고 있었다."),
            (encoding_rs::BIG5, "清晨五點，渡輪還沒有靠岸，碼頭上已經站了四十個人，他們都在等第一班船。"),
            (encoding_rs::SHIFT_JIS, "朝五時、船が着く前から、桟橋には四十人が並んで始発を待っていた。"),
            (
                encoding_rs::ISO_8859_2,
                "Źle dzieje się na promie: łódź nie płynie, a czterdzieści osób czeka na pomoście.",
            ),
        ];
        for (encoding, text) in others {
            let (bytes, ..) = encoding.encode(text);
            assert_ne!(decode(&bytes, Some("utf-8")).encoding, "UTF-8", "{}", encoding.name());
        }
    }

    #[test]
    fn utf8_that_calls_itself_latin1_is_utf8() {
        let decoded = decode("Zürich — naïve".as_bytes(), Some("iso-8859-1"));
        assert_eq!((decoded.text.as_ref(), decoded.encoding), ("Zürich — naïve", "UTF-8"));
    }

    #[test]
    fn one_broken_byte_does_not_change_the_charset() {
        let mut page = "<meta charset=utf-8>".as_bytes().to_vec();
        page.extend_from_slice(RUSSIAN.repeat(3).as_bytes());
        page.push(0xD0);
        let decoded = decode(&page, None);
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(decoded.text.contains(RUSSIAN));
    }

    #[test]
    fn a_charset_in_a_comment_declares_nothing() {
        let page = format!("<!-- <meta charset=koi8-r> --><meta charset=windows-1251><p>{RUSSIAN}");
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&page);
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.encoding, "windows-1251");
        assert!(decoded.text.contains(RUSSIAN));
    }

    #[test]
    fn the_charset_parameter() {
        assert_eq!(charset_of("text/html; Charset=\"Shift_JIS\""), Some("Shift_JIS"));
        assert_eq!(charset_of("text/html charset=koi8-r"), Some("koi8-r"));
        assert_eq!(charset_of("text/html; charset = utf-8"), Some("utf-8"));
        assert_eq!(charset_of("text/html"), None);
    }
}
