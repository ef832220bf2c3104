//! Mail: the lines of its header, its signature, what a mailing list adds, and the marks of a mail that quotes all of another.

use super::lines::Form;
use super::physical::Physical;

/// Lines of a header at the most, and those that tell one.
const HEADER_LINES: usize = 30;
const LEAST_FIELDS: usize = 2;

/// Lines below which a signature or a list's footer ends a mail.
const FOOTER_LINES: usize = 12;

const HEADER: &str = "a field of a mail's header";
const FOOTER: &str = "what a mail's program or a mailing list adds at the end";

/// What the fields of a header are called that a reader sees.
const FROM: [&str; 22] = [
    "from",
    "von",
    "de",
    "da",
    "van",
    "från",
    "fra",
    "od",
    "от",
    "від",
    "lähettäjä",
    "feladó",
    "kimden",
    "απο",
    "από",
    "from名",
    "差出人",
    "发件人",
    "寄件者",
    "보낸사람",
    "보낸 사람",
    "من",
];
const SUBJECT: [&str; 23] = [
    "subject",
    "betreff",
    "objet",
    "asunto",
    "assunto",
    "oggetto",
    "onderwerp",
    "ämne",
    "emne",
    "aihe",
    "temat",
    "předmět",
    "predmet",
    "тема",
    "tárgy",
    "subiect",
    "konu",
    "θέμα",
    "件名",
    "主题",
    "主旨",
    "제목",
    "الموضوع",
];
const DATE: [&str; 19] = [
    "date",
    "datum",
    "fecha",
    "data",
    "dato",
    "päivämäärä",
    "дата",
    "dátum",
    "tarih",
    "ημερομηνία",
    "日時",
    "日期",
    "날짜",
    "sent",
    "gesendet",
    "envoyé",
    "enviado",
    "verzonden",
    "التاريخ",
];
const OTHERS: [&str; 38] = [
    "to",
    "cc",
    "bcc",
    "reply-to",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "return-path",
    "received",
    "list-id",
    "list-unsubscribe",
    "x-mailer",
    "sender",
    "delivered-to",
    "an",
    "à",
    "a",
    "para",
    "aan",
    "till",
    "til",
    "do",
    "komu",
    "кому",
    "vastaanottaja",
    "címzett",
    "kime",
    "προς",
    "宛先",
    "收件人",
    "받는사람",
    "importance",
    "attachments",
    "user-agent",
    "organization",
];

