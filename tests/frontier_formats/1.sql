-- A store as format 1 had it.
CREATE TABLE url (
    id            INTEGER PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,
    address       TEXT,
    host          TEXT NOT NULL,
    source        TEXT NOT NULL,
    kind          TEXT NOT NULL,
    state         TEXT NOT NULL,
    due           INTEGER,
    rank          INTEGER NOT NULL,
    provenance    INTEGER NOT NULL,
    title         TEXT,
    published     TEXT,
    modified      TEXT,
    newness       INTEGER NOT NULL,
    announced     INTEGER,
    discovered    INTEGER NOT NULL,
    fetched       INTEGER,
    changed       INTEGER,
    attempts      INTEGER NOT NULL DEFAULT 0,
    etag          TEXT,
    last_modified TEXT,
    body_hash     TEXT,
    article       TEXT,
    redirect      TEXT,
    reason        TEXT
);
CREATE INDEX url_open ON url (host, rank, newness DESC, due, source) WHERE due IS NOT NULL;
CREATE INDEX url_leased ON url (host) WHERE state = 'LEASED';
CREATE TABLE article (
    id           TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL,
    version      INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    file         TEXT
) WITHOUT ROWID;
CREATE INDEX article_seq ON article (seq);
CREATE TABLE sink (path TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE host (host TEXT PRIMARY KEY, not_before INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE run (id TEXT PRIMARY KEY, began INTEGER NOT NULL, ended INTEGER, summary TEXT) WITHOUT ROWID;
INSERT INTO url (url, host, source, kind, state, rank, provenance, newness, discovered, fetched, article)
VALUES ('https://a.test/x', 'a.test', 'a', 'ARTICLE', 'FETCHED', 1, 1, 0, 1700000000000, 1700000000000, 'x');
INSERT INTO article (id, content_hash, version, seq) VALUES ('x', 'h', 1, 7);
INSERT INTO sink (path, length) VALUES ('jsonl/a.jsonl', 99);
INSERT INTO host (host, not_before) VALUES ('a.test', 1700000060000);
INSERT INTO run (id, began) VALUES ('20231114T221320000Z', 1700000000000);
PRAGMA application_id = 0x4350444b;
PRAGMA user_version = 1;
