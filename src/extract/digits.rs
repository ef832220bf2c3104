//! Digits as the world's scripts write them.

/// The value of a decimal digit, of the scripts in which news pages print dates.
pub(super) fn digit_of(c: char) -> Option<i64> {
    const ZEROS: [u32; 16] = [
        0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040, 0x17E0,
        0xFF10,
    ];
    if c.is_ascii() {
        return c.to_digit(10).map(i64::from);
    }
    let code = u32::from(c);
    ZEROS.iter().find(|&&zero| (zero..zero + 10).contains(&code)).map(|zero| i64::from(code - zero))
}
