//! Bytes as lower-case hex.

pub fn to(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn from(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}

pub fn array<const N: usize>(text: &str) -> [u8; N] {
    from(text).try_into().unwrap()
}
