//! The words by which lines of a scraped text are told that stood on a page around its article.
//!
//! Lists of whole lines have a language a line, entries parted by `|`; lines are compared by their letters alone, as the
//! page cleaner compares labels.

use crate::extract::content::{PhraseTable, label_key};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What menus call the way to the front page.
const HOME: &str = "\
home | home page | homepage | front page
start | startseite | accueil | inicio | início | inici | página inicial | página principal | portada
home pagina | voorpagina | hem | hjem | forside | forsiden | etusivu | avaleht | sākums | pradžia | pagrindinis
strona główna | hlavní strana | domů | domov | kezdőlap | címlap | acasă | prima pagină | naslovnica | naslovna | početna
главная | на главную | головна | начало | начална страница | почетна | насловна | αρχικη | ana sayfa | anasayfa
الرئيسية | صفحه اصلی | ראשי | דף הבית | होम | মূলপাতা | முகப்பு | หน้าแรก | trang chủ | beranda | laman utama
トップ | ホーム | 首页 | 首頁 | 홈";

/// Other entries of the bars above a page: the way past them, accounts, search, languages, editions.
const BARS: &str = "\
skip to content | skip to main content | skip to navigation | skip to main navigation | skip to article |
view this email in your browser | view in browser | view online | read online | ask question | ask a question |
open app | open in app | add to basket | add to bag | add to cart | add to wishlist | basket | cart | checkout | wishlist | write a review | skip to search | skip navigation | jump to content |
toggle menu | toggle navigation | open menu | close menu | menu | main menu | navigation | search | search this site |
e paper | epaper | my profile | log out | logout | sign out | your account | advanced search | jump to recipe | print recipe |
pin | pin recipe | show navigation | hide navigation | accept all | reject all | accept cookies | more options |
manage preferences | we value your privacy | your privacy | cookie settings | subscribe | sign in | play episode |
account | help | help center | contact us | about us | install app
zum inhalt | zum hauptinhalt | zum inhalt springen | zum hauptinhalt springen | direkt zum inhalt | direkt zum rezept |
zum rezept springen | menü | hauptmenü | suche | suchen | anmelden | einloggen | registrieren | mein konto |
alle akzeptieren | alle ablehnen | merkliste | ihre privatsphäre
aller au contenu | aller au contenu principal | passer au contenu | recherche | rechercher | se connecter | s'identifier |
s'inscrire | mon compte | s'abonner | je m'abonne | tout accepter | tout refuser | aller à la recette
ir al contenido | saltar al contenido | ir al contenido principal | saltar al contenido principal | menú | buscar |
buscador | iniciar sesión | regístrate | registrarse | mi cuenta | suscríbete | aceptar todo | ir a la receta
ir para o conteúdo | pular para o conteúdo | pesquisar | entrar | iniciar sessão | minha conta | assine | aceitar tudo
vai al contenuto | salta al contenuto | cerca | accedi | registrati | abbonati | vai alla ricetta | accetta tutto
naar de inhoud | direct naar inhoud | ga naar de inhoud | zoeken | inloggen | aanmelden | mijn account | hoofdmenu
hoppa till innehåll | hoppa till huvudinnehåll | gå til indhold | gå til hovedindhold | hopp til innhold | meny | sök |
søk | søg | logga in | logg inn | log ind | kundesenter | kundeservice | kundservice | eavis | e avis | siirry sisältöön |
valikko | haku | kirjaudu | kirjaudu sisään | e tidning
przejdź do treści | wyszukaj | szukaj | zaloguj | zaloguj się | moje konto | přejít k obsahu | hledat | přihlásit |
přihlásit se | preskočiť na obsah | vyhľadať | prihlásiť sa | keresés | belépés | bejelentkezés | menü | căutare |
autentificare | intră în cont | traži | prijava | meni | iskanje | preskoči na vsebino
перейти к содержанию | меню | поиск | войти | вход | регистрация | личный кабинет | пошук | увійти | търсене | търси |
претрага | пријава | изборник
μενου | αναζητηση | συνδεση | εγγραφη | menü | arama | ara | giriş yap | üye ol | içeriğe geç
القائمة | بحث | تسجيل الدخول | منو | جستجو | ورود | תפריט | חיפוש | התחברות | דלג לתוכן | मेनू | खोजें | लॉग इन | मुख्य सामग्री पर जाएं | सामग्री पर जाएं
เมนู | ค้นหา | เข้าสู่ระบบ | tìm kiếm | đăng nhập | cari | masuk
メニュー | 検索 | ログイン | 本文へスキップ | メインコンテンツへスキップ | コンテンツへスキップ | 跳到主要内容 | 跳至主要內容 | 菜单 | 搜索 | 登录 | 注册 | 選單 | 搜尋 | 登入 | 메뉴 | 검색 | 로그인 | 회원가입";

