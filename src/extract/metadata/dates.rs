//! Dates as people write them in news pages, in the languages of the world's press.

use crate::model::ArticleDate;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Years that a declared publication date can lie in: archives go back to the first newspapers.
const YEARS: std::ops::RangeInclusive<i16> = 1800..=2100;

/// Years that a date in words or bare numbers is believed to lie in: older ones are what a text tells of.
const YEARS_IN_TEXT: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Month names and their abbreviations, nominative and genitive, by language. Each entry has twelve groups apart by
/// `|`; a group's words are apart by blanks. Written out by hand; the tests below hold a part of it.
const MONTHS: &[(&str, &str)] = &[
    (
        "en",
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|october oct|november nov|december dec",
    ),
    (
        "de",
        "januar jänner jan|februar feber feb|märz maerz mär mrz|april apr|mai|juni jun|juli jul|august aug|september sep sept|oktober okt|november nov|dezember dez",
    ),
    (
        "fr",
        "janvier janv jan|février fevrier févr fév fev|mars|avril avr|mai|juin|juillet juil|août aout|septembre sept|octobre oct|novembre nov|décembre decembre déc dec",
    ),
    (
        "es",
        "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|septiembre setiembre sept sep set|octubre oct|noviembre nov|diciembre dic",
    ),
    (
        "pt",
        "janeiro jan|fevereiro fev|março marco mar|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|outubro out|novembro nov|dezembro dez",
    ),
    (
        "it",
        "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|settembre set sett|ottobre ott|novembre nov|dicembre dic",
    ),
    (
        "nl",
        "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|september sep|oktober okt|november nov|december dec",
    ),
    (
        "sv",
        "januari jan|februari feb|mars mar|april apr|maj|juni jun|juli jul|augusti aug|september sep|oktober okt|november nov|december dec",
    ),
    (
        "da",
        "januar jan|februar feb|marts mar|april apr|maj|juni jun|juli jul|august aug|september sep|oktober okt|november nov|december dec",
    ),
    (
        "nb",
        "januar jan|februar feb|mars mar|april apr|mai|juni jun|juli jul|august aug|september sep|oktober okt|november nov|desember des",
    ),
    (
        "fi",
        "tammikuuta tammikuu tammi|helmikuuta helmikuu helmi|maaliskuuta maaliskuu maalis|huhtikuuta huhtikuu huhti|toukokuuta toukokuu touko|kesäkuuta kesäkuu kesä|heinäkuuta heinäkuu heinä|elokuuta elokuu elo|syyskuuta syyskuu syys|lokakuuta lokakuu loka|marraskuuta marraskuu marras|joulukuuta joulukuu joulu",
    ),
    (
        "is",
        "janúar jan|febrúar feb|mars mar|apríl apr|maí|júní jún|júlí júl|ágúst ágú|september sep|október okt|nóvember nóv|desember des",
    ),
    (
        "pl",
        "stycznia styczeń sty|lutego luty lut|marca marzec mar|kwietnia kwiecień kwi|maja maj|czerwca czerwiec cze|lipca lipiec lip|sierpnia sierpień sie|września wrzesień wrz|października październik paź|listopada listopad lis|grudnia grudzień gru",
    ),
    (
        "cs",
        "ledna leden led|února únor úno|března březen bře|dubna duben dub|května květen kvě|června červen čvn|července červenec čvc|srpna srpen srp|září zář|října říjen říj|listopadu listopad lis|prosince prosinec pro",
    ),
    (
        "sk",
        "januára január jan|februára február feb|marca marec mar|apríla apríl apr|mája máj|júna jún|júla júl|augusta august aug|septembra september sep|októbra október okt|novembra november nov|decembra december dec",
    ),
    (
        "hu",
        "január jan|február febr feb|március márc|április ápr|május máj|június jún|július júl|augusztus aug|szeptember szept|október okt|november nov|december dec",
    ),
    (
        "ro",
        "ianuarie ian|februarie feb|martie mart|aprilie apr|mai|iunie iun|iulie iul|august aug|septembrie sept|octombrie oct|noiembrie noi nov|decembrie dec",
    ),
    (
        "hr",
        "siječnja siječanj sij|veljače veljača velj|ožujka ožujak ožu|travnja travanj tra|svibnja svibanj svi|lipnja lipanj lip|srpnja srpanj srp|kolovoza kolovoz kol|rujna rujan ruj|listopada listopad lis|studenoga studenog studeni stu|prosinca prosinac pro",
    ),
    (
        "sl",
        "januarja januar jan|februarja februar feb|marca marec mar|aprila april apr|maja maj|junija junij jun|julija julij jul|avgusta avgust avg|septembra september sep|oktobra oktober okt|novembra november nov|decembra december dec",
    ),
    (
        "sr",
        "јануара јануар јан|фебруара фебруар феб|марта март мар|априла април апр|маја мај|јуна јун|јула јул|августа август авг|септембра септембар сеп|октобра октобар окт|новембра новембар нов|децембра децембар дец",
    ),
    (
        "bs",
        "januara januar jan|februara februar feb|marta mart mar|aprila april apr|maja maj|juna jun|jula jul|avgusta avgust avg|septembra septembar sep|oktobra oktobar okt|novembra novembar nov|decembra decembar dec",
    ),
    (
        "ru",
        "января январь янв|февраля февраль фев|марта март мар|апреля апрель апр|мая май|июня июнь июн|июля июль июл|августа август авг|сентября сентябрь сен сент|октября октябрь окт|ноября ноябрь ноя|декабря декабрь дек",
    ),
    (
        "uk",
        "січня січень січ|лютого лютий лют|березня березень бер|квітня квітень кві|травня травень тра|червня червень чер|липня липень лип|серпня серпень сер|вересня вересень вер|жовтня жовтень жов|листопада листопад лис|грудня грудень гру",
    ),
    (
        "be",
        "студзеня студзень|лютага люты|сакавіка сакавік|красавіка красавік|траўня май мая|чэрвеня чэрвень|ліпеня ліпень|жніўня жнівень|верасня верасень|кастрычніка кастрычнік|лістапада лістапад|снежня снежань",
    ),
    (
        "bg",
        "януари ян|февруари фев|март|април апр|май|юни|юли|август авг|септември септ|октомври окт|ноември ноем|декември дек",
    ),
    ("mk", "јануари|февруари|март|април|мај|јуни|јули|август|септември|октомври|ноември|декември"),
    (
        "el",
        "ιανουαρίου ιανουάριος ιαν|φεβρουαρίου φεβρουάριος φεβ|μαρτίου μάρτιος μαρ|απριλίου απρίλιος απρ|μαΐου μαίου μάιος μαι μάι|ιουνίου ιούνιος ιουν|ιουλίου ιούλιος ιουλ|αυγούστου αύγουστος αυγ|σεπτεμβρίου σεπτέμβριος σεπ σεπτ|οκτωβρίου οκτώβριος οκτ|νοεμβρίου νοέμβριος νοε|δεκεμβρίου δεκέμβριος δεκ",
    ),
    (
        "tr",
        "ocak oca|şubat şub|mart mar|nisan nis|mayıs may|haziran haz|temmuz tem|ağustos ağu|eylül eyl|ekim eki|kasım kas|aralık ara",
    ),
    ("az", "yanvar|fevral|mart|aprel|may|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr"),
    (
        "lt",
        "sausio sausis|vasario vasaris|kovo kovas|balandžio balandis|gegužės gegužė|birželio birželis|liepos liepa|rugpjūčio rugpjūtis|rugsėjo rugsėjis|spalio spalis|lapkričio lapkritis|gruodžio gruodis",
    ),
    (
        "lv",
        "janvāris janvārī|februāris februārī|marts martā|aprīlis aprīlī|maijs maijā|jūnijs jūnijā|jūlijs jūlijā|augusts augustā|septembris septembrī|oktobris oktobrī|novembris novembrī|decembris decembrī",
    ),
    (
        "et",
        "jaanuar jaan|veebruar veebr|märts|aprill apr|mai|juuni|juuli|august aug|september sept|oktoober okt|november nov|detsember dets",
    ),
    (
        "id",
        "januari jan|februari feb|maret mar|april apr|mei|juni jun|juli jul|agustus agu agt|september sep|oktober okt|november nov|desember des",
    ),
    (
        "ms",
        "januari jan|februari feb|mac|april apr|mei|jun|julai jul|ogos ogo|september sep|oktober okt|november nov|disember dis",
    ),
    (
        "ca",
        "gener gen|febrer febr|març|abril abr|maig|juny|juliol jul|agost ag|setembre set|octubre oct|novembre nov|desembre des",
    ),
    ("gl", "xaneiro|febreiro|marzo|abril|maio|xuño|xullo|agosto|setembro|outubro|novembro|decembro"),
    (
        "eu",
        "urtarrila urtarrilaren|otsaila otsailaren|martxoa martxoaren|apirila apirilaren|maiatza maiatzaren|ekaina ekainaren|uztaila uztailaren|abuztua abuztuaren|iraila irailaren|urria urriaren|azaroa azaroaren|abendua abenduaren",
    ),
    (
        "ar",
        "يناير كانون_الثاني جانفي|فبراير شباط فيفري|مارس آذار|أبريل إبريل ابريل نيسان أفريل|مايو أيار ماي|يونيو حزيران جوان|يوليو تموز جويلية|أغسطس اغسطس آب أوت|سبتمبر أيلول|أكتوبر اكتوبر تشرين_الأول|نوفمبر تشرين_الثاني|ديسمبر كانون_الأول",
    ),
    ("fa", "ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر"),
    ("ur", "جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر"),
    (
        "he",
        "ינואר בינואר|פברואר בפברואר|מרץ במרץ|אפריל באפריל|מאי במאי|יוני ביוני|יולי ביולי|אוגוסט באוגוסט|ספטמבר בספטמבר|אוקטובר באוקטובר|נובמבר בנובמבר|דצמבר בדצמבר",
    ),
    ("hi", "जनवरी जन|फ़रवरी फरवरी फर|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर सितम्बर|अक्टूबर अक्तूबर|नवंबर नवम्बर|दिसंबर दिसम्बर"),
    ("mr", "जानेवारी|फेब्रुवारी|मार्च|एप्रिल|मे|जून|जुलै|ऑगस्ट|सप्टेंबर|ऑक्टोबर|नोव्हेंबर|डिसेंबर"),
    ("bn", "জানুয়ারি জানুয়ারী|ফেব্রুয়ারি ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর"),
    ("ta", "ஜனவரி|பிப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|ஜூலை|ஆகஸ்ட்|செப்டம்பர்|அக்டோபர்|நவம்பர்|டிசம்பர்"),
    ("te", "జనవరి|ఫిబ్రవరి|మార్చి|ఏప్రిల్|మే|జూన్|జులై|ఆగస్టు|సెప్టెంబర్|అక్టోబర్|నవంబర్|డిసెంబర్"),
    (
        "th",
        "มกราคม ม.ค|กุมภาพันธ์ ก.พ|มีนาคม มี.ค|เมษายน เม.ย|พฤษภาคม พ.ค|มิถุนายน มิ.ย|กรกฎาคม ก.ค|สิงหาคม ส.ค|กันยายน ก.ย|ตุลาคม ต.ค|พฤศจิกายน พ.ย|ธันวาคม ธ.ค",
    ),
    (
        "ka",
        "იანვარი იანვარს|თებერვალი|მარტი|აპრილი|მაისი|ივნისი|ივლისი|აგვისტო|სექტემბერი|ოქტომბერი|ნოემბერი|დეკემბერი",
    ),
    ("sq", "janar|shkurt|mars|prill|maj|qershor|korrik|gusht|shtator|tetor|nëntor|dhjetor"),
    ("sw", "januari|februari|machi|aprili|mei|juni|julai|agosti|septemba|oktoba|novemba|desemba"),
];

