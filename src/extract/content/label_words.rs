//! Lines that are labels of a page as a whole, and words that lead to another story, in the languages of the press.
//!
//! A language a line, entries parted by `|`. Lines are compared by their letters alone: signs and numbers are as blanks, and
//! Greek is written without accents, as its capitals are.

/// What marks advertising, or says that the story goes on behind it.
pub(super) const ADVERTISING: &str = "\
ad | ads | advert | advertisement | advertisements | advertising | advertorial | sponsored | \
sponsored content | sponsored links | promoted | promoted content | promoted links | paid content | \
advertisement scroll to continue | scroll to continue with content | scroll to continue reading | \
content continues below | story continues below | article continues after ad | continue reading below | \
skip advertisement | advertise with us
anzeige | anzeigen | werbung | werbeanzeige | gesponsert | gesponserte links | ende der anzeige | \
weiter nach der werbung
publicité | publicités | pub | sponsorisé | contenu sponsorisé | la suite après la publicité | \
fin de la publicité
publicidad | anuncio | anuncios | patrocinado | contenido patrocinado | \
la noticia continúa después de la publicidad | sigue leyendo después de la publicidad | fin de la publicidad
publicidade | anúncio | anúncios | conteúdo patrocinado | continua após a publicidade | \
continua depois da publicidade | fim da publicidade
pubblicità | annuncio pubblicitario | sponsorizzato | contenuto sponsorizzato | \
continua a leggere dopo la pubblicità | l'articolo continua dopo la pubblicità | prosegue dopo la pubblicità
advertentie | advertenties | reclame | gesponsord | gesponsorde inhoud | artikel gaat verder na advertentie
annons | annonser | annonsörsinnehåll | artikeln fortsätter under annonsen | annonse | reklame | sponset | \
saken fortsetter under annonsen | artikkelen fortsetter under annonsen | annoncer | sponsoreret | \
artiklen fortsætter under annoncen | mainos | mainokset | juttu jatkuu mainoksen jälkeen
reklama | reklamy | materiał sponsorowany | artykuł sponsorowany | dalsza część tekstu pod materiałem wideo | \
dalsza część artykułu pod materiałem wideo | dalsza część tekstu pod reklamą | dalsza część artykułu pod reklamą
inzerce | inzerát | článok pokračuje pod reklamou | hirdetés | reklám | publicitate | reclamă | oglas | \
oglasi | реклама
на правах рекламы | рекламный материал | продолжение ниже | на правах реклами
διαφημιση | διαφημισεισ | χορηγουμενο
reklam | reklamlar | sponsorlu | sponsorlu içerik | haberin devamı reklamdan sonra | haberin devamı aşağıda
إعلان | إعلانات | اعلان | اعلانات | إعلان ممول | محتوى ممول | يستمر الخبر بعد الإعلان
آگهی | آگهی‌ها | تبلیغ | تبلیغات | اشتہار | اشتہارات
פרסומת | פרסומות | תוכן ממומן | תוכן שיווקי | המשך הכתבה לאחר הפרסומת | המשך אחרי הפרסומת
विज्ञापन | प्रायोजित | বিজ্ঞাপন | விளம்பரம் | ప్రకటన | जाहिरात | જાહેરાત
โฆษณา | พื้นที่โฆษณา | quảng cáo | nội dung tài trợ | iklan | pariwara | gulir untuk melanjutkan | \
gulir untuk membaca lebih lanjut | artikel dilanjutkan di bawah
广告 | 广告 gg | 推广 | 赞助 | 赞助内容 | 广告后继续阅读 | 廣告 | 贊助 | 贊助內容
広告 | pr | スポンサーリンク | スポンサードリンク | スポンサー | 記事は広告の後に続きます
광고 | 스폰서 | 협찬 | 기사는 광고 뒤에 계속됩니다
reklaam | hysbyseb | hysbysebion | publizitatea | iragarkia | fógra | fógraíocht | գովազդ | რეკლამა | auglýsing | \
auglýsingar | sludinājums | oglasno sporočilo | огласи | оглас | tangazo | matangazo | patalastas | advertensie | \
publicitat | anunci | reklamë";