/// The ways past a page's menu.
const SKIPS: &str = "\
jump to content | jump directly to the content | jump to navigation | jump to main content | back to top
zum seitenanfang | zum e paper | zur navigation | aller à la navigation | aller directement au contenu
ir para o conteúdo principal | saltar para o conteúdo | pular para o conteúdo principal | saltar al menú
vai al contenuto principale | vai al menu | till sidans början | till innehåll | till huvudinnehåll | hopp til hovedinnhold
hopp til innhold | gå til innhold | siirry pääsisältöön | hyppää sisältöön | przejdź do głównej treści | przeskocz do treści
přeskočit na obsah | přejít na obsah | preskočiť na hlavný obsah | tovább a tartalomra | ugrás a tartalomra
ugrás a tartalomhoz | sari la conținut | salt la conținut | към съдържанието | към основното съдържание
preskoči na sadržaj | idi na sadržaj | skoči na sadržaj | na vsebino | skoči na vsebino | preskoči na glavno vsebino
прескочи на садржај | перейти к основному содержанию | перейти к контенту | перейти до вмісту | перейти до основного вмісту
μετάβαση στο περιεχόμενο | παράκαμψη προς το κυρίως περιεχόμενο | ana içeriğe atla | içeriğe atla | ana içeriğe geç
تجاوز إلى المحتوى | انتقل إلى المحتوى | تخط إلى المحتوى | انتقل إلى المحتوى الرئيسي | پرش به محتوا | پرش به محتوای اصلی
דילוג לתוכן | דלג לתוכן הראשי | תפריט נגישות | ข้ามไปยังเนื้อหา | chuyển đến nội dung | lewati ke konten | langsung ke konten
본문 바로가기 | 본문으로 바로가기 | 메뉴 바로가기 | vés al contingut | salta al contingut | joan edukira
eduki nagusira joan | saltar ao contido | jäta menüü vahele | liigu edasi põhisisu juurde | pāriet uz saturu | pereiti į turinį
pereiti prie turinio | neidio i'r cynnwys | léim go dtí an t ábhar";