type MonthNames = HashMap<&'static str, Vec<(&'static str, i8)>>;

static BY_NAME: LazyLock<MonthNames> = LazyLock::new(|| {
    let mut names = MonthNames::new();
    for (language, months) in MONTHS {
        for (index, group) in months.split('|').enumerate() {
            for word in group.split(' ') {
                names.entry(word).or_default().push((language, index as i8 + 1));
            }
        }
    }
    names
});

/// Offsets of the zone abbreviations that news pages print, in hours; only those that mean one zone in the press.
const ZONES: &[(&str, i8)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("z", 0),
    ("wet", 0),
    ("bst", 1),
    ("cet", 1),
    ("mez", 1),
    ("west", 1),
    ("cest", 2),
    ("mesz", 2),
    ("eet", 2),
    ("eest", 3),
    ("msk", 3),
    ("мск", 3),
    ("jst", 9),
    ("kst", 9),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
    ("aest", 10),
    ("aedt", 11),
];

/// What settles how an ambiguous date is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading<'a> {
    /// The page's language, as a BCP 47 tag.
    pub(super) language: &'a str,
}

impl Reading<'_> {
    fn month_first(self) -> bool {
        // Month before day in all-number dates is written in the United States and the Philippines.
        matches!(self.language, "en-US" | "en-us" | "en_US" | "en-PH")
    }

    fn primary(self) -> &'static str {
        let primary = self.language.split(['-', '_']).next().unwrap_or_default();
        MONTHS.iter().map(|(language, _)| *language).find(|known| known.eq_ignore_ascii_case(primary)).unwrap_or("")
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(i64, usize),
    Word(String),
    Sign(char),
}