/// Reads the lines of a mail. Other texts are left as they are.
pub(super) fn read(lines: &mut [Physical<'_>]) {
    unquote(lines);
    let is_mail = read_header(lines);
    read_footer(lines, is_mail);
}

/// Takes the marks off a mail that is quoted as a whole.
fn unquote(lines: &mut [Physical<'_>]) {
    const LEAST: usize = 3;
    let full = lines.iter().filter(|line| !line.is_blank()).count();
    let quoted = lines.iter().filter(|line| line.text.starts_with('>')).count();
    if quoted < LEAST || quoted < full {
        return;
    }
    for line in lines {
        if let Some(at) = line.raw.find('>') {
            let rest = &line.raw[at + 1..];
            *line = Physical::of(rest.strip_prefix(' ').unwrap_or(rest));
        }
    }
}

/// A line's field, in lower case, and what it says.
fn field(text: &str) -> Option<(String, &str)> {
    const LONGEST_NAME: usize = 30;
    let (name, value) = text.split_once([':', '：'])?;
    let name = name.trim_matches(['*', ' ']);
    (name.len() <= LONGEST_NAME).then(|| (name.to_lowercase(), value.trim_matches(['*', ' '])))
}

/// Reads the header at the start of a text, if it has one: whom it is from and what it is about, in fields side by side.
fn read_header(lines: &mut [Physical<'_>]) -> bool {
    let Some(first) = lines.iter().position(|line| !line.is_blank()) else { return false };
    let is_field = |line: &Physical<'_>| {
        field(&line.text).is_some_and(|(name, _)| {
            let name = name.as_str();
            [&FROM[..], &SUBJECT, &DATE, &OTHERS].iter().any(|names| names.contains(&name))
                || name.starts_with("x-") && name.len() > 2
        })
    };
    let is_part = |line: &&Physical<'_>| is_field(line) || line.raw.starts_with([' ', '\t']) && !line.is_blank();
    if !is_field(&lines[first]) {
        return false;
    }
    let end = first + lines[first..].iter().take(HEADER_LINES).take_while(is_part).count();
    let has = |names: &[&str], needs_address: bool| {
        lines[first..end].iter().filter_map(|line| field(&line.text)).any(|(name, value)| {
            names.contains(&name.as_str()) && !value.is_empty() && (!needs_address || value.contains('@'))
        })
    };
    let fields = lines[first..end].iter().filter(|line| is_field(line)).count();
    let is_header =
        fields >= LEAST_FIELDS && (has(&SUBJECT, false) && has(&FROM, false) || has(&FROM, true) && fields > 2);
    if !is_header || lines.get(end).is_some_and(|line| !line.is_blank()) {
        return false;
    }
    for line in &mut lines[first..end] {
        let Some((name, value)) = field(&line.text) else {
            line.leave_out(HEADER);
            continue;
        };
        let (name, value) = (name.as_str(), value.to_owned());
        line.leave_out(HEADER);
        if value.is_empty() {
            continue;
        }
        if SUBJECT.contains(&name) {
            line.text = without_reply_marks(&value).to_owned();
            line.form = Form::Heading(1);
        } else if FROM.contains(&name) {
            line.text = display_name(&value);
            line.form = if line.text.is_empty() { Form::Remains(HEADER) } else { Form::Sender };
            if line.text.is_empty() {
                line.text = value;
            }
        } else if DATE.contains(&name) {
            (line.text, line.form) = (value, Form::Sent);
        }
    }
    true
}

/// A subject without "Re:" and its like.
fn without_reply_marks(subject: &str) -> &str {
    const MARKS: [&str; 12] =
        ["re:", "fwd:", "fw:", "aw:", "wg:", "tr:", "sv:", "vs:", "rv:", "antw:", "odp:", "回复:"];
    let mut rest = subject.trim();
    loop {
        let mark =
            MARKS.iter().find(|mark| rest.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)));
        match mark.map(|mark| rest[mark.len()..].trim_start()).filter(|rest| !rest.is_empty()) {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

/// The name of a sender: what stands before the address, or in brackets behind it.
fn display_name(from: &str) -> String {
    let name = match (from.split_once('<'), from.split_once('(')) {
        (Some((name, _)), _) => name,
        (None, Some((address, name))) if address.contains('@') => name.trim_end_matches(')'),
        _ if from.contains('@') => "",
        _ => from,
    };
    name.trim_matches(['"', '\'', ' ']).to_owned()
}

/// Leaves out the signature, and what a mailing list puts below.
fn read_footer(lines: &mut [Physical<'_>], is_mail: bool) {
    let full: Vec<usize> = (0..lines.len()).filter(|&index| !lines[index].is_blank()).collect();
    let tail = &full[full.len().saturating_sub(FOOTER_LINES)..];
    let is_lists = |&index: &usize| {
        const RULE: usize = 20;
        let text = lines[index].text.as_str();
        text.len() >= RULE && text.bytes().all(|byte| byte == b'_' || byte == b'-') && {
            let below = tail.iter().filter(|&&below| below > index).map(|&below| lines[below].text.to_lowercase());
            below
                .take(4)
                .any(|line| line.contains("mailing list") || line.contains("unsubscribe") || line.contains("listinfo"))
        }
    };
    let is_signature = |&index: &usize| lines[index].raw == "-- " || is_mail && lines[index].raw == "--";
    let Some(&from) = tail.iter().skip(1).find(|index| is_lists(index) || is_signature(index)) else { return };
    lines[from..].iter_mut().filter(|line| !line.is_blank()).for_each(|line| line.leave_out(FOOTER));
}
