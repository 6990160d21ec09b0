//! Reads JSON: the few small files that lie beside a model.

/// A value. Of an object's keys that come twice the last counts, as in JavaScript.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Values lie in one another no deeper than this.
const DEEPEST: usize = 64;

impl Json {
    /// The value that a text stands for; `None` where it is no JSON.
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.trim_start_matches('\u{feff}') };
        let value = reader.value(0)?;
        reader.space();
        reader.rest.is_empty().then_some(value)
    }

    /// The value of an object's key; `None` as well where it is null.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        let (_, value) = entries.iter().rev().find(|(name, _)| name == key)?;
        (*value != Self::Null).then_some(value)
    }

    pub fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub fn bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The numbers of a list, or the one that is none.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        match self {
            Self::Number(number) => Some(vec![*number]),
            Self::List(list) => list.iter().map(Self::number).collect(),
            _ => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Whether this comes next, after any space.
    fn skip(&mut self, token: &str) -> bool {
        self.space();
        self.rest.strip_prefix(token).inspect(|rest| self.rest = rest).is_some()
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        if depth > DEEPEST {
            return None;
        }
        self.space();
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))] {
            if self.skip(word) {
                return Some(value);
            }
        }
        match self.rest.chars().next()? {
            '"' => self.text().map(Json::Text),
            '[' => self.list(depth),
            '{' => self.object(depth),
            _ => {
                let is_part = |letter: char| matches!(letter, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
                let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
                let (number, rest) = self.rest.split_at(end);
                self.rest = rest;
                number.parse().ok().filter(|number: &f64| number.is_finite()).map(Json::Number)
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Json> {
        self.skip("[");
        let mut list = Vec::new();
        if self.skip("]") {
            return Some(Json::List(list));
        }
        loop {
            list.push(self.value(depth + 1)?);
            if self.skip("]") {
                return Some(Json::List(list));
            }
            self.skip(",").then_some(())?;
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.skip("{");
        let mut entries = Vec::new();
        if self.skip("}") {
            return Some(Json::Object(entries));
        }
        loop {
            self.space();
            let key = self.text()?;
            self.skip(":").then_some(())?;
            entries.push((key, self.value(depth + 1)?));
            if self.skip("}") {
                return Some(Json::Object(entries));
            }
            self.skip(",").then_some(())?;
        }
    }

    fn text(&mut self) -> Option<String> {
        self.rest = self.rest.strip_prefix('"')?;
        let mut text = String::new();
        loop {
            let end = self.rest.find(['"', '\\'])?;
            let (plain, rest) = self.rest.split_at(end);
            text.push_str(plain);
            let is_end = rest.starts_with('"');
            self.rest = &rest[1..];
            if is_end {
                return Some(text);
            }
            text.push(self.escaped()?);
        }
    }

    /// What follows a backslash.
    fn escaped(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(match letter {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unit()?,
            '"' | '\\' | '/' => letter,
            _ => return None,
        })
    }

    /// A character by its number, which may be written as two halves; half of a pair alone is the sign for that.
    fn unit(&mut self) -> Option<char> {
        let first = self.digits()?;
        if (0xd800..0xdc00).contains(&first)
            && let Some(rest) = self.rest.strip_prefix("\\u")
        {
            let before = std::mem::replace(&mut self.rest, rest);
            let second = self.digits()?;
            if (0xdc00..0xe000).contains(&second) {
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            self.rest = before;
        }
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn digits(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        self.rest = rest;
        is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_files_hold() {
        let read = Json::read("\u{feff} {\"a\": [1, -2.5e1, true], \"b\": {\"c\": \"x\\n\\u732b\\ud83d\\ude00\"}, \"d\": null, \"a\": 3 } ").unwrap();
        assert_eq!(read.get("a"), Some(&Json::Number(3.0)));
        assert_eq!(read.get("b").and_then(|b| b.get("c")).and_then(Json::text), Some("x\n猫😀"));
        assert_eq!((read.get("d"), read.get("e")), (None, None));
        assert_eq!(Json::read("[1, -2.5e1]").unwrap().numbers(), Some(vec![1.0, -25.0]));
        assert_eq!(Json::read("[]"), Some(Json::List(vec![])));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for wrong in
            ["", "{", "[1,]", "{\"a\" 1}", "{a: 1}", "\"\\x\"", "\"\\u12\"", "1 2", "--1", "1e999", "nul", "\"a"]
        {
            assert_eq!(Json::read(wrong), None, "{wrong}");
        }
        assert_eq!(Json::read(&"[".repeat(100_000)), None);
        assert_eq!(Json::read("\"\\ud800\""), Some(Json::Text("\u{fffd}".to_owned())));
    }

    /// serde_json agrees on whatever is made of pieces of JSON.
    #[test]
    fn another_reader_agrees() {
        let pieces =
            ["{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u0041\"", "1", "-0.5", "1e3", "true", "null", " ", "\\", "\""];
        let mut random = fastrand::Rng::with_seed(3);
        let mut good = 0;
        for _ in 0..40_000 {
            let text: String = (0..random.usize(1..8)).map(|_| pieces[random.usize(..pieces.len())]).collect();
            let other: Option<serde_json::Value> = serde_json::from_str(&text).ok();
            good += usize::from(other.is_some());
            assert_eq!(Json::read(&text).is_some(), other.is_some(), "{text}");
        }
        assert!(good > 1000);
    }
}