/// The first date in a text; with its time where the offset from UTC is given too.
pub(super) fn read(text: &str, reading: Reading<'_>) -> Option<ArticleDate> {
    let text = text.trim();
    if let Ok(date) = text.parse::<ArticleDate>()
        && YEARS.contains(&date.day().year())
    {
        return Some(date);
    }
    let tokens = tokens(text);
    let (day, after) =
        (0..tokens.len()).find_map(|at| day_at(&tokens[at..], reading).map(|(day, used)| (day, at + used)))?;
    let moment = time_and_offset(&tokens, after).and_then(|(time, offset)| {
        let instant = offset.to_timestamp(DateTime::from_parts(day, time)).ok()?;
        Some(ArticleDate::Moment(instant, offset))
    });
    Some(moment.unwrap_or(ArticleDate::Day(day)))
}

fn tokens(text: &str) -> Vec<Token> {
    // A date stands in a short line; more text is a sentence that mentions one.
    const MAX_CHARS: usize = 400;
    let mut out = Vec::new();
    let mut chars = text.chars().take(MAX_CHARS).flat_map(char::to_lowercase).peekable();
    while let Some(c) = chars.next() {
        if let Some(digit) = digit(c) {
            let (mut value, mut length) = (digit, 1);
            while let Some(digit) = chars.peek().copied().and_then(digit_of) {
                value = (value * 10 + digit).min(i64::from(u32::MAX));
                length += 1;
                chars.next();
            }
            out.push(Token::Number(value, length));
        } else if c.is_alphabetic() && !is_date_sign(c) {
            let mut word = String::from(c);
            while let Some(&next) = chars.peek() {
                // Thai abbreviations have full stops inside, Indic scripts have marks that are no letters.
                let joins = (next.is_alphabetic() && !is_date_sign(next))
                    || matches!(next, '\u{0300}'..='\u{036F}' | '\u{0900}'..='\u{0DFF}' | '\u{0E30}'..='\u{0E4F}')
                    || (next == '.' && matches!(word.chars().next(), Some('\u{0E00}'..='\u{0E7F}')));
                if !joins {
                    break;
                }
                word.push(next);
                chars.next();
            }
            out.push(Token::Word(word.trim_end_matches('.').to_owned()));
        } else if !c.is_whitespace() {
            out.push(Token::Sign(c));
        }
    }
    out
}