/// What menus and kickers call a paper's sections and its kinds of text.
const SECTIONS: &str = "\
news | world | uk | us | politics | business | economy | money | markets | finance | sport | sports | football | rugby |
cricket | tennis | golf | culture | arts | books | film | films | music | tv | tv radio | television | theatre | stage |
games | opinion | opinions | comment | columns | columnists | letters | editorial | editorials | leader | analysis |
explainer | review | reviews | interview | interviews | feature | features | long read | the long read | obituary |
obituaries | family notices | environment | climate | science | tech | technology | health | education | media | society |
law | crime | courts | travel | food | food drink | drink | lifestyle | life | fashion | style | family | homes | property |
gardening | gardens | motoring | cars | weather | local | local news | regional | community | people | history | religion |
podcasts | podcast | video | videos | photos | pictures | magazine | weekend | blog | blogs | fiction | poetry | essay |
recipe | recipes | jobs | classifieds | events | what's on | entertainment | showbiz | celebrity | home news | world news |
national | international | europe | asia | africa | americas | breaking | breaking news | live | exclusive |
special report | investigation | investigations | book of the day | the big read | perspective | viewpoint |
guest column | q a | in depth | fact check | quiz | crosswords | puzzles | horoscope | archive | farming
nachrichten | politik | wirtschaft | finanzen | fußball | kultur | feuilleton | meinung | kommentar | kommentare |
leitartikel | gastbeitrag | kolumne | glosse | wissen | wissenschaft | technik | digital | netzwelt | gesundheit |
gesellschaft | panorama | vermischtes | reise | leben | stil | karriere | bildung | region | lokales | stadtleben | ausland |
inland | deutschland | österreich | schweiz | welt | europa | medien | leute | auto | mobilität | immobilien | rezepte |
rezension | kritik | reportage | porträt | analyse | nachruf | nachrufe | ratgeber | verbraucher | wetter
actualités | actualité | actu | à la une | politique | monde | france | société | économie | livres | cinéma | musique |
idées | débats | tribune | chronique | éditorial | édito | enquête | portrait | entretien | critique | sciences | santé |
environnement | planète | climat | éducation | médias | numérique | voyage | gastronomie | cuisine | mode | faits divers |
régions | région | nécrologie | disparitions | justice
noticias | actualidad | política | nacional | internacional | mundo | economía | negocios | deportes | fútbol | cultura |
libros | cine | música | opinión | columna | tribuna | análisis | reportaje | entrevista | crónica | crítica | reseña |
ciencia | tecnología | salud | sociedad | educación | medio ambiente | clima | gente | estilo | viajes | gastronomía |
sucesos | provincia | comunidad | obituarios | vídeos
notícias | brasil | economia | esportes | desporto | futebol | livros | cinema | opinião | coluna | análise | reportagem |
ciência | tecnologia | saúde | sociedade | educação | ambiente | cotidiano | cidades | polícia | país | viagem
notizie | attualità | politica | cronaca | esteri | mondo | calcio | libri | musica | spettacoli | spettacolo | opinioni |
editoriale | commenti | analisi | intervista | recensione | recensioni | scienza | scienze | salute | società | scuola |
viaggi | cucina | moda | motori
nieuws | binnenland | buitenland | politiek | economie | voetbal | cultuur | boeken | muziek | opinie | column |
commentaar | recensie | achtergrond | wetenschap | gezondheid | klimaat | milieu | onderwijs | samenleving | regio | reizen
nyheter | inrikes | utrikes | fotboll | ekonomi | näringsliv | nöje | debatt | ledare | krönika | insändare | recension |
intervju | vetenskap | hälsa | klimat | lokalt | innenriks | utenriks | økonomi | næringsliv | fotball | meninger | kronikk |
anmeldelse | helse | vitenskap | nyheder | indland | udland | erhverv | debat | kronik | sundhed | videnskab | uutiset |
kotimaa | ulkomaat | talous | urheilu | kulttuuri | mielipide | pääkirjoitus | kolumni | tiede | terveys | arvostelu
wiadomości | polska | świat | kraj | polityka | gospodarka | biznes | piłka nożna | książki | muzyka | opinie | felieton |
wywiad | recenzja | reportaż | nauka | zdrowie | społeczeństwo | edukacja | zprávy | domácí | zahraničí | svět | politika |
ekonomika | byznys | fotbal | knihy | hudba | názory | komentář | komentáře | rozhovor | recenze | reportáž | věda | zdraví |
společnost | správy | domáce | zahraničie | šport | kultúra | veda | zdravie
hírek | belföld | külföld | gazdaság | vélemény | interjú | riport | tudomány | egészség | oktatás | știri | actualitate |
externe | cultură | opinii | interviu | recenzie | știință | tehnologie | sănătate | educație | vijesti | vesti | novice |
hrvatska | srbija | slovenija | svijet | svet | gospodarstvo | mišljenja | znanost | zdravlje | društvo
новости | политика | экономика | бизнес | общество | культура | спорт | футбол | наука | технологии | здоровье | мир |
россия | в мире | происшествия | мнения | колонка | рецензия | репортаж | образование | новини | політика | економіка |
суспільство | світ | україна | освіта | думки | икономика | култура | свят | българия | здраве
ειδησεις | πολιτικη | ελλαδα | κοσμος | οικονομια | αθλητικα | πολιτισμος | κοινωνια | επιστημη | τεχνολογια | υγεια |
αποψεις | παιδεια | τοπικα | haberler | gündem | dünya | siyaset | spor | futbol | kültür | kültür sanat | yazarlar | görüş |
röportaj | bilim | teknoloji | sağlık | eğitim | yaşam | magazin
أخبار | سياسة | اقتصاد | مجتمع | ثقافة | رياضة | علوم | تكنولوجيا | صحة | آراء | مقالات | العالم | منوعات | محليات | تعليم |
سیاست | اقتصاد | فرهنگ | ورزش | جهان | جامعه | חדשות | תרבות | ספורט | כלכלה | דעות | פוליטיקה | בעולם | בארץ | מדע |
בריאות | חינוך | אוכל | समाचार | देश | विदेश | राजनीति | खेल | मनोरंजन | व्यापार | शिक्षा | स्वास्थ्य | राज्य | दुनिया
ข่าว | การเมือง | เศรษฐกิจ | กีฬา | บันเทิง | สังคม | ต่างประเทศ | tin tức | thời sự | thế giới | kinh doanh | thể thao |
văn hóa | giải trí | giáo dục | sức khỏe | pháp luật | đời sống | du lịch | khoa học | công nghệ | berita | nasional |
internasional | olahraga | budaya | hiburan | teknologi | kesehatan | pendidikan | daerah | opini | gaya hidup
ニュース | 社会 | 政治 | 経済 | 国際 | スポーツ | 文化 | 科学 | 教育 | 暮らし | 地域 | 地方 | エンタメ | オピニオン | 社説 | コラム | 連載 |
速報 | 総合 | 環境 | 医療 | 新闻 | 要闻 | 国内 | 国际 | 财经 | 经济 | 体育 | 娱乐 | 科技 | 健康 | 军事 | 评论 | 视频 | 图片 | 时政 |
旅游 | 汽车 | 房产 | 正文 | 即時 | 要聞 | 社會 | 生活 | 國際 | 財經 | 體育 | 娛樂 | 評論 | 兩岸 | 專題 | 影音
뉴스 | 정치 | 경제 | 사회 | 국제 | 문화 | 스포츠 | 연예 | 과학 | 교육 | 오피니언 | 사설 | 칼럼 | 전국 | 지역 | 세계 | 생활 | 라이프";

