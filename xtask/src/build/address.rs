//! The page's own address in what only other sites read: link previews. Their crawlers follow no relative address, and a static
//! host's address is not known before the page lies there; so whoever builds for a known place may say it.

use anyhow::Result;

use super::output::Output;

/// The pages that a link can lead to.
const PAGES: [&str; 2] = ["index.html", "embed.html"];

/// What crawlers need whole: the start of a tag up to the address in it.
const TAGS: [&str; 3] = [
    r#"<meta property="og:url" content=""#,
    r#"<meta property="og:image" content=""#,
    r#"<meta name="twitter:image" content=""#,
];

/// Reads an address such as `https://name.example/featurescope/`. It ends with a slash, given or not.
pub fn parse(address: &str) -> Result<String, String> {
    let rest = ["https://", "http://"].iter().find_map(|scheme| address.strip_prefix(scheme));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._~:/%[]".contains(letter);
    if host.is_empty() || !address.chars().all(is_plain) {
        return Err("expected the address of a folder, such as https://name.example/featurescope/".to_owned());
    }
    Ok(format!("{}/", address.trim_end_matches('/')))
}

/// Puts the address in front of the relative ones in the pages' tags.
pub fn stamp(output: &mut Output, address: &str) -> Result<()> {
    for page in PAGES {
        let html = String::from_utf8(output.read(page)?)?;
        output.write(page, stamped(&html, address).as_bytes())?;
    }
    Ok(())
}

fn stamped(html: &str, address: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in html.split('\n') {
        let found = TAGS.iter().find_map(|tag| Some((tag, line.strip_prefix(tag)?)));
        lines.push(found.map_or_else(
            || line.to_owned(),
            |(tag, path)| format!("{tag}{address}{}", path.strip_prefix("./").unwrap_or(path)),
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;
    use std::fs;

    #[test]
    fn an_address_is_a_folder_on_a_host() {
        for given in ["https://name.example/scope", "https://name.example/scope/"] {
            assert_eq!(parse(given).as_deref(), Ok("https://name.example/scope/"));
        }
        assert_eq!(parse("http://localhost:8080").as_deref(), Ok("http://localhost:8080/"));
        for wrong in
            ["", "name.example", "/scope/", "https://", "https:///a", "https://a.example/?x", "https://a.example/\">"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn crawlers_find_whole_addresses_and_the_rest_stays() {
        for (page, tags) in PAGES.into_iter().zip([3, 2]) {
            let html = fs::read_to_string(workspace::root().join("www").join(page)).unwrap();
            let with_address = stamped(&html, "https://name.example/scope/");
            let changed: Vec<_> =
                html.split('\n').zip(with_address.split('\n')).filter(|(old, new)| old != new).collect();
            assert_eq!(changed.len(), tags, "{page}: {changed:?}");
            for (old, new) in changed {
                let (start, path) = old.split_once("content=\"").unwrap();
                let path = path.trim_start_matches("./");
                assert_eq!(new, format!("{start}content=\"https://name.example/scope/{path}"));
            }
        }
    }
}