fn digit(c: char) -> Option<i64> {
    digit_of(c)
}

/// Decimal digits of the scripts in which news pages print dates.
fn digit_of(c: char) -> Option<i64> {
    const ZEROS: [u32; 14] =
        [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xFF10];
    let code = u32::from(c);
    ZEROS.iter().find(|&&zero| (zero..zero + 10).contains(&code)).map(|zero| i64::from(code - zero))
}

/// Signs of year, month, day and time in Chinese, Japanese and Korean.
fn is_date_sign(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '号' | '號' | '时' | '時' | '点' | '點' | '分' | '년' | '월' | '일' | '시' | '분')
}

fn day_at(tokens: &[Token], reading: Reading<'_>) -> Option<(Date, usize)> {
    cjk(tokens)
        .or_else(|| vietnamese(tokens))
        .or_else(|| with_month_name(tokens, reading))
        .or_else(|| all_numbers(tokens, reading))
}

fn date(year: i64, month: i64, day: i64) -> Option<Date> {
    // Thailand counts from 543 BC.
    let year = if (2443..=2643).contains(&year) { year - 543 } else { year };
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    YEARS_IN_TEXT.contains(&date.year()).then_some(date)
}

/// `2024年3月5日`, `令和6年3月5日`, `2024년 3월 5일`.
fn cjk(tokens: &[Token]) -> Option<(Date, usize)> {
    let (base, used) = match tokens {
        [Token::Word(era), Token::Number(..), ..] => match era.as_str() {
            "令和" => (2018, 1),
            "平成" => (1988, 1),
            "昭和" => (1925, 1),
            _ => return None,
        },
        _ => (0, 0),
    };
    match &tokens[used..] {
        [
            Token::Number(year, _),
            Token::Sign('年' | '년'),
            Token::Number(month, _),
            Token::Sign('月' | '월'),
            Token::Number(day, _),
            Token::Sign('日' | '号' | '號' | '일'),
            ..,
        ] => Some((date(base + year, *month, *day)?, used + 6)),
        _ => None,
    }
}

