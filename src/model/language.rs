//! The languages in which errors of the cloud are explained.

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    /// Returns the language of a locale or language tag: `zh_CN.UTF-8`, `zh-Hans`, `C`.
    pub fn of(locale: &str) -> Self {
        let tag = locale.split(['_', '-', '.', '@']).next();
        if tag.is_some_and(|tag| tag.eq_ignore_ascii_case("zh")) {
            Self::Chinese
        } else {
            Self::English
        }
    }
}

/// A text in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub english: &'static str,
    pub chinese: &'static str,
}

impl Words {
    /// No text.
    pub const EMPTY: Self = Self::new("", "");

    /// Returns a text in English and in Chinese.
    pub const fn new(english: &'static str, chinese: &'static str) -> Self {
        Self { english, chinese }
    }

    /// Returns the text in a language.
    pub const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Chinese => self.chinese,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_has_a_language() {
        for locale in ["zh", "zh_CN.UTF-8", "zh-Hans", "ZH_tw"] {
            assert_eq!(Language::of(locale), Language::Chinese, "{locale}");
        }
        for locale in ["", "C", "POSIX", "en_US.UTF-8", "zha", "C.UTF-8"] {
            assert_eq!(Language::of(locale), Language::English, "{locale}");
        }
    }
}
