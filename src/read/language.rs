//! A language as metadata names it enters, its ISO 639-1 code leaves. Nothing is detected here.

/// Codes of ISO 639-1 with those of ISO 639-2 and the names that stand for them, in lower case.
const KNOWN: [(&str, &[&str]); 66] = [
    ("en", &["eng", "english"]),
    ("ar", &["ara", "arb", "arabic", "العربية", "عربي"]),
    ("ru", &["rus", "russian", "русский"]),
    ("uk", &["ukr", "ukrainian", "українська"]),
    ("fr", &["fra", "fre", "french", "français"]),
    ("de", &["deu", "ger", "german", "deutsch"]),
    ("es", &["spa", "spanish", "español", "castellano"]),
    ("pt", &["por", "portuguese", "português"]),
    ("it", &["ita", "italian", "italiano"]),
    ("pl", &["pol", "polish", "polski"]),
    ("tr", &["tur", "turkish", "türkçe"]),
    ("fa", &["fas", "per", "persian", "farsi", "فارسی"]),
    ("he", &["heb", "iw", "hebrew", "עברית"]),
    ("zh", &["zho", "chi", "cmn", "chinese", "mandarin", "中文"]),
    ("ja", &["jpn", "japanese", "日本語"]),
    ("ko", &["kor", "korean", "한국어"]),
    ("hi", &["hin", "hindi", "हिन्दी"]),
    ("ur", &["urd", "urdu", "اردو"]),
    ("bn", &["ben", "bengali", "bangla", "বাংলা"]),
    ("ps", &["pus", "pashto"]),
    ("prs", &["dari"]),
    ("ku", &["kur", "kmr", "ckb", "kurdish"]),
    ("am", &["amh", "amharic"]),
    ("ti", &["tir", "tigrinya"]),
    ("so", &["som", "somali"]),
    ("sw", &["swa", "swahili", "kiswahili"]),
    ("ha", &["hau", "hausa"]),
    ("om", &["orm", "oromo"]),
    ("my", &["mya", "bur", "burmese"]),
    ("th", &["tha", "thai"]),
    ("vi", &["vie", "vietnamese"]),
    ("id", &["ind", "indonesian"]),
    ("ms", &["msa", "may", "malay"]),
    ("tl", &["tgl", "fil", "tagalog", "filipino"]),
    ("ta", &["tam", "tamil"]),
    ("si", &["sin", "sinhala"]),
    ("ne", &["nep", "nepali"]),
    ("nl", &["nld", "dut", "dutch", "nederlands"]),
    ("sv", &["swe", "swedish", "svenska"]),
    ("no", &["nor", "norwegian", "norsk"]),
    ("nb", &["nob"]),
    ("nn", &["nno"]),
    ("da", &["dan", "danish", "dansk"]),
    ("fi", &["fin", "finnish", "suomi"]),
    ("et", &["est", "estonian"]),
    ("lv", &["lav", "latvian"]),
    ("lt", &["lit", "lithuanian"]),
    ("cs", &["ces", "cze", "czech", "čeština"]),
    ("sk", &["slk", "slo", "slovak"]),
    ("hu", &["hun", "hungarian", "magyar"]),
    ("ro", &["ron", "rum", "mo", "romanian", "moldovan", "română"]),
    ("bg", &["bul", "bulgarian", "български"]),
    ("el", &["ell", "gre", "greek", "ελληνικά"]),
    ("sr", &["srp", "serbian", "српски"]),
    ("hr", &["hrv", "croatian", "hrvatski"]),
    ("bs", &["bos", "bosnian"]),
    ("sl", &["slv", "slovenian", "slovene"]),
    ("mk", &["mkd", "mac", "macedonian"]),
    ("sq", &["sqi", "alb", "albanian", "shqip"]),
    ("be", &["bel", "belarusian"]),
    ("ka", &["kat", "geo", "georgian"]),
    ("hy", &["hye", "arm", "armenian"]),
    ("az", &["aze", "azerbaijani"]),
    ("kk", &["kaz", "kazakh"]),
    ("uz", &["uzb", "uzbek"]),
    ("ky", &["kir", "kyrgyz"]),
];
/// The codes of ISO 639-1 that have no line above.
const OTHER: &str = "aa ab ae af ak an as av ay ba bh bi bm bo br ca ce ch co cr cu cv cy dv dz ee eo eu ff fj fo fy ga gd \
gl gn gu gv ho ht hz ia ie ig ii ik io is iu jv kg ki kj kl km kn kr ks kv kw la lb lg li ln lo lu mg mh mi ml mn mr mt \
na nd ng nr nv ny oc oj or os pa pi qu rm rn rw sa sc sd se sg sm sn ss st su te tg tk tn to ts tt tw ty ug ve vo wa wo \
xh yi yo za zu";

/// The code of a language that is written as a tag (`en-US`), a code of two or three letters, or a name.
pub(super) fn code(named: &str) -> Option<&'static str> {
    let lower = named.trim().to_lowercase();
    let tag = lower.split(['-', '_', '.', ',', ';', ' ']).next().unwrap_or_default();
    let known =
        KNOWN.iter().find(|(code, names)| *code == tag || names.contains(&tag) || names.contains(&lower.as_str()));
    match known {
        // Dari has no code of two letters; it is the Persian of Afghanistan.
        Some(("prs", _)) => Some("fa"),
        Some((code, _)) => Some(code),
        None if tag.len() == 2 => OTHER.split(' ').find(|code| *code == tag),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_named_in_many_ways() {
        let check = |named: &str, expected: Option<&str>| assert_eq!(code(named), expected, "{named}");
        check("en-US", Some("en"));
        check("EN_gb.UTF-8", Some("en"));
        check("English", Some("en"));
        check("rus", Some("ru"));
        check("Українська", Some("uk"));
        check("zh-Hans-CN", Some("zh"));
        check("ca", Some("ca"));
        check("iw", Some("he"));
        check("dari", Some("fa"));
        check("xx", None);
        check("Klingon", None);
        check("", None);
    }
}