/// `12 tháng 4 năm 2026`, `12 tháng 4, 2026`.
fn vietnamese(tokens: &[Token]) -> Option<(Date, usize)> {
    let [
        Token::Number(day, _),
        Token::Word(month_word),
        Token::Number(month, _),
        Token::Word(_) | Token::Sign(','),
        Token::Number(year, 4),
        ..,
    ] = tokens
    else {
        return None;
    };
    (month_word == "tháng").then_some(())?;
    Some((date(*year, *month, *day)?, 5))
}

fn month_named(token: &Token, reading: Reading<'_>) -> Option<i64> {
    let Token::Word(word) = token else { return None };
    let known = BY_NAME.get(word.as_str())?;
    let own = known.iter().find(|(language, _)| *language == reading.primary());
    own.or_else(|| known.first()).map(|&(_, month)| i64::from(month))
}

/// `5 March 2024`, `5. März 2024`, `5 de marzo de 2024`, `March 5, 2024`, `2024 m. kovo 5`.
fn with_month_name(tokens: &[Token], reading: Reading<'_>) -> Option<(Date, usize)> {
    let skip = |mut at: usize| {
        // Signs and particles between the parts: full stops, commas, "de", "of", "th", Hungarian's case ending.
        while let Some(token) = tokens.get(at) {
            let between = match token {
                Token::Sign(sign) => matches!(sign, '.' | ',' | '-' | '/' | '،' | '٬' | '\'' | '’' | 'º' | 'ª'),
                Token::Word(word) => matches!(
                    word.as_str(),
                    "de" | "del"
                        | "of"
                        | "th"
                        | "st"
                        | "nd"
                        | "rd"
                        | "er"
                        | "d"
                        | "m"
                        | "г"
                        | "року"
                        | "ο"
                        | "พ.ศ"
                        | "ए"
                        | "a"
                ),
                Token::Number(..) => false,
            };
            if !between {
                break;
            }
            at += 1;
        }
        at
    };
    let number = |at: usize| match tokens.get(at) {
        Some(&Token::Number(value, length)) => Some((value, length)),
        _ => None,
    };
    let full_year = |(value, length): (i64, usize)| match length {
        4 => Some(value),
        2 => Some(2000 + value),
        _ => None,
    };
    if let Some((first, length)) = number(0) {
        let at = skip(1);
        let month = month_named(tokens.get(at)?, reading)?;
        let second = skip(at + 1);
        let (other, other_length) = number(second)?;
        if length == 4 {
            return Some((date(first, month, other)?, second + 1));
        }
        return Some((date(full_year((other, other_length))?, month, first)?, second + 1));
    }
    let month = month_named(tokens.first()?, reading)?;
    let at = skip(1);
    let (day, _) = number(at)?;
    let second = skip(at + 1);
    let year = number(second)?;
    (year.1 == 4).then_some(())?;
    Some((date(year.0, month, day)?, second + 1))
}