/// What a list of the story's parts is called.
const CONTENTS: &str = "\
in this article | in this story | in this guide | on this page | table of contents | contents | key events
inhaltsverzeichnis | inhalt | in diesem artikel | auf dieser seite | sommaire | dans cet article | table des matières
en este artículo | índice | índice de contenidos | neste artigo | indice | in questo articolo | in dit artikel |
inhoudsopgave | innehåll | i den här artikeln | indhold | innhold | sisällysluettelo | spis treści | obsah | tartalom |
cuprins | kazalo | sadržaj | содержание | в этой статье | оглавление | зміст | съдържание | περιεχομενα | içindekiler
المحتويات | فهرست | תוכן עניינים | สารบัญ | mục lục | daftar isi | 目次 | 目录 | 目錄 | 목차";

/// What companies and offices write above what they send to the press.
const RELEASES: &str = "\
for immediate release | press release | news release | media release | embargoed until | statement to the press
pressemitteilung | medienmitteilung | presseinformation | presseaussendung | sperrfrist | communiqué de presse |
communiqué | pour diffusion immédiate | comunicado de prensa | nota de prensa | para publicación inmediata |
comunicado de imprensa | nota à imprensa | comunicato stampa | persbericht | pressmeddelande | pressemeddelelse |
pressemelding | lehdistötiedote | informacja prasowa | komunikat prasowy | tisková zpráva | tlačová správa |
sajtóközlemény | comunicat de presă | priopćenje | sporočilo za javnost | пресс релиз | прес реліз | прессъобщение |
δελτιο τυπου | basın bülteni | basın açıklaması | بيان صحفي | הודעה לעיתונות | thông cáo báo chí | siaran pers
プレスリリース | 報道発表 | 新闻稿 | 新聞稿 | 보도자료";

/// Where a line sends the story on; what is shared there stands in lines of its own.
const NETWORKS: &str = "\
facebook | x | twitter | x twitter | whatsapp | telegram | linkedin | pinterest | reddit | bluesky | threads | instagram |
messenger | flipboard | pocket | line | xing | viber | email | e mail | mail | mastodon | tumblr | youtube | tiktok |
copy link | rss | apple podcasts | spotify
вконтакте | одноклассники | 微博 | 微信 | 카카오톡 | 페이스북 | فيسبوك | واتساب | تويتر | φεισμπουκ
link kopieren | copier le lien | copiar enlace | copia link | kopiera länk | kopioi linkki | kopiuj link
скопировать ссылку | リンクをコピー | 复制链接 | 複製連結 | 링크 복사";

/// What stands above another whole story, or leads to one.
const NEXT: &str = "\
next article | previous article | next story | previous story | next post | previous post | next | previous | more essays |
next poem | read this next | older post | newer post | older | newer
nächster artikel | vorheriger artikel | nächster beitrag | vorheriger beitrag | weiter | zurück
article suivant | article précédent | suivant | précédent | siguiente noticia | siguiente artículo | noticia anterior |
artículo anterior | siguiente | anterior | próxima notícia | próximo artigo | artigo anterior | notícia anterior
articolo successivo | articolo precedente | prossimo articolo | volgend artikel | vorig artikel | nästa artikel |
föregående artikel | neste artikkel | forrige artikkel | næste artikel | forrige artikel | seuraava artikkeli
następny artykuł | poprzedni artykuł | další článek | předchozí článek | következő cikk | előző cikk | articolul următor
следующая новость | следующая статья | предыдущая новость | предыдущая статья | наступна новина | попередня новина
επομενο αρθρο | προηγουμενο αρθρο | sonraki haber | önceki haber | الخبر التالي | المقال التالي | الخبر السابق
bài tiếp theo | bài trước | berita selanjutnya | berita sebelumnya
次の記事 | 前の記事 | 下一篇 | 上一篇 | 다음 기사 | 이전 기사 | 다음글 | 이전글";

/// What paid lines are called above their own headline. Behind labels of plain advertising the story goes on.
const PAID: &str = "\
sponsored | sponsored content | sponsored post | partner content | paid content | paid post | promoted | promoted content |
brand content | presented by our partner | from our partners
gesponsert | gesponserter inhalt | sponsorisé | contenu sponsorisé | contenu partenaire | patrocinado |
contenido patrocinado | conteúdo patrocinado | contenuto sponsorizzato | gesponsord | sponsrat innehåll |
annonsörsinnehåll | annonsørinnhold | artykuł sponsorowany | materiał partnera | komerční sdělení | партнерский материал |
sponsorlu içerik | محتوى ممول | תוכן ממומן | تبلیغ | タイアップ | 赞助内容 | 贊助內容 | 협찬";

/// What is pressed below a question to readers.
const VOTES: &str = "\
vote | vote now | view results | see results | submit vote | cast your vote | take the quiz | start quiz
abstimmen | ergebnis anzeigen | jetzt abstimmen | zum ergebnis | voter | voir les résultats | votar | ver resultados |
ver resultado | vota | vedi risultati | stem | stemmen | bekijk resultaten | rösta | stem nu | se resultat | äänestä |
głosuj | zobacz wyniki | hlasovat | zobrazit výsledky | szavazok | votează | glasuj | glasaj | проголосовать |
голосовать | показать результаты | проголосувати | гласувай | ψηφιστε | oy ver | sonuçları gör | صوّت | הצבע | 投票 | 투표하기";