/// What controls, counters and lists of other stories are called.
pub(super) const CONTROLS: &str = "\
all rights reserved | like this | skip ad | breaking | breaking news | opens new tab | opens in new tab | \
something went wrong | please try again later | thank you for signing up | data protection | \
correction request | acquire licence | purchase licensing rights | request permission | suggested topics | \
comments are turned off | comments are closed | live | exclusive | share | share this | share this article | \
share this story | share this post | share this page | share this update | share update | share article | share on facebook | share on twitter | \
share on x | share on whatsapp | share on linkedin | share via email | share by email | send by email | \
send by e mail | email this article | e mail this article | tweet | tweet this | copy link | link copied | \
copied | print | print article | print this | print this article | print this story | print this page | save | \
save article | save this article | save story | save this story | save for later | saved | bookmark | \
gift article | gift this article | comment | comments | leave a comment | leave a reply | post a comment | \
add a comment | write a comment | view comments | show comments | read comments | no comments | \
no comments yet | be the first to comment | join the conversation | report an error | report error | \
report a typo | suggest a correction | submit a correction | send feedback | top | load video | load content | \
accept | back to top | go to top | top of page | to top | listen | listen now | listen to article | \
listen to this article | listen to this story | read aloud | text size | font size | a a | a a a | follow | \
following | follow us | view gallery | open gallery | show gallery | photo gallery | view all photos | \
play video | play | pause | mute | unmute | video player is loading | this is a modal window | loading | \
loading video | share this video | autoplay | current time | duration | remaining time | stream type live | \
playback rate | fullscreen | picture in picture | read more | show more | load more | see more | view more | \
more | continue reading | read full story | read full article | skip to content | skip to main content | \
next article | previous article | next story | previous story | next post | previous post | related | \
related articles | related article | related stories | related story | related news | related content | \
related topics | related posts | related links | related coverage | read next | read this next | \
what to read next | up next | more stories | more news | more like this | more on this story | \
more on this topic | more from this section | most read | most popular | most viewed | most shared | popular | \
popular now | popular stories | trending | trending now | recommended | recommended for you | \
recommended stories | recommended reading | you may also like | you might also like | you may like | \
also read | read also | don't miss | latest news | latest stories | top stories | top news | editor's picks | \
editors picks | sponsored stories | around the web | from around the web | newsletter | newsletters | sign up | \
sign up now | subscribe | subscribe now | log in | login | sign in | register | create account | my account | \
tags | tag | topics | topic tags | filed under | keywords | end | ends | view profile | view all posts | \
see all posts | more by this author | contact the author | author archive | getty | getty images | \
shutterstock | istock | istockphoto | alamy | unsplash | pexels | pixabay | handout | ap | afp | reuters | \
min read | minute read | minutes read | mins read
alle rechte vorbehalten | zum newsletter | mehr nachrichten | alle artikel | neueste artikel | \
aktuelle nachrichten | bilder | fotostrecke | videos | externen inhalt laden | inhalt laden | akzeptieren | \
teilen | artikel teilen | beitrag teilen | diesen beitrag teilen | auf facebook teilen | per e mail teilen | per mail teilen | \
per whatsapp teilen | link kopieren | link kopiert | drucken | artikel drucken | seite drucken | merken | \
artikel merken | gemerkt | speichern | kommentar | kommentare | kommentieren | kommentar schreiben | \
kommentar verfassen | jetzt kommentieren | zu den kommentaren | kommentare anzeigen | kommentare lesen | \
fehler melden | nach oben | zum seitenanfang | zur startseite | zurück zur startseite | zur übersicht | \
vorlesen | anhören | artikel anhören | artikel vorlesen lassen | schriftgröße | mehr anzeigen | mehr lesen | \
weiterlesen | zum artikel | zum thema | mehr zum thema | mehr zu diesem thema | themen | schlagworte | \
schlagwörter | verwandte artikel | ähnliche artikel | weitere artikel | weitere meldungen | weitere themen | \
das könnte sie auch interessieren | das könnte sie interessieren | das könnte dich auch interessieren | \
auch interessant | meistgelesen | meist gelesen | meistgelesene artikel | empfehlungen | empfohlene artikel | \
anmelden | registrieren | jetzt anmelden | jetzt abonnieren | abonnieren | newsletter abonnieren | \
bild vergrößern | bildergalerie | bilderstrecke | galerie öffnen | zur galerie | zur autorenseite
tous droits réservés | dernières nouvelles | toute l'actualité | nos derniers articles | \
contenu réservé aux abonnés | réservé aux abonnés | la rédaction | plus d'articles | diaporama | accepter | \
lire plus tard | partager | partager l'article | partager cet article | partager sur facebook | \
partager par mail | copier le lien | lien copié | imprimer | imprimer l'article | enregistrer | sauvegarder | \
commenter | commentaire | commentaires | ajouter un commentaire | laisser un commentaire | \
poster un commentaire | voir les commentaires | lire les commentaires | réagir | réagir à cet article | \
signaler une erreur | haut de page | retour en haut | écouter | écouter l'article | écouter cet article | \
taille du texte | lire la suite | lire plus | voir plus | afficher plus | en savoir plus | sur le même sujet | \
sur le même thème | à lire aussi | lire aussi | à lire également | à voir aussi | articles liés | \
articles similaires | nos articles | les plus lus | les lus | recommandé pour vous | nos recommandations | \
vous aimerez aussi | mots clés | thèmes | étiquettes | s'abonner | je m'abonne | s'inscrire | se connecter | \
connexion | je m'inscris | voir la galerie | article suivant | article précédent
todos los derechos reservados | últimas noticias | todas las noticias | redacción | fotogalería | noticias | \
min de lectura | minutos de lectura | tiempo de lectura min | tiempo de lectura minutos | lectura de minutos | \
aceptar | aceptar y ver | guardar para después | compartir | compartir en facebook | compartir en twitter | \
compartir en whatsapp | compartir por correo | copiar enlace | enlace copiado | imprimir | imprimir artículo | \
guardar | guardar artículo | comentar | comentario | comentarios | ver comentarios | deja un comentario | \
dejar un comentario | escribe tu comentario | escribir un comentario | añadir comentario | \
únete a la conversación | reportar un error | reportar error | volver arriba | ir arriba | escuchar | \
escuchar artículo | escuchar noticia | escuchar este artículo | tamaño de letra | tamaño del texto | leer más | \
ver más | mostrar más | seguir leyendo | saber más | más información | noticias relacionadas | \
noticia relacionada | artículos relacionados | contenido relacionado | temas relacionados | relacionadas | \
relacionados | te puede interesar | te recomendamos | también te puede interesar | lo más leído | \
lo más visto | más leídas | más noticias | más sobre este tema | etiquetas | temas | palabras clave | \
archivado en | suscríbete | suscribirse | suscribirme | iniciar sesión | inicia sesión | regístrate | \
registrarse | ver galería
todos os direitos reservados | últimas notícias | mais notícias | ver mais notícias | tópicos relacionados | \
mais lidas da semana | todas as notícias | da redação | min de leitura | minutos de leitura | \
tempo de leitura min | tempo de leitura minutos | aceitar | compartilhar | compartilhe | \
compartilhe esta notícia | partilhar | copiar link | link copiado | salvar | comentário | comentários | \
deixe seu comentário | deixe um comentário | escreva um comentário | ver comentários | comunicar erro | \
reportar erro | voltar ao topo | topo | ouvir | ouvir artigo | ouvir notícia | tamanho da letra | leia mais | \
ler mais | ver mais | mostrar mais | saiba mais | continue lendo | continuar a ler | leia também | \
veja também | notícias relacionadas | artigos relacionados | matérias relacionadas | conteúdo relacionado | \
mais lidas | mais lidos | as mais lidas | recomendado para você | recomendadas para você | você pode gostar | \
assuntos | tópicos | palavras chave | inscreva se | assine | assine já | entrar | fazer login | cadastre se | \
ver galeria
riproduzione riservata | tutti i diritti riservati | ultime notizie | tutti gli articoli | argomenti trattati | \
torna alla home | lascia una risposta | guarda il video | offerta abbonamenti | \
l'articolo prosegue dopo l'annuncio | redazione | min di lettura | minuti di lettura | tempo di lettura min | \
tempo di lettura minuti | tempo di lettura minuto | accetta | condividi | condividi su facebook | \
condividi questo articolo | copia link | link copiato | stampa | stampa articolo | salva | commenta | \
commento | commenti | lascia un commento | scrivi un commento | aggiungi un commento | vedi i commenti | \
segnala un errore | torna su | torna in alto | torna all'inizio | ascolta | ascolta l'articolo | \
ascolta questo articolo | dimensione testo | leggi tutto | leggi di più | leggi ancora | continua a leggere | \
mostra altro | vedi altro | scopri di più | leggi anche | articoli correlati | notizie correlate | \
contenuti correlati | potrebbe interessarti | potrebbe interessarti anche | ti potrebbe interessare | \
ti potrebbero interessare | i più letti | più letti | i nostri articoli | argomenti | parole chiave | \
iscriviti | iscriviti ora | abbonati | accedi | registrati | vedi la galleria | guarda la gallery | \
articolo successivo | articolo precedente
meer nieuws uit de regio | laatste nieuws | alle artikelen | meest bekeken | tip de redactie | \
bekijk de video | meld je aan | dit artikel is gratis | delen | deel | deel dit artikel | deel deze update | artikel delen | \
kopieer link | link kopiëren | link gekopieerd | afdrukken | printen | bewaren | bewaar | bewaar artikel | \
opslaan | reageer | reageren | reactie | reacties | plaats een reactie | geef een reactie | \
reageer op dit artikel | bekijk reacties | bekijk alle reacties | fout melden | meld een fout | naar boven | \
terug naar boven | luister | luister naar dit artikel | lees voor | lettergrootte | lees meer | lees verder | \
toon meer | meer lezen | meer tonen | lees ook | gerelateerd | gerelateerde artikelen | \
meer over dit onderwerp | meer nieuws | meest gelezen | aanbevolen | aanbevolen voor jou | trefwoorden | \
onderwerpen | inschrijven | aanmelden | inloggen | registreren | abonneer | abonneren | bekijk de galerij | \
bekijk galerij
senaste nytt | stäng | bildspel | bli prenumerant | kontakta redaktionen | hittat fel i texten | \
så jobbar vi med journalistik | dela | dela artikeln | kopiera länk | skriv ut | spara | spara artikel | \
kommentera | kommentarer | skriv en kommentar | lämna en kommentar | visa kommentarer | rätta artikeln | \
rapportera fel | till toppen | upp till toppen | lyssna | lyssna på artikeln | textstorlek | läs mer | \
läs vidare | visa mer | läs också | läs även | relaterat | relaterade artiklar | fler nyheter | fler artiklar | \
mest läst | mest lästa | ämnen | nyckelord | prenumerera | anmäl dig | logga in
del | del artikkelen | del saken | kopier lenke | lagre | kommenter | les mer | les også | vis mer | \
relaterte saker | relaterte artikler | mest lest | flere saker | til toppen | mest leste | abonner | logg inn | \
meld deg på | emner | del artiklen | kopier link | udskriv | gem | gem artikel | kommentér | læs mere | \
læs også | vis mere | relaterede artikler | mest læste | til top | abonnér | log ind | tilmeld | jaa | \
jaa artikkeli | kopioi linkki | tulosta | tallenna | kommentit | kommentoi | lue lisää | lue myös | \
näytä lisää | luetuimmat | aiheet | tilaa | kirjaudu | takaisin ylös
najnowsze | najnowsze wiadomości | więcej artykułów | wydrukuj | dalszy ciąg materiału pod wideo | \
dalszy ciąg artykułu pod wideo | masz temat napisz do nas | udostępnij | udostępnij na facebooku | \
podziel się | kopiuj link | skopiuj link | drukuj | zapisz | zapisz artykuł | skomentuj | komentarz | \
komentarze | dodaj komentarz | napisz komentarz | zobacz komentarze | dołącz do dyskusji | zgłoś błąd | \
do góry | na górę | wróć na górę | posłuchaj | posłuchaj artykułu | rozmiar tekstu | czytaj więcej | \
czytaj dalej | zobacz więcej | pokaż więcej | więcej | zobacz także | zobacz też | czytaj także | czytaj też | \
przeczytaj także | przeczytaj też | powiązane | powiązane artykuły | podobne artykuły | polecane | polecamy | \
najczęściej czytane | najpopularniejsze | więcej na ten temat | tagi | tematy | słowa kluczowe | zapisz się | \
subskrybuj | zaloguj się | zarejestruj się
další zprávy | nejnovější | nejnovější zprávy | více z rubriky | doporučujeme | našli jste v článku chybu | \
sdílet | sdílet článek | kopírovat odkaz | tisk | tisknout | vytisknout | uložit | komentář | komentáře | \
diskuze | diskuse | přidat komentář | vstoupit do diskuze | vstoupit do diskuse | zobrazit komentáře | \
nahlásit chybu | nahoru | zpět nahoru | poslechnout | poslechnout článek | číst dál | číst více | více | \
zobrazit více | čtěte také | přečtěte si také | související | související články | mohlo by vás zajímat | \
nejčtenější | další články | štítky | témata | klíčová slova | přihlásit se | odebírat | předplatit | zdieľať | \
tlačiť | vytlačiť | diskusia | komentáre | súvisiace články | najčítanejšie | prečítajte si aj | \
mohlo by vás zaujímať
megosztás | nyomtatás | mentés | hozzászólások | hozzászólás | tovább | bővebben | kapcsolódó cikkek | \
kapcsolódó | legolvasottabb | ajánlott | ajánlott cikkek | címkék | feliratkozás | bejelentkezés | distribuie | \
printează | salvează | comentarii | adaugă un comentariu | citește mai mult | citește și | \
citește mai departe | articole similare | cele mai citite | recomandări | etichete | abonează te | podijeli | \
podeli | ispis | komentari | pročitajte više | pročitajte još | povezane vesti | povezani članci | \
najčitanije | сподели | печат | коментари | прочети повече | още по темата | свързани новини | най четени | \
тагове
последние новости | все новости | новости партнёров | смотреть видео | версия для слабовидящих | \
лента новостей | новости партнеров | разрешить | поделиться | поделиться в вконтакте | скопировать ссылку | \
ссылка скопирована | печать | печатать | распечатать | версия для печати | сохранить | в избранное | \
добавить в избранное | комментарий | комментарии | комментировать | оставить комментарий | \
написать комментарий | добавить комментарий | показать комментарии | читать комментарии | сообщить об ошибке | \
сообщить об опечатке | нашли ошибку | нашли опечатку | наверх | вверх | к началу | в начало | слушать | \
слушать статью | прослушать | размер шрифта | читать далее | читать дальше | читать полностью | подробнее | \
показать ещё | показать еще | ещё | читайте также | читать также | смотрите также | по теме | \
материалы по теме | новости по теме | похожие новости | похожие статьи | похожие материалы | другие новости | \
другие материалы | другие новости по теме | связанные новости | самое читаемое | популярное | \
самое популярное | рекомендуем | вам может понравиться | теги | метки | темы | ключевые слова | подписаться | \
подписка | войти | вход | регистрация | все материалы автора | следующая новость | предыдущая новость | \
следующая статья | предыдущая статья
останні новини | усі новини | більше новин | новини партнерів | стрічка новин | підтримайте редакцію | \
поділитися | скопіювати посилання | друк | друкувати | роздрукувати | версія для друку | зберегти | коментар | \
коментарі | залишити коментар | додати коментар | написати коментар | повідомити про помилку | нагору | вгору | \
слухати | слухати статтю | читати далі | читати повністю | детальніше | показати ще | читайте також | \
читайте ще | дивіться також | за темою | матеріали за темою | схожі новини | схожі матеріали | інші новини | \
найпопулярніше | популярне | рекомендуємо | мітки | ключові слова | підписатися | увійти | реєстрація
τελευταια νεα | ροη ειδησεων | προτεινομενα | δειτε ολεσ τισ ειδησεισ | μοιραστειτε | κοινοποιηση | \
μοιραστειτε το | κοινοποιησε | αντιγραφη συνδεσμου | εκτυπωση | αποθηκευση | σχολια | σχολιο | γραψτε σχολιο | \
προσθηκη σχολιου | γραψτε το σχολιο σασ | επιστροφη στην κορυφη | ακουστε το αρθρο | μεγεθοσ κειμενου | \
περισσοτερα | διαβαστε περισσοτερα | διαβαστε επισησ | διαβαστε ακομα | δειτε επισησ | δειτε ακομα | \
σχετικα αρθρα | σχετικα | δημοφιλη | πιο δημοφιλη | τα πιο δημοφιλη | ετικετεσ | εγγραφη | συνδεση | \
ακολουθηστε μασ
son dakika | son dakika haberleri | öne çıkanlar | foto galeri | tüm yazıları | bir yanıt yazın | \
bunlara da bak | haberin videosu | paylaş | facebook'ta paylaş | bağlantıyı kopyala | linki kopyala | yazdır | \
kaydet | yorum | yorumlar | yorum yap | yorum yaz | yorum ekle | ilk yorumu siz yapın | hata bildir | \
yukarı çık | başa dön | dinle | haberi dinle | yazı boyutu | devamını oku | daha fazla | daha fazla göster | \
ilgili haberler | ilgili haber | ilgili içerikler | ilginizi çekebilir | bunlar da ilginizi çekebilir | \
diğer haberler | en çok okunanlar | çok okunanlar | önerilen | önerilenler | etiketler | konular | \
anahtar kelimeler | abone ol | giriş yap | kayıt ol | takip et
آخر الأخبار | المزيد من الأخبار | نسخة للطباعة | الأكثر تداولاً | أخبار عاجلة | مشاركة | شارك | شارك الخبر | \
شارك المقال | شارك هذا المقال | مشاركة عبر | نسخ الرابط | تم نسخ الرابط | طباعة | اطبع | حفظ | تعليق | \
تعليقات | التعليقات | أضف تعليق | أضف تعليقا | أضف تعليقاً | اكتب تعليقك | أكتب تعليقك | كن أول من يعلق | \
أبلغ عن خطأ | العودة إلى الأعلى | العودة للأعلى | إلى الأعلى | استمع | استمع إلى المقال | حجم الخط | \
اقرأ المزيد | إقرأ المزيد | المزيد | عرض المزيد | اقرأ أيضا | اقرأ أيضاً | إقرأ أيضا | إقرأ أيضاً | شاهد أيضا | \
شاهد أيضاً | مواضيع ذات صلة | موضوعات ذات صلة | أخبار ذات صلة | أخبار متعلقة | مقالات ذات صلة | ذات صلة | \
مواضيع متعلقة | الأكثر قراءة | الأكثر مشاهدة | الأكثر شعبية | كلمات مفتاحية | الكلمات المفتاحية | \
كلمات دلالية | الكلمات الدلالية | الوسوم | اشترك | اشترك الآن | تسجيل الدخول | تابعنا
آخرین اخبار | پر بازدیدها | پیوندها | اشتراک‌گذاری | به اشتراک بگذارید | کپی لینک | لینک کوتاه | لینک کپی شد | \
چاپ | چاپ خبر | نسخه چاپی | ذخیره | نظر | نظرات | نظرها | نظر شما | دیدگاه | دیدگاه‌ها | نظر خود را بنویسید | \
نظر بدهید | ارسال نظر | ارسال دیدگاه | گزارش خطا | بازگشت به بالا | بیشتر | بیشتر بخوانید | ادامه مطلب | \
ادامه خبر | همچنین بخوانید | مطالب مرتبط | اخبار مرتبط | خبرهای مرتبط | مطالب پیشنهادی | پربازدیدترین‌ها | \
پربازدیدها | پربیننده‌ترین | پیشنهاد ما | برچسب‌ها | برچسب | کلیدواژه‌ها | عضویت | ورود | ثبت نام | \
انتهای پیام | کد خبر | کد مطلب | شیئر کریں | تبصرے | مزید پڑھیں | یہ بھی پڑھیں
לכתבות נוספות | עוד כתבות | המלצות | מבזקים | טוקבקים | שתפו | שיתוף | שתף | שתף בפייסבוק | שתפו בפייסבוק | \
העתק קישור | הדפסה | הדפס | הדפסת כתבה | שמירה | שמור | תגובה | תגובות | הוסף תגובה | הוסיפו תגובה | \
כתבו תגובה | כתוב תגובה | לכל התגובות | חזרה למעלה | לראש העמוד | האזינו | האזינו לכתבה | גודל טקסט | קרא עוד | \
קראו עוד | קראו גם | עוד בנושא | כתבות נוספות | כתבות קשורות | אולי יעניין אותך | אולי יעניין אתכם | \
הנקראות ביותר | הכי נקראות | תגיות | הרשמה | הרשמו | הירשמו | התחברות | התחברו | טוען
ताज़ा खबरें | लेटेस्ट न्यूज़ | यहां क्लिक करें | सम्बंधित ख़बरें | वीडियो देखें | hindi news | \
पोस्ट करें टिप्पणी | शेयर | शेयर करें | साझा करें | लिंक कॉपी करें | प्रिंट | प्रिंट करें | सेव | सेव करें | \
कमेंट | कमेंट करें | टिप्पणी | टिप्पणियाँ | टिप्पणियां | टिप्पणी करें | अपनी राय दें | ऊपर जाएं | सुनें | \
खबर सुनें | और पढ़ें | और देखें | आगे पढ़ें | यह भी पढ़ें | ये भी पढ़ें | इसे भी पढ़ें | संबंधित खबरें | \
संबंधित ख़बरें | और खबरें | अन्य खबरें | सबसे ज्यादा पढ़ी गई | ट्रेंडिंग | टैग | टैग्स | सब्सक्राइब करें | \
सदस्यता लें | लॉग इन | लॉगिन | साइन इन | फॉलो करें
আরও খবর | সর্বশেষ | জনপ্রিয় | ফেসবুকে শেয়ার করুন | আপনার মতামত লিখুন | এই বিভাগের আরও খবর | শেয়ার | \
শেয়ার করুন | লিংক কপি করুন | প্রিন্ট | প্রিন্ট করুন | সংরক্ষণ | মন্তব্য | মন্তব্য করুন | টি মন্তব্য | \
আরও পড়ুন | আরো পড়ুন | আরও | আরও দেখুন | সম্পর্কিত খবর | সম্পর্কিত আরও খবর | এ সম্পর্কিত আরও খবর | \
এ সম্পর্কিত আরো খবর | সর্বাধিক পঠিত | ট্যাগ | ট্যাগস | নিবন্ধন | লগইন | পরবর্তী খবর | শুনুন
แชร์ไปยังเฟซบุ๊ก | อ่านข่าวต้นฉบับ | ข่าวเกี่ยวข้อง | เรื่องแนะนำ | กดติดตามเพื่อไม่พลาดข่าว | ดูทั้งหมด | \
แท็กข่าว | แชร์ | แชร์ข่าวนี้ | แชร์บทความ | คัดลอกลิงก์ | พิมพ์ | พิมพ์หน้านี้ | บันทึก | ความคิดเห็น | \
แสดงความคิดเห็น | กลับขึ้นด้านบน | กลับสู่ด้านบน | ฟังข่าว | ฟังข่าวนี้ | ฟังบทความ | ขนาดตัวอักษร | อ่านต่อ | \
อ่านเพิ่มเติม | อ่านข่าวเพิ่มเติม | ดูเพิ่มเติม | ข่าวที่เกี่ยวข้อง | บทความที่เกี่ยวข้อง | \
เรื่องที่เกี่ยวข้อง | ข่าวอื่นที่น่าสนใจ | ข่าวแนะนำ | ข่าวล่าสุด | ข่าวยอดนิยม | ข่าวที่น่าสนใจ | แท็ก | \
แท็กที่เกี่ยวข้อง | สมัครสมาชิก | เข้าสู่ระบบ | ติดตาม
chia sẻ lên facebook | tin cùng chủ đề | video liên quan | tin mới nhất | xem nhiều nhất | chia sẻ | \
chia sẻ bài viết | sao chép liên kết | in | in bài viết | in bài | lưu | lưu bài | lưu bài viết | bình luận | \
gửi bình luận | viết bình luận | ý kiến của bạn | ý kiến bạn đọc | trở lại đầu trang | về đầu trang | \
nghe bài viết | nghe đọc bài | cỡ chữ | xem thêm | đọc thêm | đọc tiếp | xem tiếp | tin liên quan | \
bài liên quan | bài viết liên quan | tin cùng chuyên mục | có thể bạn quan tâm | đọc nhiều | tin đọc nhiều | \
tin nổi bật | tin mới | từ khóa | chủ đề | đăng ký | đăng nhập
berita terbaru | halaman selanjutnya | pilihan editor | bagikan | bagikan artikel ini | salin tautan | \
salin link | cetak | cetak artikel | simpan | simpan artikel | komentar | tulis komentar | kirim komentar | \
lihat komentar | kembali ke atas | dengarkan | dengarkan artikel | dengarkan berita | ukuran font | \
baca selengkapnya | selengkapnya | lihat selengkapnya | baca juga | simak juga | lihat juga | berita terkait | \
artikel terkait | berita lainnya | artikel lainnya | terpopuler | terpopuler saat ini | rekomendasi | \
rekomendasi untuk anda | tag terkait | topik | topik terkait | daftar | langganan | berlangganan | masuk | \
kongsi | baca lagi | berita berkaitan
分享到微信 | 微信扫 扫 | 扫码下载 | 点击查看更多 | 热门推荐 | 相关推荐 | 举报 | 更多精彩内容 请下载客户端 | 更多精彩 | 分享 | 分享到 | 分享至 | 转发 | 收藏 | 打印 | \
打印本文 | 打印本页 | 打印 关闭 | 关闭 | 关闭窗口 | 评论 | 发表评论 | 我要评论 | 网友评论 | 查看评论 | 条评论 | 与评论 | 纠错 | 我要纠错 | 返回顶部 | 回到顶部 | 听新闻 | \
朗读 | 字号 | 字号 大 中 小 | 字体 大 中 小 | 大 中 小 | 阅读更多 | 阅读全文 | 查看更多 | 展开全文 | 更多 | 延伸阅读 | 相关阅读 | 相关新闻 | 相关文章 | 相关链接 | \
相关报道 | 推荐阅读 | 更多阅读 | 更多新闻 | 猜你喜欢 | 热门文章 | 热门新闻 | 热点新闻 | 排行榜 | 标签 | 关键词 | 关键字 | 登录 | 注册 | 立即订阅 | 订阅 | 扫 扫 | \
扫码分享 | 下 篇 | 上 篇 | 阅读 | 阅读量 | 点击 | 浏览 | 点赞 | 正文 | 原标题 | 列印 | 評論 | 留言 | 我要留言 | 回到最上方 | 返回頂部 | 閱讀更多 | 閱讀全文 | \
看更多 | 延伸閱讀 | 相關新聞 | 相關文章 | 推薦閱讀 | 熱門新聞 | 熱門文章 | 標籤 | 關鍵字 | 登入 | 註冊 | 訂閱 | 字級 | 聽新聞
この記事をシェア | 関連記事はこちら | 会員登録はこちら | 次のニュースを読む | この記事に関するタグ | 公式snsをフォロー | 最新記事 | 編集部のおすすめ | いいね | 無料会員登録 | 記事 覧へ | \
トップページ | 写真を見る | 前へ | 次へ | 許可する | シェア | シェアする | シェアしてください | ポスト | ポストする | ツイート | リンクをコピー | 印刷 | 印刷する | \
記事を印刷する | 保存 | 保存する | 記事を保存 | あとで読む | ブックマーク | コメント | コメントを書く | コメントを見る | コメント 件 | コメントする | ページの先頭へ | ページトップへ | \
トップへ戻る | トップに戻る | 聞く | 音声で聞く | 記事を聞く | 文字サイズ | 続きを読む | もっと見る | もっと読む | 関連記事 | 関連ニュース | 関連リンク | おすすめ記事 | おすすめ | \
あわせて読みたい | 合わせて読みたい | こちらもおすすめ | 人気記事 | 多く読まれている記事 | 人気記事ランキング | アクセスランキング | ランキング | キーワード | タグ | 登録する | 会員登録 | \
ログイン | 次の記事 | 前の記事 | 次のページ | 前のページ | 有料記事 | 会員限定 | 有料会員限定 | フォロー | フォローする
이 기사를 공유합니다 | 최신 뉴스 | 기자의 다른 기사 | 구독과 좋아요 부탁드립니다 | 기사제보 | 포토뉴스 | sns 공유하기 | 오늘의 주요뉴스 | 이전글 | 다음글 | \
ai 학습 및 활용 금지 | 공유 | 공유하기 | 기사 공유 | 기사공유하기 | 링크 복사 | url복사 | 주소복사 | 인쇄 | 인쇄하기 | 프린트 | 스크랩 | 스크랩하기 | 저장 | 댓글 | \
댓글 쓰기 | 댓글 달기 | 댓글을 남겨주세요 | 댓글 보기 | 댓글 개 | 오류신고 | 오류 신고 | 맨위로 | 맨 위로 | 위로 | 기사 듣기 | 듣기 | 글자 크기 | 글자크기 | \
글자 크기 조정 | 글자크기 조절 | 더보기 | 더 보기 | 기사 더보기 | 전체보기 | 관련기사 | 관련 기사 | 관련뉴스 | 관련 뉴스 | 추천 기사 | 추천기사 | 추천 뉴스 | \
많이 본 뉴스 | 많이 본 기사 | 인기기사 | 주요뉴스 | 주요 뉴스 | 이 시각 주요뉴스 | 태그 | 키워드 | 구독 | 구독하기 | 로그인 | 회원가입 | 다음 기사 | 이전 기사 | 좋아요 | \
화나요 | 슬퍼요 | 후속기사 원해요 | 기자 페이지
temps de lecture min | temps de lecture minutes | temps de lecture estimé minutes | min de lecture | \
minutes de lecture | lecture min | lecture minutes
reading time minutes | reading time min
page of | page of next | next page | previous page | seite von | nächste seite | page sur | page suivante | \
página de | página siguiente | próxima página | pagina di | pagina successiva | volgende pagina | nästa sida | \
następna strona | další stránka | следующая страница | наступна сторінка | sonraki sayfa | الصفحة التالية | \
העמוד הבא | 下一页 | 下一頁 | 다음 페이지
rhannu | rhannwch | sylwadau | jaga | jaga artiklit | kommentaarid | kommenteeri | prindi | partekatu | iruzkinak | \
inprimatu | roinn | priontáil | կիսվել | տարածել | მეგობრებს გაუზიარე | გაზიარება | კომენტარები | ბეჭდვა
deila | deila frétt | prenta | athugasemdir | dalintis | dalinkis | spausdinti | komentarai | dalīties | drukāt | \
komentāri | сподели | споделете | delite | natisni | komentarji | подели | поделите | пратите нас | пратете нè
shiriki | sambaza | maoni | பகிர | பகிரவும் | i share | ibahagi | comparteix | imprimeix | comentaris | \
subscriu t'hi | shpërndaje | komentet";