/// `2024-03-05`, `2024/03/05`, `05.03.2024`, `5/3/24`, `20240305`.
fn all_numbers(tokens: &[Token], reading: Reading<'_>) -> Option<(Date, usize)> {
    if let [Token::Number(value, 8), ..] = tokens {
        return Some((date(value / 10_000, value / 100 % 100, value % 100)?, 1));
    }
    let (Token::Number(a, a_length), mut at) = (tokens.first()?, 1) else { return None };
    let &Token::Sign(sign @ ('.' | '/' | '-' | '‐' | '–')) = tokens.get(at)? else { return None };
    at += 1;
    let &Token::Number(b, b_length) = tokens.get(at)? else { return None };
    at += 1;
    if tokens.get(at) != Some(&Token::Sign(sign)) || b_length > 2 {
        return None;
    }
    at += 1;
    let &Token::Number(c, c_length) = tokens.get(at)? else { return None };
    at += 1;
    if *a_length == 4 {
        return Some((date(*a, b, c)?, at));
    }
    let year = match c_length {
        4 => c,
        // Two digits are a year only where three full pairs leave no doubt.
        2 if *a_length == 2 && b_length == 2 => 2000 + c,
        _ => return None,
    };
    let month_first = (sign == '/' && reading.month_first() && *a <= 12) || b > 12;
    let (day, month) = if month_first { (b, *a) } else { (*a, b) };
    Some((date(year, month, day)?, at))
}