/// Groups of [`PHRASES`].
pub(super) mod says {
    /// Asks for money, an address or a subscription, or names what is bought with them.
    pub(in super::super) const PROMO: u32 = 1;
    /// Leads to other pages, by how it begins.
    pub(in super::super) const POINTS: u32 = 2;
    /// Whose the text is, that the page keeps track of its readers, and what else is said in small print.
    pub(in super::super) const LEGAL: u32 = 4;
    /// What a page's own programs say of it.
    pub(in super::super) const MACHINE: u32 = 8;
}

static PHRASES: LazyLock<PhraseTable> = LazyLock::new(|| PhraseTable::new(&[PROMO, POINTS, LEGAL, MACHINES]));

const PROMO: &[&str] = &[
    "free trial|",
    "|subscribe|",
    "|your subscription|",
    "|our subscription|",
    "subscription offer",
    "subscription deal",
    "|sign up|",
    "|newsletter|",
    "|advertisement|",
    "|sponsored|",
    "|advertise here|",
    "|advertise with us|",
    "|download the app|",
    "|download our app|",
    "|get the app|",
    "|join our telegram|",
    "|join our whatsapp|",
    "|join our channel|",
    "|join the channel|",
    "|follow us|",
    "|shop now|",
    "|buy now|",
    "|learn more|",
    "|upvote|",
    "|downvote|",
    "|support us|",
    "|support our work|",
    "|support independent journalism|",
    "|donate|",
    "|enjoy this blog|",
    "|enjoy this article|",
    "|enjoy this post|",
    "|amazon prime|",
    "|promo code|",
    "|limited offer|",
    "|buy our latest issue|",
    "|rate this recipe|",
    "|leave us a ",
    "|sign the guest·book|",
    "|have your say|",
    "^to plant a tree in memory",
    "|delivered to your inbox|",
    "|sent to your inbox|",
    "|to your inbox|",
    "^stay informed with ",
    "^stay connected|",
    "^get the latest ",
    "^give monthly|",
    "^your gift can ",
    "^your donation will ",
    "^book a demo|",
    "^having trouble reading this email|",
    "^start your trial",
    "^start your free",
    "|for the price of one|",
    "^place an advert|",
    "^upload your photo",
    "^share your experience",
    "^are you affected by ",
    "^have you been affected by ",
    "|please include a contact number|",
    "^if you enjoyed this ",
    "^if you liked this ",
    "^get started|",
    "^get in touch|",
    "^masz dla nas temat",
    "^vad tycker du|",
    "^kommentera artikeln",
    "|pinche aquí|",
    "|haga clic aquí|",
    "^découvrir les offres|",
    "^hast du das rezept",
    "|hinterlasse mir einen kommentar|",
    "|hinterlasse einen kommentar|",
    "^bitte beachten sie auch ",
    "приєднуйтесь до",
    "присоединяйтесь к",
    "|free article remaining|",
    "|free articles remaining|",
    "|free articles left|",
    "^did you like this",
    "^did you enjoy this",
    "^enjoyed this",
    "^vous avez aimé",
    "^cet article vous a plu",
    "^hat ihnen der artikel",
    "^hat dir der artikel",
    "^gefällt dir das rezept",
    "^¿te ha gustado",
    "^¿te gustó",
    "^ti è piaciuto",
    "^gostou ",
    "^vond je dit",
    "^понравилась статья",
    "^сподобалась стаття",
    "^like us on ",
    "|may contain affiliate links|",
    "|abonnieren|",
    "newsletter-anmeldung",
    "|jetzt testen|",
    "|jetzt lesen|",
    "|jetzt bestellen|",
    "nichts mehr verpassen",
    "bewerte es mit",
    "|s'abonner|",
    "abonnez-vous",
    "suscríb",
    "|suscrib",
    "inscreva-se",
    "|assine|",
    "|abbonati|",
    "|iscriviti|",
    "|schrijf je in|",
    "|meld je aan|",
    "|prenumerera|",
    "|abonner på|",
    "|tilmeld dig|",
    "|tilaa uutiskirje|",
    "|zapisz się|",
    "|odebírejte|",
    "|iratkozz fel|",
    "|iratkozzon fel|",
    "|abonează-te|",
    "|pretplati",
    "|naroči se|",
    "подписывайтесь",
    "подпишитесь",
    "|подписка|",
    "|подписаться|",
    "підписуйтесь",
    "підпишіться",
    "абонирайте се",
    "|abone ol",
    "اشترك في",
    "اشتركوا",
    "הירשמו",
    "सब्सक्राइब",
    "ติดตามข่าว",
    "đăng ký nhận",
    "|berlangganan|",
    "subscriu-t",
    "メルマガ",
    "ニュースレター",
    "会員登録",
    "無料登録",
    "無料体験",
    "友だち追加",
    "加入line",
    "购买",
    "订阅",
    "訂閱",
    "구독하기",
    "구독신청",
];

