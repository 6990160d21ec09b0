//! The kernels' texts without what only their readers need: comments, indentation and empty lines, which were a third of what they add to the
//! download.

/// The text of a file of kernels, as [`minified`] leaves it.
macro_rules! shader {
    ($file:literal) => {{
        const SOURCE: &str = include_str!($file);
        const LENGTH: usize = $crate::engine::wonnx::text::minified::<{ SOURCE.len() }>(SOURCE).1;
        const TEXT: [u8; LENGTH] = {
            let (longer, _) = $crate::engine::wonnx::text::minified::<{ SOURCE.len() }>(SOURCE);
            let mut text = [0; LENGTH];
            text.copy_from_slice(longer.split_at(LENGTH).0);
            text
        };
        match str::from_utf8(&TEXT) {
            Ok(text) => text,
            Err(_) => unreachable!(),
        }
    }};
}

pub(super) use shader;

/// The lines of a text without `//` and what follows it, without spaces at their ends, and without those that are empty then; and the length
/// of that. WGSL has no strings in which the two characters could stand for something else.
pub(super) const fn minified<const LENGTH: usize>(source: &str) -> ([u8; LENGTH], usize) {
    let source = source.as_bytes();
    let mut text = [0; LENGTH];
    let (mut read, mut length) = (0, 0);
    while read < source.len() {
        let begin = length;
        let mut end = length;
        let mut is_comment = false;
        while read < source.len() && source[read] != b'\n' {
            is_comment |= source[read] == b'/' && read + 1 < source.len() && source[read + 1] == b'/';
            let is_space = source[read] == b' ';
            if !(is_comment || is_space && length == begin) {
                text[length] = source[read];
                length += 1;
                if !is_space {
                    end = length;
                }
            }
            read += 1;
        }
        length = end;
        if length > begin && read < source.len() {
            text[length] = b'\n';
            length += 1;
        }
        read += 1;
    }
    (text, length)
}

#[cfg(test)]
mod tests {
    use super::minified;

    #[test]
    fn only_what_counts_is_left() {
        let source = "// A kernel.\n\nstruct Sizes {\n    // Values.\n    values: u32, // and no more\n}\n#repeat P 4\n    a$P / b;  \n#end\n    ";
        let (text, length) = minified::<200>(source);
        let expected = "struct Sizes {\nvalues: u32,\n}\n#repeat P 4\na$P / b;\n#end\n";
        assert_eq!(str::from_utf8(&text[..length]), Ok(expected));
    }

    #[test]
    fn a_text_without_comments_stays_as_it_is() {
        let source = "fn main() {\n}\nlast";
        let (text, length) = minified::<100>(source);
        assert_eq!(str::from_utf8(&text[..length]), Ok(source));
    }
}