/// Of what pages count their readers' doings, and in which units. A line is a counter if it has a number and none but these.
pub(super) const COUNTED: &str = "\
views | shares | comment | comments | likes | votes | replies | reaction | reactions | reads | reading | \
retweets | followers
aufrufe | kommentare | kommentar | mal geteilt | lesezeit | lesedauer | leser | partages | commentaires | \
commentaire | réactions | comentarios | comentario | compartidos | visualizações | comentários | comentário | \
compartilhamentos | visualizzazioni | commenti | commento | condivisioni | reacties | reactie | leestijd | \
weergaven | lästid | visningar | kommentarer | lesetid | læsetid | lukuaika | wyświetleń | wyświetlenia | \
komentarze | komentarzy | czytania | czytanie | čtení | komentářů | komentáře | zobrazení
просмотров | просмотра | просмотры | комментариев | комментария | комментарии | комментарий | чтения | чтение | \
прочтений | переглядів | перегляди | коментарів | коментарі | коментар | читання | αναγνωσησ | αναγνωση | \
προβολεσ | σχολια | σχολιο | okunma | okuma | görüntülenme | yorum | مشاهدة | مشاهدات | تعليق | تعليقات | \
القراءة | قراءة | مطالعه | بازدید | نظر | דיבורים | תגובות | תגובה | קריאה | צפיות | पढ़ें | टिप्पणियाँ | \
व्यूज | মন্তব্য | টি মন্তব্য | lượt xem | bình luận | đọc | dibaca | komentar | kali dibaca | waktu baca";

