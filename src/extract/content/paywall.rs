//! The notice below the beginning of a story that the rest is for those who subscribe, sign in or pay.
//!
//! Sites that label it are dealt with like other labelled parts. Others are known by its words and by where it stands: at
//! the end, with nothing of the story after it.

use super::heuristic::landmark;
use super::phrases::PhraseTable;
use super::words::Category;
use super::{Decision, Reason};
use crate::markup::Tag;
use crate::model::hashed::HashedSet;
use std::sync::LazyLock;

/// What such a notice says, in lower case: that this very story goes on, and for whom.
static NOTICES: LazyLock<PhraseTable> = LazyLock::new(|| {
    PhraseTable::new(&[&[
        // English
        "to continue reading",
        "continue reading your article",
        "continue reading this article with",
        "continue reading with",
        "continue reading for",
        "continue reading by",
        "to keep reading",
        "subscribe to continue",
        "subscribe to read",
        "register to continue reading",
        "register to read",
        "sign in to continue reading",
        "log in to continue reading",
        "sign in to read",
        "log in to read",
        "article is for subscribers",
        "article is for members",
        "article is exclusive to",
        "article is only available to",
        "article is available to subscribers",
        "article is reserved for",
        "story is for subscribers",
        "story is for members",
        "story is exclusive to",
        "content is for subscribers",
        "content is for members",
        "content is only available to",
        "content is exclusive to",
        "content is reserved for",
        "post is for subscribers",
        "post is for paying",
        "post is for paid",
        "available to subscribers only",
        "reached your limit of",
        "reached your article limit",
        "reached your free article",
        "of your free articles",
        "free articles left",
        "free articles remaining",
        "free articles this month",
        "unlock this article",
        "unlock this story",
        "this is a premium article",
        "subscriber-only content",
        // German
        "artikel ist nur für",
        "artikel ist exklusiv",
        "inhalt ist nur für",
        "inhalt ist exklusiv",
        "text ist nur für",
        "um weiterzulesen",
        "zum weiterlesen",
        "weiterlesen mit",
        "weiterlesen?",
        "jetzt weiterlesen",
        "artikel weiterlesen",
        "den ganzen artikel lesen",
        "den vollständigen artikel",
        "artikel freischalten",
        // French
        "de cet article à lire",
        "de cet article à découvrir",
        "la suite est réservée",
        "la suite de cet article est réservée",
        "article est réservé",
        "contenu est réservé",
        "article réservé à",
        "article réservé aux",
        "contenu réservé à",
        "contenu réservé aux",
        "pour lire la suite",
        "pour continuer la lecture",
        "pour continuer à lire",
        // Spanish and Catalan
        "para seguir leyendo",
        "para continuar leyendo",
        "para leer el artículo completo",
        "para leer la noticia completa",
        "contenido exclusivo para",
        "contenido solo para",
        "contenido sólo para",
        "artículo exclusivo para",
        "per continuar llegint",
        // Portuguese
        "para continuar lendo",
        "para continuar a ler",
        "continue lendo com",
        "conteúdo exclusivo para",
        "artigo exclusivo para",
        "para ler a matéria completa",
        "para ler o artigo completo",
        // Italian
        "per continuare a leggere",
        "per leggere tutto l'articolo",
        "contenuto riservato a",
        "articolo riservato a",
        "articolo è riservato a",
        "contenuto è riservato a",
        // Dutch
        "om verder te lezen",
        "verder lezen?",
        "lees verder met",
        "artikel is alleen voor",
        "artikel is exclusief voor",
        // Swedish
        "läsa vidare?",
        "för att läsa vidare",
        "för att fortsätta läsa",
        "för att läsa hela",
        "artikeln är endast för",
        "artikeln är låst",
        // Norwegian
        "lese videre?",
        "for å lese videre",
        "for å lese hele",
        "saken er for abonnenter",
        "saken er kun for",
        "artikkelen er kun for",
        // Danish
        "læse videre?",
        "for at læse videre",
        "for at læse hele",
        "artiklen er kun for",
        "artikel er kun for",
        "artiklen kræver",
        // Finnish
        "lukeaksesi koko",
        "jatkaaksesi lukemista",
        "juttu on vain tilaajille",
        "artikkeli on vain tilaajille",
        // Polish
        "czytać dalej",
        "aby przeczytać cały",
        "artykuł tylko dla",
        "artykuł dostępny tylko dla",
        "treść tylko dla",
        "treść dostępna tylko dla",
        // Czech and Slovak
        "číst dál",
        "článek je pouze pro",
        "článek je jen pro",
        "obsah je pouze pro",
        "čítať ďalej",
        "článok je len pre",
        // Hungarian, Romanian
        "a cikk folytatásához",
        "a teljes cikk elolvasásához",
        "pentru a citi în continuare",
        "articol disponibil doar pentru",
        // Russian and Ukrainian
        "чтобы читать дальше",
        "чтобы продолжить чтение",
        "чтобы дочитать",
        "материал доступен только",
        "материал доступен по подписке",
        "статья доступна только",
        "щоб читати далі",
        "матеріал доступний лише",
        "матеріал доступний тільки",
        // Greek, Turkish
        "για να συνεχίσετε την ανάγνωση",
        "το άρθρο είναι διαθέσιμο μόνο",
        "okumaya devam etmek için",
        "haberin tamamını okumak için",
        "yazının tamamını okumak için",
        // Arabic, Hebrew, Persian
        "لمتابعة القراءة",
        "لمواصلة القراءة",
        "هذا المقال للمشتركين",
        "هذا المحتوى للمشتركين",
        "להמשך קריאה",
        "הכתבה למנויים",
        "התוכן למנויים",
        "برای ادامه مطالعه",
        // Hindi, Thai, Vietnamese, Indonesian
        "आगे पढ़ने के लिए",
        "पूरा पढ़ने के लिए",
        "เพื่ออ่านต่อ",
        "để đọc tiếp",
        "để tiếp tục đọc",
        "untuk melanjutkan membaca",
        "untuk membaca selengkapnya",
        // Japanese
        "この記事は会員限定",
        "この記事は有料",
        "有料会員限定",
        "会員限定記事",
        "会員登録すると",
        "続きを読むには",
        "続きは会員",
        "続きは有料",
        "続きをお読み",
        // Chinese
        "登录后继续阅读",
        "登录后阅读全文",
        "订阅后阅读",
        "订阅后继续阅读",
        "付费后阅读",
        "本文仅限",
        "解锁全文",
        "解鎖全文",
        "登入後繼續閱讀",
        "訂閱後繼續閱讀",
        "本文為訂閱會員",
        // Korean
        "계속 읽으려면",
        "구독자 전용 기사",
        "회원 전용 기사",
        "로그인 후 이용",
        "기사 전문을 보시려면",
        "기사는 유료 회원 전용",
        "유료회원 전용 기사",
        // Whom it is for, in other words
        "artikeln är för prenumeranter",
        "artikeln är för dig som",
        "artykułu dostępna dla",
        "artykułu jest dostępna dla",
        "içerik abonelere öze",
        "haber abonelere öze",
        "المحتوى للمشتركين فقط",
        "المقال للمشتركين فقط",
        "مطلب ویژه مشترکان",
        "مطلب ویژهٔ مشترکان",
        "זמינה למנויים בלבד",
        "זמין למנויים בלבד",
        "περιεχόμενο είναι μόνο για συνδρομητές",
        "άρθρο είναι μόνο για συνδρομητές",
        "लेख केवल सदस्यों के लिए",
        "लेख सिर्फ सदस्यों के लिए",
        "লেখা শুধু গ্রাহকদের জন্য",
        "เนื้อหานี้สำหรับสมาชิก",
        "nội dung dành cho người đăng ký",
        "nội dung dành cho thành viên",
        "konten khusus pelanggan",
        "khusus pelanggan premium",
        "本文仅供订阅",
        "内容仅限订阅",
        "僅供訂閱",
    ]])
});

