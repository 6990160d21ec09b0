//! Colour maps: from a value to a colour.
//!
//! The tables are matplotlib's, since its users know them. The crate `colorous` draws turbo and cividis from polynomials
//! that are up to 32 and 18 grey levels away, so the tables are kept here.

mod tables;

/// A colour map by the name that matplotlib and the field give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colormap {
    /// For magnitudes; even steps look even.
    #[default]
    Viridis,
    /// For magnitudes, with more contrast.
    Inferno,
    Turbo,
    /// For magnitudes; looks the same to people with a colour vision deficiency.
    Cividis,
    /// The look of older papers. It shows edges that are not in the data.
    Jet,
    Grey,
    /// For signed values: zero is in the middle and nearly white, negative purple, positive orange.
    Diverging,
}

impl Colormap {
    /// All colour maps, as a list for the user to choose from.
    pub const ALL: [Self; 7] =
        [Self::Viridis, Self::Inferno, Self::Turbo, Self::Cividis, Self::Jet, Self::Grey, Self::Diverging];

    /// The name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viridis => "viridis",
            Self::Inferno => "inferno",
            Self::Turbo => "turbo",
            Self::Cividis => "cividis",
            Self::Jet => "jet",
            Self::Grey => "grey",
            Self::Diverging => "diverging",
        }
    }

    /// The colour map of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colormap| colormap.name() == name)
    }

    /// The 256 colours, red, green, blue, from the lowest value to the highest.
    pub fn table(self) -> [[u8; 3]; 256] {
        let words = match self {
            Self::Viridis => &tables::VIRIDIS,
            Self::Inferno => &tables::INFERNO,
            Self::Turbo => &tables::TURBO,
            Self::Cividis => &tables::CIVIDIS,
            Self::Jet => &tables::JET,
            Self::Diverging => &tables::PURPLE_ORANGE,
            Self::Grey => return std::array::from_fn(|level| [level as u8; 3]),
        };
        words.map(|word| {
            let [_, red, green, blue] = word.to_be_bytes();
            [red, green, blue]
        })
    }
}

/// The place of a value from 0 to 1 in a [`Colormap::table`], as matplotlib chooses it. Values outside take the nearest
/// end, and what is not a number takes the lowest.
pub fn level(value: f32) -> usize {
    // The cast rounds down and keeps within what a byte can hold.
    usize::from((value * 256.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_colour_map() {
        for colormap in Colormap::ALL {
            assert_eq!(Colormap::from_name(colormap.name()), Some(colormap));
        }
        assert_eq!(Colormap::from_name("rainbow"), None);
    }

    #[test]
    fn known_ends_and_middles() {
        let ends = |colormap: Colormap| [colormap.table()[0], colormap.table()[255]];
        assert_eq!(ends(Colormap::Viridis), [[0x44, 0x01, 0x54], [0xfd, 0xe7, 0x25]]);
        assert_eq!(ends(Colormap::Inferno), [[0x00, 0x00, 0x04], [0xfc, 0xff, 0xa4]]);
        assert_eq!(ends(Colormap::Turbo), [[0x30, 0x12, 0x3b], [0x7a, 0x04, 0x03]]);
        assert_eq!(ends(Colormap::Jet), [[0, 0, 128], [128, 0, 0]]);
        assert_eq!(ends(Colormap::Grey), [[0; 3], [255; 3]]);
        assert_eq!(ends(Colormap::Diverging), [[0x2d, 0x00, 0x4b], [0x7f, 0x3b, 0x08]]);
        assert!(Colormap::Diverging.table()[128].iter().all(|&channel| channel > 240));
    }

    #[test]
    fn levels_as_matplotlib() {
        assert_eq!(
            [-1.0, 0.0, 0.0039, 0.00391, 0.5, 0.9999, 1.0, 7.0, f32::NAN].map(level),
            [0, 0, 0, 1, 128, 255, 255, 255, 0]
        );
    }
}