const POINTS: &[&str] = &[
    "^view image in fullscreen|",
    "^continue reading the main story|",
    "^not the answer you're looking for",
    "^hot network questions|",
    "^improve this question|",
    "^improve this answer|",
    "^customers also bought|",
    "^customers who bought",
    "^frequently bought together|",
    "^send to a friend|",
    "^printer-friendly version|",
    "^show transcript|",
    "^rate this page|",
    "^copy link|",
    "^latest press releases|",
    "^more from the ",
    "^most read in ",
    "^most viewed in ",
    "^also in the news|",
    "^around the ",
    "^click to share on ",
    "^share this update|",
    "^opens in new window|",
    "^view previous updates|",
    "^show new updates|",
    "^you can find this story in ",
    "^was this page helpful|",
    "^did you find what you were looking for|",
    "^rate this article|",
    "^this entry was posted in ",
    "^bookmark the permalink|",
    "^published in ",
    "^topics|",
    "^filed in ",
    "^vezani članci|",
    "^povezani članci|",
    "^susiję straipsniai|",
    "^saistītie raksti|",
    "^seotud ",
    "^gehiago irakurri",
    "^temas relacionados|",
    "^artigos relacionados|",
    "^artículos relacionados|",
    "^relaterede artikler|",
    "^relaterte saker|",
    "^relaterade artiklar|",
    "^fler artiklar",
    "^mer om ämnet|",
    "^mere fra ",
    "^mer fra ",
    "^aiheesta lisää|",
    "^lue myös",
    "^powiązane ",
    "^polecane przez ",
    "^výběr redakce|",
    "^související články|",
    "^súvisiace články|",
    "^kapcsolódó cikkek|",
    "^articole similare|",
    "^ar putea să te intereseze",
    "^още по темата",
    "^свързани статии|",
    "^περισσότερα για το θέμα",
    "^διαβάστε επίσης",
    "^σχετικά άρθρα",
    "^ilgili haberler|",
    "^editörün seçtikleri|",
    "^haberle ilgili ",
    "^смотрите также",
    "^также по теме",
    "^также интересно",
    "^також цікаво",
    "^більше про ",
    "^читайте також",
    "^مواضيع ذات صلة",
    "^مقالات ذات صلة",
    "^اقرأ أيضا",
    "^مطالب مرتبط",
    "^כתבות נוספות",
    "^עוד בנושא",
    "^इसे भी पढ़ें",
    "^संबंधित खबरें",
    "^আরও পড়ুন",
    "^ข่าวที่เกี่ยวข้อง",
    "^อ่านต่อ",
    "^tin liên quan",
    "^xem thêm",
    "^baca juga",
    "^artikel terkait",
    "^관련기사",
    "^이 기사와 함께",
    "^el més llegit|",
    "^lo más leído|",
    "^i più letti|",
    "^le più lette|",
    "^mest lest|",
    "^mest læst",
    "^mest läst|",
    "^luetuimmat|",
    "^najczęściej czytane|",
    "^nejčtenější",
    "^najčítanejšie",
    "^legolvasottabb",
    "^cele mai citite|",
    "^най-четени",
    "^најчитаније",
    "^najčitanije|",
    "^najbolj brano|",
    "^lasītākie raksti|",
    "^skaitomiausi",
    "^loetuimad|",
    "^τα πιο διαβασμένα",
    "^en çok okunan",
    "^самое читаемое|",
    "^найпопулярніше|",
    "^الأكثر قراءة",
    "^הנצפות ביותר",
    "^הנקראות ביותר",
    "^latest news|",
    "^viimased uudised|",
    "^jaunākās ziņas|",
    "^naujausios ",
    "^ultime notizie|",
    "^últimas noticias|",
    "^senaste nytt|",
    "^siste nytt|",
    "^seneste nyt|",
    "^najnowsze ",
    "^najnovije vijesti|",
    "^zadnje novice|",
    "^последние новости|",
    "^останні новини|",
    "^son dakika|",
    "^pievienot komentāru|",
    "^rašyti komentarą|",
    "^lisa kommentaar|",
    "^loe kommentaare",
    "^szólj hozzá",
    "^dodaj komentarz|",
    "^přidat komentář|",
    "^pridať komentár|",
    "^dodaj komentar|",
    "^додати коментар|",
    "^skriv en kommentar|",
    "^skriv kommentar|",
    "^laisser un commentaire|",
    "^deja un comentario|",
    "^deixe um comentário|",
    "^lascia un commento|",
    "^yorum yaz|",
    "^seko mums",
    "^sekite mus",
    "^jälgi meid",
    "^kövess minket",
    "^kövessen minket",
    "^urmărește-ne",
    "^следвайте ни",
    "^pratite nas",
    "^spremljajte nas",
    "^ακολουθήστε μας",
    "^bizi takip edin",
    "^تابعنا",
    "^עקבו אחרינו",
    "^ติดตามเรา",
    "^theo dõi chúng tôi",
    "^ikuti kami",
    "^obserwuj nas ",
    "^mainos päättyy",
    "^tekst se nastavlja",
    "^članak se nastavlja",
    "^článok pokračuje",
    "^článek pokračuje",
    "^tekst gaat verder",
    "^skaitymo trukmė",
    "^lasīšanas ilgums",
    "^lugemisaeg",
    "^ten tekst przeczytasz",
    "^прочетена ",
    "^größe ändern|",
    "^schriftgröße",
    "^bilderstrecke",
    "^zur merkliste",
    "^dieses thema im programm",
    "^video: ",
    "^audio: ",
    "^regarder la vidéo|",
    "^partilhar esta ",
    "^zobacz także",
    "^zobacz też",
    "^comparteix-ho|",
    "^harpidetu ",
    "^free delivery|",
    "^vote: ",
    "^clique aqui para ",
    "^poslechněte si ",
    "^((",
    "^free shipping|",
    "^je m'abonne|",
    "^forwarded this email|",
    "^posted in: ",
    "^categories: ",
    "^categories : ",
    "^catégories : ",
    "^kategorien: ",
    "^kategorie: ",
    "^archivado en",
    "^kapcsolódó cikk",
    "^continued on page",
    "^continued from page",
    "^fortsetzung auf seite",
    "^fortsetzung von seite",
    "^suite page ",
    "^lire la suite page ",
    "^auf pinterest",
    "^épingler sur ",
    "^pin on pinterest|",
    "^save to pinterest|",
    "^gerelateerde ",
    "^yazı boyutu",
    "^timp de citire",
    "^in stock|",
    "^out of stock|",
    "^page 1 of ",
    "^joined: ",
    "^posts: ",
    "שתפו ",
    "^more on this",
    "^share this|",
    "^share on ",
    "^share via ",
    "^share to ",
    "^email this|",
    "^e-mail this|",
    "^print this|",
    "^story continues ",
    "^article continues ",
    "^scroll to continue|",
    "^scroll down to continue|",
    "^back to ",
    "^view this post on|",
    "^a post shared by ",
    "^pic.twitter.com/",
    "^https://t.co/",
    "^edit this page|",
    "^improve this page|",
    "^view larger map|",
    "^click to enlarge|",
    "^enlarge image|",
    "^buy photo|",
    "^sort by: ",
    "^posted in ",
    "^posted under ",
    "^filed under|",
    "^proudly powered by ",
    "^powered by ",
    "^website by ",
    "^older: ",
    "^newer: ",
    "^previous: ",
    "^next: ",
    "^previously: ",
    "^more from ",
    "^download pdf|",
    "^explore more on ",
    "^read this article in|",
    "^read this story in|",
    "^more: ",
    "^watch: ",
    "^related: ",
    "^quiz: ",
    "^our standards: ",
    "^tags: ",
    "^topics: ",
    "^keywords: ",
    "^schlagwörter: ",
    "^mots-clés : ",
    "^etiquetas: ",
    "^etiquetes: ",
    "^sieh dir diesen beitrag",
    "^ein beitrag geteilt von ",
    "^mehr zu diesem thema|",
    "^auf facebook teilen|",
    "^zurück zu|",
    "^rezept drucken|",
    "^voir cette publication sur",
    "^une publication partagée par ",
    "^partager sur ",
    "^sur le même sujet",
    "^retour à ",
    "^ver esta publicación en",
    "^una publicación compartida de ",
    "^más sobre este tema",
    "^más noticias",
    "^compartir en ",
    "^ver esta publicação no",
    "^uma publicação partilhada por ",
    "^uma publicação compartilhada por ",
    "^partilhar no ",
    "^compartilhar no ",
    "^visualizza questo post su",
    "^un post condiviso da ",
    "^condividi su ",
    "^più letti",
    "^dit bericht op instagram",
    "^een bericht gedeeld door ",
    "^deel op ",
    "^delen op ",
    "^visa detta inlägg",
    "^ett inlägg delat av ",
    "^dela på ",
    "^del på ",
    "^se dette innlegget",
    "^jaa facebookissa",
    "^wyświetl ten post",
    "^post udostępniony przez ",
    "^udostępnij na ",
    "^sdílet na ",
    "^zdieľať na ",
    "^megosztás ",
    "^distribuie pe ",
    "^podijeli na ",
    "^podeli na ",
    "^delite na ",
    "^deli na ",
    "^jaga facebook",
    "^dalintis ",
    "^dalīties ",
    "^deila á ",
    "^roinn ar ",
    "^rhannu ar ",
    "^partekatu ",
    "^comparteix a ",
    "^compartir no ",
    "^shiriki kwenye ",
    "^i-share sa ",
    "^kongsi di ",
    "^bagikan ke ",
    "^bagikan di ",
    "^shpërndaje në ",
    "^посмотреть эту публикацию",
    "^публикация от ",
    "^поделиться в ",
    "^поширити у ",
    "^споделете във ",
    "^сподели на ",
    "^подели на ",
    "^κοινοποίηση στο ",
    "^facebook'ta paylaş",
    "^bu gönderiyi",
    "^شارك على ",
    "^この投稿をinstagram",
    "^instagram에서 이 게시물",
    "^在 instagram 查看",
    "^シェア",
    "^この記事をシェア",
    "^分享到",
    "^字級設定",
    "^字號設定",
    "^字体大小",
    "^文字サイズ",
    "^글자크기",
    "^글자 크기",
];