/// A time of day with its offset, behind a date. Without an offset the moment is not known.
fn time_and_offset(tokens: &[Token], from: usize) -> Option<(Time, Offset)> {
    /// How many tokens may stand between a date and its time ("at", "um", a dash, a comma).
    const REACH: usize = 5;
    let start = (from..tokens.len().min(from + REACH)).find(|&at| {
        matches!(
            tokens.get(at..at + 3),
            Some([Token::Number(..), Token::Sign(':' | '.' | '時' | '时' | '点' | '시'), Token::Number(_, 2)])
        ) || matches!(tokens.get(at..at + 3), Some([Token::Number(..), Token::Word(h), Token::Number(_, 2)]) if h == "h")
    })?;
    let (&Token::Number(mut hour, _), &Token::Number(minute, _)) = (&tokens[start], &tokens[start + 2]) else {
        return None;
    };
    let mut at = start + 3;
    let mut second = 0;
    if let Some([Token::Sign(':'), Token::Number(value, 2)]) = tokens.get(at..at + 2) {
        second = *value;
        at += 2;
    }
    if let Some([Token::Sign('.'), Token::Number(..)]) = tokens.get(at..at + 2) {
        at += 2;
    }
    let words = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    // "2:30 p.m.", "2:30 pm".
    let half =
        if words(at) == "p" || words(at) == "a" { words(at).to_owned() + words(at + 2) } else { words(at).to_owned() };
    match half.as_str() {
        "pm" => hour = if hour < 12 { hour + 12 } else { hour },
        "am" => hour %= 12,
        _ => {}
    }
    if matches!(half.as_str(), "pm" | "am") {
        at += if words(at).len() == 1 { 4 } else { 1 };
    }
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, 0).ok()?;
    // "Uhr", brackets and commas may stand before the zone.
    let zone_at = (at..tokens.len().min(at + 3)).find(|&at| {
        matches!(&tokens[at], Token::Word(word) if zone(word).is_some())
            || matches!(tokens[at], Token::Sign('+' | '-' | '−'))
    })?;
    let offset = match &tokens[zone_at] {
        Token::Word(word) => match (zone(word)?, tokens.get(zone_at + 1..zone_at + 3)) {
            // "GMT+2".
            (0, Some([Token::Sign(sign @ ('+' | '-')), Token::Number(hours, _)])) => signed(*sign, *hours, 0)?,
            (hours, _) => Offset::from_hours(hours).ok()?,
        },
        Token::Sign(sign) => match tokens.get(zone_at + 1..)? {
            [Token::Number(hours, 2), Token::Sign(':'), Token::Number(minutes, 2), ..] => {
                signed(*sign, *hours, *minutes)?
            }
            [Token::Number(both, 4), ..] => signed(*sign, both / 100, both % 100)?,
            [Token::Number(hours, 2), ..] => signed(*sign, *hours, 0)?,
            _ => return None,
        },
        Token::Number(..) => return None,
    };
    Some((time, offset))
}

fn zone(word: &str) -> Option<i8> {
    ZONES.iter().find(|(name, _)| *name == word).map(|&(_, hours)| hours)
}

fn signed(sign: char, hours: i64, minutes: i64) -> Option<Offset> {
    let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
    Offset::from_seconds(if sign == '+' { seconds } else { -seconds }).ok()
}