/// Words that may stand beside these.
pub(super) const BESIDE: &str = "\
k | m | b | min | mins | minute | minutes | sec | time | approx | about | average | estimated | est | total | \
number | of | no | the | a
minuten | minutter | minuter | minutos | minuti | minuty | minut | temps | tiempo | tempo | czas | doba | de | \
di | da | del | la | le | okuma | süresi | dk | dakika | время | мин | минут | минуты | минута | час | хв | \
хвилин | хвилини | тыс | тис | χρονοσ | λεπτα | λεπτο | مدة | وقت | دقائق | دقيقة | زمان | دقیقه | זמן | דקות | \
דקה | मिनट | में | का | समय | phút | menit | mil | tys | tis | tsd | mrd";

/// How pointers to other stories begin, and what lists of them are called; no sentence of a story begins so with a colon
/// or as a whole link.
pub(super) const POINTERS: &str = "\
read more | read also | also read | read next | see also | see more | also see | related | related story | \
related article | related stories | related news | related coverage | recommended | don't miss | \
you may also like | you might also like | you may have missed | more on this | more on this story | \
similar vacancies | similar jobs | similar topics | suggested topics | artikel terkait | artikel terkait lainnya | \
sur le même thème | читайте также по теме | further reading | more stories | \
ये खबर भी पढ़ें | यह खबर भी पढ़ें | ये खबरें भी पढ़ें | כתבות נוספות במדור | כתבות נוספות | متعلقہ عنوانات | متعلقہ خبریں | \
متعلقہ عنوانات اور خبریں | سب سے زیادہ پڑھی جانے والی | سب سے زیادہ پڑھی جانے والی خبریں | simak video | simak juga | \
watch | watch now | watch also | watch video | listen | from the archive | from our archives | must read | \
trending | up next | in case you missed it | icymi | explained
lesen sie auch | lesen sie hier | lesen sie mehr | lesen sie dazu | lesen sie dazu auch | lesen sie hierzu | \
lesen sie weiter | lesen sie außerdem | lies auch | lies hier | mehr dazu | mehr zum thema | \
mehr zu diesem thema | auch interessant | auch lesenswert | passend dazu | passend zum thema | \
weitere informationen zum thema | hören sie auch | sehen sie auch | video | im video | lesetipp | \
das könnte sie auch interessieren | siehe auch
lire aussi | à lire aussi | a lire aussi | à lire | lire également | à lire également | lire la suite | \
voir aussi | à voir aussi | pour aller plus loin | sur le même sujet | notre dossier | à écouter | en vidéo | \
vidéo | retrouvez aussi
lee también | lea también | leer también | lee además | lea además | te puede interesar | le puede interesar | \
también te puede interesar | puede interesarte | más información | leer más | lee más | lea más | ver también | \
vea también | mira también | mire también | le recomendamos | te recomendamos | además | vídeo | relacionado
leia também | leia mais | ler mais | veja também | veja mais | saiba mais | confira também | assista | ouça | \
leia a íntegra | relacionadas | não perca
leggi anche | leggi di più | leggi qui | leggi tutto | per approfondire | approfondisci | approfondimento | \
potrebbe interessarti | potrebbe interessarti anche | ti potrebbe interessare | vedi anche | guarda anche | \
ascolta anche
lees ook | lees meer | lees verder | lees hier | lees hieronder | bekijk ook | kijk ook | luister ook | \
meer over dit onderwerp | meer weten | zie ook
läs också | läs även | läs mer | se också | se även | lyssna också | les også | les mer | se også | læs også | \
læs mere | hør også | lue myös | lue lisää | katso myös
czytaj także | czytaj też | czytaj również | czytaj więcej | czytaj dalej | przeczytaj także | przeczytaj też | \
przeczytaj również | przeczytaj | zobacz także | zobacz też | zobacz również | zobacz więcej | zobacz | \
warto przeczytać | polecamy | więcej na ten temat | wideo
čtěte také | čtěte dále | čtěte i | přečtěte si také | přečtěte si | přečtěte si i | více k tématu | \
mohlo by vás zajímat | související | viz také | prečítajte si | prečítajte si aj | čítajte aj | \
mohlo by vás zaujímať | pozrite si aj
olvasd el | olvassa el | kapcsolódó | ez is érdekelheti | citește și | citiți și | vezi și | citește mai mult | \
pročitajte još | pročitajte i | pročitajte više | vidi još | čitajte još | прочетете още | вижте още | \
прочети още
читайте также | читать также | читайте ещё | читайте еще | читайте далее | смотрите также | подробнее | \
по теме | ранее по теме | материал по теме | видео | читайте подробнее | вам будет интересно | рекомендуем | \
подробности
читайте також | читайте ще | читайте далі | дивіться також | детальніше | докладніше | за темою | по темі | \
відео | вам буде цікаво | рекомендуємо
διαβαστε επισησ | διαβαστε ακομα | διαβαστε ακομη | διαβαστε εδω | διαβαστε περισσοτερα | διαβαστε και | \
δειτε επισησ | δειτε ακομα | δειτε και | σχετικα | βιντεο
ayrıca okuyun | ayrıca bakınız | ilgili haber | ilgili haberler | ilginizi çekebilir | bunu da okuyun | \
bunlar da ilginizi çekebilir | devamını oku | bakınız | haberin devamı
اقرأ أيضا | اقرأ أيضاً | إقرأ أيضا | إقرأ أيضاً | اقرأ ايضا | اقرأ المزيد | إقرأ المزيد | اقرأ كذلك | \
طالع أيضا | شاهد أيضا | شاهد أيضاً | شاهد ايضا | للمزيد | للمزيد اقرأ | ذات صلة | مواضيع ذات صلة | قد يهمك | \
قد يهمك أيضا | قد يهمك أيضاً | بالفيديو | فيديو
بیشتر بخوانید | همچنین بخوانید | بخوانید | این را هم بخوانید | مطالب مرتبط | مطلب مرتبط | خبر مرتبط | \
در همین رابطه | در همین زمینه | ببینید | ویدئو | مزید پڑھیں | یہ بھی پڑھیں
קראו גם | קראו עוד | קרא עוד | קרא גם | עוד בנושא | לקריאה נוספת | צפו | ראו גם | כתבות נוספות
यह भी पढ़ें | ये भी पढ़ें | इसे भी पढ़ें | यह भी देखें | ये भी देखें | और पढ़ें | आगे पढ़ें | संबंधित खबर | \
पढ़ें | वीडियो
আরও পড়ুন | আরো পড়ুন | পড়ুন | আরও দেখুন | এ সম্পর্কিত আরও খবর | আরও খবর | মேலும் படிக்க | இதையும் படிங்க | \
ఇవీ చదవండి | हे ही वाचा
อ่านเพิ่มเติม | อ่านข่าวเพิ่มเติม | อ่านต่อ | อ่านข่าว | อ่านประกอบ | อ่านเพิ่ม | ข่าวที่เกี่ยวข้อง | \
เรื่องที่เกี่ยวข้อง | บทความที่เกี่ยวข้อง | ดูเพิ่มเติม | ชมคลิป | คลิป
xem thêm | đọc thêm | đọc tiếp | xem tiếp | tin liên quan | bài liên quan | có thể bạn quan tâm | mời xem thêm
baca juga | baca selengkapnya | simak juga | lihat juga | baca pula | tonton juga | baca lebih lanjut | \
artikel terkait | berita terkait | baca lagi
延伸阅读 | 相关阅读 | 相关新闻 | 相关报道 | 相关链接 | 更多阅读 | 推荐阅读 | 阅读更多 | 点击阅读 | 拓展阅读 | 考阅读 | 另请 阅 | 视频 | 延伸閱讀 | 相關閱讀 | 相關新聞 | \
相關報導 | 推薦閱讀 | 更多新聞 | 看更多 | 閱讀更多 | 更多報導 | 同場加映
関連記事 | 関連ニュース | 関連 | あわせて読みたい | 合わせて読みたい | あわせて読む | 続きを読む | こちらも | こちらもおすすめ | おすすめ記事 | 動画 | 詳しくはこちら | 写真特集 | \
次に読む
관련기사 | 관련 기사 | 관련뉴스 | 관련 뉴스 | 더 보기 | 더보기 | 함께 보기 | 함께 읽기 | 같이 보기 | 추천기사 | 추천 기사 | 이어 보기
most read | most popular | read this next | more from this section | recommended for you | \
recommended stories | related content | related posts | popular stories | top stories | latest news | \
latest stories | more news
meistgelesen | meist gelesen | weitere artikel | weitere meldungen | verwandte artikel | ähnliche artikel | \
das könnte dich auch interessieren | mehr nachrichten
les plus lus | les plus lues | articles liés | articles similaires | vous aimerez aussi | lo más leído | \
lo más visto | noticias relacionadas | artículos relacionados | contenido relacionado | temas relacionados | \
más noticias | últimas noticias
mais lidas | notícias relacionadas | artigos relacionados | matérias relacionadas | mais notícias | \
últimas notícias | i più letti | articoli correlati | notizie correlate | ultime notizie
meest gelezen | gerelateerde artikelen | gerelateerd | meer nieuws | mest läst | relaterade artiklar | \
fler nyheter | senaste nytt | mest lest | relaterte saker | mest læste | relaterede artikler | luetuimmat
najczęściej czytane | najpopularniejsze | powiązane artykuły | polecane | najnowsze | nejčtenější | \
související články | další zprávy | najčítanejšie | súvisiace články | legolvasottabb | kapcsolódó cikkek | \
cele mai citite | articole similare | najčitanije | povezane vesti
самое читаемое | похожие новости | похожие статьи | материалы по теме | новости по теме | другие новости | \
последние новости | связанные новости | найпопулярніше | матеріали за темою | схожі новини | інші новини | \
останні новини
δημοφιλη | σχετικα αρθρα | περισσοτερα | τελευταια νεα | en çok okunanlar | çok okunanlar | diğer haberler | \
öne çıkanlar | الأكثر قراءة | أخبار ذات صلة | موضوعات ذات صلة | مقالات ذات صلة | آخر الأخبار | \
پربازدیدترین‌ها | اخبار مرتبط | آخرین اخبار
הנקראות ביותר | כתבות קשורות | אולי יעניין אותך | संबंधित खबरें | और खबरें | सबसे ज्यादा पढ़ी गई | \
সম্পর্কিত খবর | সর্বাধিক পঠিত | ข่าวยอดนิยม | ข่าวอื่นที่น่าสนใจ | ข่าวล่าสุด | đọc nhiều | tin mới | \
bài viết liên quan | terpopuler | berita lainnya
热门文章 | 热门新闻 | 相关文章 | 相关推荐 | 热门推荐 | 熱門新聞 | 相關文章 | アクセスランキング | 人気記事 | 最新記事 | 많이 본 뉴스 | 많이 본 기사 | 주요뉴스 | 추천 뉴스
darllenwch hefyd | darllen mwy | loe ka | loe veel | loe lisaks | vaata ka | irakurri ere | irakurri gehiago | \
léigh freisin | léigh tuilleadh | կարդացեք նաև | կարդալ ավելին | տես նաև | წაიკითხეთ აგრეთვე | წაიკითხეთ ასევე | \
ასევე წაიკითხეთ | lesa meira | lesa einnig | lestu einnig | sjá einnig
taip pat skaitykite | skaitykite taip pat | skaityti daugiau | lasi arī | lasiet arī | lasi vēl | lasīt vairāk | \
прочитајте и | прочитајте повеќе | поврзани вести | preberite tudi | preberi tudi | berite tudi | beri tudi | \
прочитајте још | читајте још | повезане вести | чытайце таксама | lexo edhe | lexoni edhe | həmçinin oxuyun | \
тағы оқыңыз
soma pia | soma zaidi | மேலும் படிக்க | இதையும் படியுங்கள் | basahin din | llegeix també | llegiu també | \
també et pot interessar | ler máis | le tamén";