const LEGAL: &[&str] = &[
    "|all rights reserved|",
    "|alle rechte vorbehalten|",
    "|tous droits réservés|",
    "|todos los derechos reservados|",
    "|todos os direitos reservados|",
    "|tutti i diritti riservati|",
    "|riproduzione riservata|",
    "|alle rechten voorbehouden|",
    "|wszelkie prawa zastrzeżone|",
    "|všechna práva vyhrazena|",
    "|minden jog fenntartva|",
    "|toate drepturile rezervate|",
    "|sva prava pridržana|",
    "|все права защищены|",
    "|всі права захищені|",
    "|всички права запазени|",
    "με επιφύλαξη παντός δικαιώματος",
    "|tüm hakları saklıdır|",
    "جميع الحقوق محفوظة",
    "כל הזכויות שמורות",
    "無断転載",
    "無断複製",
    "版权所有",
    "版權所有",
    "무단전재",
    "무단 전재",
    "|appears in print on|",
    "|free bets|",
    "|begambleaware",
    "|delivery charges may apply|",
    "|subscribe for free to receive new posts|",
    "|tap the heart|",
    "^(adds ",
    "^(recasts ",
    "^(updates with ",
    "|appeared in print on|",
    "|transcripts are made on a rush deadline|",
    "^this transcript was generated|",
    "|transcript may contain errors|",
    "|enthält werbelinks|",
    "|enthält affiliate-links|",
    "^enthält werbung|",
    "^ansvarig utgivare",
    "|licenciar este contenido|",
    "|this live blog is now closed|",
    "|your email address will not be published|",
    "|required fields are marked|",
];