/// The date in a URL's path: `/2024/03/05/`, `/2024-03-05-title`, `/20240305/`, `/05-03-2024`.
pub(super) fn in_url(url: &str) -> Option<ArticleDate> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let path = &path[path.find('/')?..];
    let bytes = path.as_bytes();
    let digits = |from: usize, count: usize| -> Option<i64> {
        let part = path.get(from..from + count)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let day_first = |at: usize| {
        let apart = bytes.get(at + 2) == Some(&b'-') && bytes.get(at + 5) == Some(&b'-') && !is_digit(at + 10);
        let day = apart.then(|| Some((digits(at, 2)?, digits(at + 3, 2)?, digits(at + 6, 4)?))).flatten();
        day.and_then(|(day, month, year)| date(year, month, day)).map(ArticleDate::Day)
    };
    (0..bytes.len()).find_map(|at| {
        if is_digit(at) && (at == 0 || !is_digit(at - 1)) {
            if let Some(day) = day_first(at) {
                return Some(day);
            }
            let year = digits(at, 4)?;
            if !(1990..=2100).contains(&year) {
                return None;
            }
            let separator = *bytes.get(at + 4)?;
            if matches!(separator, b'/' | b'-' | b'_') {
                let month_length = if is_digit(at + 6) { 2 } else { 1 };
                let month = digits(at + 5, month_length)?;
                let rest = at + 5 + month_length;
                if bytes.get(rest) != Some(&separator) {
                    return None;
                }
                let day_length = if is_digit(rest + 2) { 2 } else { 1 };
                let day = digits(rest + 1, day_length)?;
                if is_digit(rest + 1 + day_length) {
                    return None;
                }
                return date(year, month, day).map(ArticleDate::Day);
            }
            if is_digit(at + 7) && !is_digit(at + 8) {
                return date(year, digits(at + 4, 2)?, digits(at + 6, 2)?).map(ArticleDate::Day);
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(text: &str, language: &str) -> Option<String> {
        read(text, Reading { language }).map(|date| date.to_string())
    }

    #[test]
    fn dates_in_many_languages() {
        let cases = [
            ("en", "Published: March 5, 2024 at 2:30 p.m.", "2024-03-05"),
            ("en", "5th of March 2024", "2024-03-05"),
            ("en", "Tue, 05 Mar 2024 14:30:00 +0100", "2024-03-05T14:30:00+01:00"),
            ("en", "March 5, 2024 2:30 pm EST", "2024-03-05T14:30:00-05:00"),
            ("en", "12:01 a.m. March 5, 2024", "2024-03-05"),
            ("de", "Stand: 05.03.2024, 14:30 Uhr", "2024-03-05"),
            ("de", "5. März 2024", "2024-03-05"),
            ("fr", "Publié le 5 mars 2024 à 14h30", "2024-03-05"),
            ("fr", "1er août 2024", "2024-08-01"),
            ("es", "5 de marzo de 2024", "2024-03-05"),
            ("pt-BR", "05/03/2024 às 14h30", "2024-03-05"),
            ("ru", "5 марта 2024 г., 14:30 МСК", "2024-03-05T14:30:00+03:00"),
            ("uk", "5 листопада 2024", "2024-11-05"),
            ("hr", "5. listopada 2024.", "2024-10-05"),
            ("pl", "5 listopada 2024", "2024-11-05"),
            ("cs", "5. července 2024", "2024-07-05"),
            ("hu", "2024. március 5.", "2024-03-05"),
            ("lt", "2024 m. kovo 5 d.", "2024-03-05"),
            ("tr", "5 Mart 2024", "2024-03-05"),
            ("el", "5 Μαρτίου 2024", "2024-03-05"),
            ("ar", "٥ مارس ٢٠٢٤", "2024-03-05"),
            ("he", "5 במרץ 2024", "2024-03-05"),
            ("hi", "५ मार्च २०२४", "2024-03-05"),
            ("th", "5 มีนาคม 2567", "2024-03-05"),
            ("th", "5 มี.ค. 2567", "2024-03-05"),
            ("ja", "2024年3月5日 14時30分", "2024-03-05"),
            ("ja", "令和6年3月5日", "2024-03-05"),
            ("zh", "发布时间：2024年03月05日", "2024-03-05"),
            ("ko", "2024년 3월 5일", "2024-03-05"),
            ("vi", "Chủ nhật, ngày 12 tháng 4 năm 2026", "2026-04-12"),
            ("en-US", "3/5/2024", "2024-03-05"),
            ("en-GB", "5/3/2024", "2024-03-05"),
            ("en-GB", "3/25/2024", "2024-03-25"),
            ("", "2024-03-05 14:30:00", "2024-03-05"),
            ("", "2024-03-05T14:30:00.000+0900", "2024-03-05T14:30:00+09:00"),
        ];
        for (language, text, expected) in cases {
            assert_eq!(read_as(text, language).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "35", "may the 4th", "version 1.2.3", "call 555-01-23", "31.02.2024", "in 2024", "9999-99-99"]
        {
            assert_eq!(read_as(text, "en"), None, "{text}");
        }
    }

    #[test]
    fn dates_in_addresses() {
        let day = |url| in_url(url).map(|date| date.to_string());
        assert_eq!(day("https://a.example/news/2024/03/05/bridge").as_deref(), Some("2024-03-05"));
        assert_eq!(day("https://a.example/2024-3-5-bridge").as_deref(), Some("2024-03-05"));
        assert_eq!(day("https://a.example/x/20240305/y").as_deref(), Some("2024-03-05"));
        assert_eq!(day("https://a.example/news/29-10-2021").as_deref(), Some("2021-10-29"));
        assert_eq!(day("https://a.example/x-2024030599"), None);
        assert_eq!(day("https://a.example/2024/bridge"), None);
    }
}