/// What stands above a writer's biography.
pub(super) const ABOUT: &str = "\
about the author | about the authors | about the writer | about the writers | about the contributor | \
about the reporter | about our columnist | author bio | meet the author | written by
über den autor | über die autorin | über die autoren | zum autor | zur autorin
à propos de l'auteur | à propos de l'autrice | à propos des auteurs | l'auteur
sobre el autor | sobre la autora | sobre los autores | acerca del autor | acerca de la autora
sobre o autor | sobre a autora | sobre os autores | sull'autore | sull'autrice | l'autore | \
informazioni sull'autore
over de auteur | over de schrijver | om författaren | om skribenten | om forfatteren | kirjoittajasta
o autorze | o autorce | o autorovi | o autorce článku | a szerzőről | despre autor | o autoru
об авторе | про автора | про авторку | σχετικα με τον συντακτη | yazar hakkında
عن الكاتب | عن المؤلف | نبذة عن الكاتب | درباره نویسنده | על הכותב | על הכותבת | על המחבר | लेखक के बारे में | \
লেখক পরিচিতি
เกี่ยวกับผู้เขียน | về tác giả | tentang penulis | 关于作者 | 作者简介 | 作者簡介 | 關於作者 | 筆者紹介 | 筆者プロフィール | 著者プロフィール | \
著者紹介 | この記事を書いた人 | 필자 소개 | 글쓴이 | 저자 소개";