/// Words up to which a text is a notice. A paragraph with such words in it is longer.
pub(in super::super) const NOTICE_WORDS: usize = 40;

/// Words of the notice and all that is kept after it: the offer, what it holds, where to sign in.
pub(in super::super) const PITCH_WORDS: usize = 120;

/// Blocks before the last kept one, and after it, in which the notice begins.
const REACH: usize = 24;
const REACH_AFTER: usize = 8;

/// Words of running text from which there is a beginning that a notice can follow.
const SHORTEST_BEGINNING: f32 = 20.0;

/// Words of a beginning at the most. Behind a whole story the same words stand in the page for when the reader has read
/// too many.
pub(in super::super) const LONGEST_BEGINNING: usize = 400;

/// Whether a text in lower case says that the rest of a story is for those who subscribe, sign in or pay.
pub(in super::super) fn is_paywall_notice(lower: &str) -> bool {
    NOTICES.matches(lower) != 0
}

impl Decision {
    /// Drops the notice and the offer that belongs to it, and notes that there is one.
    pub(super) fn drop_paywall(&mut self) {
        let Some(last) = self.verdicts.iter().rposition(|verdict| verdict.kept) else { return };
        let end = self.verdicts.len().min(last + 1 + REACH_AFTER);
        let story = |index: &usize| self.verdicts[*index].kept;
        let tokens = |index: usize| self.measures.blocks[index].tokens;
        let after = |notice: usize| (notice..=last).filter(story).map(tokens).sum::<f32>();
        let mut notices = (last.saturating_sub(REACH)..end).filter(|&index| self.is_notice(index));
        let Some(notice) = notices.find(|&notice| after(notice) <= PITCH_WORDS as f32) else { return };
        let before = || (0..notice).filter(story).filter(|&index| self.measures.blocks[index].is_long);
        if before().map(tokens).sum::<f32>() < SHORTEST_BEGINNING {
            return;
        }
        // A paragraph beside those of the beginning, or built like one, goes on with the story.
        let parent = |index: usize| self.outline.elements[self.outline.blocks[index].element as usize].parent;
        let home = before().next_back().map(parent);
        let shapes: HashedSet = before().map(|index| self.measures.blocks[index].shape).collect();
        let goes_on = |&index: &usize| {
            let measure = &self.measures.blocks[index];
            measure.is_long
                && (Some(parent(index)) == home || shapes.contains(&measure.shape))
                && !self.is_notice(index)
        };
        if (notice..=last).filter(story).any(|index| goes_on(&index)) {
            return;
        }
        // Above the story it says of all of it whom it is for: what follows is more than the lead.
        let long_after = || (notice + 1..=last).filter(story).filter(|&index| self.measures.blocks[index].is_long);
        let below: f32 = long_after().filter(|&index| !self.is_notice(index)).map(tokens).sum();
        let shapes: HashedSet = long_after().map(|index| self.measures.blocks[index].shape).collect();
        if shapes.len() == 1 && long_after().nth(1).is_some() && below > before().map(tokens).sum() {
            self.shows_paywall = true;
            self.verdicts[notice].drop_for(Reason::Paywall);
            return;
        }
        self.shows_paywall = (0..notice).filter(story).map(tokens).sum::<f32>() <= LONGEST_BEGINNING as f32;
        for verdict in &mut self.verdicts[notice..] {
            verdict.drop_for(Reason::Paywall);
        }
    }

    /// Whether a block says that the rest is for others, where such a notice can stand.
    fn is_notice(&self, index: usize) -> bool {
        const AWAY: u8 = 4;
        let (block, measure) = (&self.outline.blocks[index], &self.measures.blocks[index]);
        let place = self.measures.place(block.element);
        measure.tokens <= NOTICE_WORDS as f32
            && measure.link_density < 0.5
            && !self.outline.elements[block.element as usize].hidden
            && [Tag::Nav, Tag::Footer, Tag::Li].into_iter().all(|tag| place.landmarks[landmark(tag)] > AWAY)
            && [Category::Related, Category::Comment].into_iter().all(|own| place.categories[own as usize] > AWAY)
            && is_paywall_notice(self.measures.lower_of(index))
    }
}