/// Forms that did not work, films that did not load.
const MACHINES: &[&str] = &[
    "^something went wrong|",
    "^invalid email|",
    "^please try again later|",
    "^you are not logged in|",
    "^you must be logged in|",
    "^you can find this story in ",
    "^this video can not be played|",
    "^to play this video|",
    "^your browser does not support|",
    "^please enable javascript|",
    "^javascript is disabled|",
    "^bitte aktivieren sie javascript|",
    "^veuillez activer javascript|",
    "^habilita javascript|",
    "^you are visitor ",
    "^best viewed with ",
    "^you are receiving this e·mail|",
];

/// Which groups of phrases a line in lower case says.
pub(super) fn said(lower: &str) -> u32 {
    PHRASES.matches(lower)
}

/// A set of whole lines.
#[derive(Debug)]
pub(super) struct Lines(HashSet<String>);

impl Lines {
    pub(super) fn of(list: &'static str) -> Self {
        Self(list.split(['|', '\n']).map(label_key).filter(|entry| !entry.is_empty()).collect())
    }

    pub(super) fn has(&self, line: &str) -> bool {
        self.has_key(&label_key(line))
    }

    /// Whether a line is one whose letters are these.
    pub(super) fn has_key(&self, key: &str) -> bool {
        self.0.contains(key)
    }
}

pub(super) static HOMES: LazyLock<Lines> = LazyLock::new(|| Lines::of(HOME));
pub(super) static BAR: LazyLock<Lines> = LazyLock::new(|| Lines::of(BARS));
pub(super) static SKIP: LazyLock<Lines> = LazyLock::new(|| Lines::of(SKIPS));
pub(super) static SECTION: LazyLock<Lines> = LazyLock::new(|| Lines::of(SECTIONS));
pub(super) static CONTENTS_NAMES: LazyLock<Lines> = LazyLock::new(|| Lines::of(CONTENTS));
pub(super) static RELEASE: LazyLock<Lines> = LazyLock::new(|| Lines::of(RELEASES));
pub(super) static NETWORK: LazyLock<Lines> = LazyLock::new(|| Lines::of(NETWORKS));
pub(super) static NEXT_STORY: LazyLock<Lines> = LazyLock::new(|| Lines::of(NEXT));
pub(super) static PAID_LABEL: LazyLock<Lines> = LazyLock::new(|| Lines::of(PAID));
pub(super) static VOTE: LazyLock<Lines> = LazyLock::new(|| Lines::of(VOTES));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_story_tells_is_no_pointer() {
        for text in ["the next stop is the harbour", "he shared a post by his aunt", "watchful: the keeper"] {
            assert_eq!(said(text) & says::POINTS, 0, "{text}");
        }
        assert_ne!(said("share on facebook") & says::POINTS, 0);
    }
}