/// What the first part of a text is called, or the summary that stands above it.
pub(super) const BEGINNINGS: &str = "\
introduction | intro | abstract | overview | background | summary | quick summary | executive summary | \
key takeaways | key points | key facts | quick facts | at a glance | highlights | tl dr | preface | prologue | \
chapter | tldr | the takeaway | takeaways | in brief | the facts | what we know | what you need to know | \
what to know
einleitung | zusammenfassung | auf einen blick | das wichtigste in kürze | hintergrund | das wichtigste | \
kurz gesagt
l'essentiel | en bref | résumé | ce qu'il faut retenir | introducción | resumen | puntos clave | claves | \
introduzione | in breve | punti chiave | resumo | introdução | pontos principais | samenvatting | inleiding | \
in het kort | sammanfattning | sammendrag | resumé | tiivistelmä | w skrócie | streszczenie | wstęp | shrnutí | \
úvod | összefoglaló | rezumat
введение | главное | кратко | вступ | головне | коротко | συνοψη | özet | giriş | ملخص | مقدمة | خلاصه | \
مقدمه | תקציר | सारांश
要点 | 摘要 | 概要 | 导语 | 前言 | 引言 | はじめに | 요약 | 핵심 요약";

/// Words that are of controls and calls: a short line of these and of [`AROUND`] asks the reader for something, however it is
/// put.
pub(super) const CALLS: &str = "\
share | shares | sharing | print | printing | comment | comments | commenting | subscribe | subscribing | \
subscriber | subscribers | subscription | subscriptions | newsletter | newsletters | republish | cite | \
listen | mute | unmute | bookmark | login | log | sign | register | registration | click | tap | download | \
install | follow | sponsored | notifications | inbox | licensing | reprints | skip | feedback | privacy | \
cookies
teilen | drucken | kommentieren | kommentar | kommentare | abonnieren | abonnement | abo | anmelden | \
anmeldung | registrieren | klicken | klick | herunterladen | vorlesen | anhören | merken | melden | folgen | \
anzeige | werbung | testen | push | mail | lesen | weiterlesen | fotostrecke | bilderstrecke | leserbrief | \
datenschutz
partager | partagez | imprimer | commenter | commentaire | commentaires | abonner | abonnez | abonnés | \
inscrire | inscrivez | inscription | connexion | connecter | connectez | cliquez | cliquer | télécharger | \
téléchargez | écouter | favoris | offrir | offrez | suivre | suivez | publicité | réactions | réagir | \
réagissez | lire | lisez | lecture | retrouvez | diaporama | rédaction
compartir | comparte | imprimir | comentar | comenta | comentario | comentarios | suscribir | suscríbete | \
suscribirse | suscripción | suscriptores | boletín | registrarse | regístrate | clic | haz | descargar | \
descarga | escuchar | escucha | guardar | seguir | síguenos | sigue | publicidad | leer | lee | leyendo | \
galería | fotogalería | únete | redacción | portada
compartilhar | compartilhe | comente | comentário | comentários | assinar | assine | assinante | assinantes | \
inscreva | cadastre | clique | baixar | baixe | ouvir | ouça | salvar | siga | publicidade | ler | leia | \
lendo | galeria | participe | redação | receba
condividi | condividere | stampa | commenta | commento | commenti | abbonati | abbonamento | abbonamenti | \
iscriviti | registrati | clicca | scarica | ascolta | salva | segui | seguici | pubblicità | leggi | leggere | \
lettura | fotogallery | galleria | redazione
delen | deel | afdrukken | printen | reageren | reageer | reactie | reacties | abonneer | abonneren | abonnee | \
abonnees | nieuwsbrief | nieuwsbrieven | inschrijven | schrijf | aanmelden | meld | inloggen | klik | luister | \
beluister | bewaar | volg | advertentie | lees | lezen | fotoserie | tip
dela | skriv | kommentera | kommentarer | prenumerera | prenumerant | prenumeration | nyhetsbrev | anmäl | \
logga | klicka | ladda | lyssna | spara | följ | annons | läs | läsa | bildspel | rätta | tipsa | del | \
kommenter | abonnent | logg | klikk | lytt | lagre | følg | annonse | les | udskriv | kommentér | abonnér | \
tilmeld | gem | læs
udostępnij | podziel | drukuj | wydrukuj | komentuj | skomentuj | komentarz | komentarze | subskrybuj | \
subskrypcja | prenumerata | prenumeratę | newslettera | zapisz | zaloguj | zarejestruj | kliknij | pobierz | \
posłuchaj | obserwuj | reklama | czytaj | przeczytaj | polecane | polecamy | redakcja
sdílet | sdílejte | tisknout | vytisknout | komentovat | komentář | komentáře | předplatit | předplaťte | \
předplatné | odběr | přihlásit | přihlaste | registrovat | klikněte | stáhnout | poslechnout | uložit | \
sledovat | sledujte | inzerce | číst | čtěte | přečtěte | fotogalerie | diskuze | diskuse | doporučujeme | \
redakce
поделиться | поделитесь | поделись | распечатать | печать | комментировать | комментарий | комментарии | \
комментариев | подписаться | подпишитесь | подпишись | подписка | подписки | подписку | рассылка | рассылку | \
войти | войдите | зарегистрироваться | нажмите | скачать | скачайте | слушать | послушать | сохранить | \
следите | реклама | читать | читайте | фотогалерея | рекомендуем | партнёров | партнеров | редакция
поділитися | поділитись | надрукувати | друк | коментувати | коментар | коментарі | коментарів | підписатися | \
підписатись | підпишіться | підписка | розсилка | розсилку | увійти | зареєструватися | натисніть | \
завантажити | слухати | зберегти | стежте | читати | рекомендуємо | партнерів | редакція
paylaş | paylaşın | yazdır | yorum | yorumlar | yorumunuzu | abone | abonelik | bülten | bültene | \
bültenimize | giriş | kaydol | kayıt | tıklayın | tıkla | indir | indirin | dinle | dinleyin | kaydet | takip | \
reklam | oku | okuyun | galeri | katılın
مشاركة | شارك | طباعة | تعليق | تعليقات | التعليقات | اشترك | الاشتراك | النشرة | نشرة | سجل | تسجيل | انقر | \
اضغط | حمل | تحميل | استمع | احفظ | تابع | تابعونا | إعلان | إعلاني | اقرأ | قراءة | الوسوم
اشتراک | چاپ | نظر | نظرات | دیدگاه | عضو | عضویت | خبرنامه | ثبت | ورود | کلیک | دانلود | ذخیره | دنبال | \
تبلیغات | بخوانید | پیشنهادی | ارسال
שתפו | שתף | שיתוף | שלחו | הדפסה | הדפס | תגובה | תגובות | הירשמו | הרשמה | ניוזלטר | מנוי | מנויים | התחברו | \
לחצו | הורידו | האזינו | שמירה | עקבו | הצטרפו | פרסומת | קראו | מומלצות | לקריאה
शेयर | प्रिंट | टिप्पणी | टिप्पणियां | कमेंट | सब्सक्राइब | न्यूज़लेटर | लॉगिन | क्लिक | डाउनलोड | सुनें | \
फॉलो | विज्ञापन | पढ़ें
κοινοποιηση | μοιραστειτε | εκτυπωση | σχολιο | σχολια | εγγραφη | εγγραφειτε | συνδεθειτε | κλικ | κατεβαστε | \
ακουστε | αποθηκευση | ακολουθηστε | διαφημιση | διαβαστε | προτεινομενα
chia | bình | luận | đăng | ký | bản | tin | nhập | bấm | tải | nghe | theo | dõi | quảng | cáo | đọc | xem
bagikan | cetak | komentar | langganan | berlangganan | daftar | masuk | unduh | dengarkan | simpan | ikuti | \
gabung | iklan | baca | selengkapnya";

/// Words that stand around these in such lines.
pub(super) const AROUND: &str = "\
this | that | article | articles | story | stories | post | posts | page | pages | site | the | a | an | our | \
your | my | to | for | on | in | by | with | and | or | of | at | it | us | we | you | get | add | save | \
more | full | latest | top | news | now | here | list | what | next | new | all | from | view | see | show | \
hide | open | close | send | join | enter | people | are | also | want | like | daily | weekly | morning | \
breaking | free | editors | editor | link | up | out | via | be | first | later | please | enable | x | use | \
using | e | mail | s | t | is | today | continue | back | tab | window | related | popular | most | request | \
letter | something | account | address | as | twitter | youtube | linkedin | tiktok | bluesky | apps | \
podcast | gallery | slideshow | email | alerts | trending | recommended | reading | browser | javascript | \
copyright
hier | geht | es | zum | zur | zu | den | die | der | das | dem | ein | eine | einen | jetzt | kostenlos | \
artikel | beitrag | text | seite | als | pdf | per | auf | für | mit | und | oder | von | uns | unser | \
unsere | unseren | unserem | diesen | dieser | dieses | mehr | alle | weitere | nachrichten | lassen | bitte | \
noch | auch | im | neue | täglich | korrektur | redaktion | whatsapp | facebook
à | au | aux | la | le | les | l | d | de | des | du | un | une | cet | cette | ce | notre | nos | votre | \
vos | mes | mon | pour | sur | par | et | ou | je | m | vous | tous | toutes | plus | tard | suite | ici | \
aucun | aucune | liste | avec | en | gratuitement | temps | estimé | minutes | ajouter
al | el | los | las | lo | una | del | con | y | o | por | para | este | esta | esto | nuestro | nuestra | \
nuestros | tu | tus | artículo | artículos | noticia | noticias | página | más | ver | aquí | gratis | sobre | \
diaria | canal | enlace | volver | todos | todas
os | um | uma | do | da | dos | no | na | nas | em | com | essa | esse | isso | nosso | nossa | seu | sua | \
artigo | notícia | notícias | matéria | mais | aqui | grátis | gente | instagram | conversa
il | i | gli | di | della | dei | delle | alla | su | sul | sulla | questo | questa | nostro | nostra | tuo | \
tua | articolo | articoli | notizia | notizie | pagina | più | tutti | tutte | vai | qui | canale | risposta | \
home | torna
het | een | dit | deze | ons | onze | jouw | uw | op | voor | met | van | naar | artikelen | bericht | meer | \
hele | nieuws | ook | ga | alles | bekijk | meest
det | ett | din | vår | vårt | våra | på | för | med | och | eller | av | till | artikeln | sidan | mer | här | \
nyheter | denne | dette | vores | oss | og | til | artikkelen | artiklen | saken | her | sms
ten | tę | ta | nasz | nasze | naszego | się | w | z | dla | lub | artykuł | artykułu | tekst | strona | \
strony | więcej | wszystkie | tutaj | za | darmo | bezpłatny | facebooku | whatsappie | kup | ciebie | \
wiadomości
tento | tuto | náš | naše | nás | se | v | pro | nebo | k | článek | článku | stránku | více | další | zde | \
zdarma | zprávy | novinek | si
эту | этой | эта | это | наш | наша | нашу | наши | нас | себя | на | в | с | для | и | или | по | о | статья | \
статью | статьи | новость | новостью | новости | новостей | материал | страницу | далее | ещё | еще | все | \
здесь | бесплатно | канал | канале | телеграм | телеграме | ваш | vk | последние | полностью
цю | цей | ця | це | у | з | і | й | та | або | статтю | статті | новина | новину | новиною | новини | новин | \
матеріал | сторінку | далі | ще | усі | всі | тут | безкоштовно | каналі | більше | останні
bu | haberi | haber | haberler | haberin | yazı | yazıyı | sayfayı | için | ve | veya | ile | bir | bize | \
bizi | daha | fazla | tüm | burada | buraya | ücretsiz | ol | olmak | olun | kanalımıza | kanalımızı | edin | \
yap | yaz | yapın | yazın | son
هذا | هذه | الخبر | المقال | الصفحة | على | في | من | إلى | عبر | مع | و | أو | المزيد | جميع | هنا | مجانا | \
واتساب | فيسبوك | أخبار | الأخبار | محتوى | للاشتراك | البريدية | قناتنا | الآن | أضف | اكتب
این | خبر | مطلب | صفحه | در | به | از | با | یا | را | ما | شما | خود | بیشتر | همه | اینجا | رایگان | کانال | \
تلگرام | شوید | کنید | کاربران | اخبار | مطالب | دوستان
את | של | עם | על | ל | ב | כתבה | הכתבה | כתבות | עוד | כל | כאן | חינם | שלנו | לערוץ | לחבר | הטלגרם | \
וואטסאפ | פייסבוק | לניוזלטר | נוספת | חדשות
इस | यह | खबर | को | के | लिए | में | पर | और | करें | यहां | हमारे | हमें | चैनल | व्हाट्सएप | फेसबुक | ऐप | \
देखें | ताज़ा | पोस्ट
το | τη | την | του | τησ | τα | οι | σε | στο | στη | στην | για | με | και | η | απο | αυτο | αρθρο | αρθρα | \
ολα | ολεσ | εδω | δωρεαν | μασ | ειδησεισ | περισσοτερα | google
sẻ | gửi | viết | bài | trên | qua | của | bạn | chúng | tôi | và | để | này | thêm | tất | cả | đây | miễn | \
phí | zalo | nhận | lưu | mới | nhất | nhiều | mời
ini | berita | halaman | ke | dan | atau | untuk | dengan | kami | anda | lagi | semua | sini | grup | \
saluran | terbaru | telegram | sekarang";
