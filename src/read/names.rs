//! The usual names of a record's fields, whatever notation or outlet they come from. Tables only; nothing is read here.

/// What a field is to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The record's own id.
    Id,
    /// The headline.
    Title,
    /// The text.
    Body,
    /// The date of publication.
    Date,
    /// The outlet.
    Source,
    /// The byline.
    Author,
    /// The address.
    Url,
    /// The language.
    Lang,
    /// A dateline that stands apart from the body.
    Dateline,
    /// A code that the source gives itself.
    Given,
}

/// Each role with the name that a mapping gives it and the usual names of its fields, the best first: English ones and
/// those of notations, then German, French, Spanish and Russian. Names are written without capitals, spaces and signs,
/// so that `pub_date`, `pubDate` and `Pub Date` are one.
#[rustfmt::skip]
pub(super) const USUAL: [(Role, &str, &[&str]); 10] = [
    (Role::Id, "id", &["id", "uuid", "guid", "uid", "articleid", "docid", "docno", "recordid", "identifier"]),
    (Role::Title, "title", &[
        "title", "headline", "heading", "head", "webtitle", "articletitle", "posttitle", "ogtitle", "dctitle",
        "subject", "name",
        "titel", "überschrift", "schlagzeile",
        "titre",
        "título", "titulo", "titular",
        "заголовок", "название",
    ]),
    (Role::Body, "body", &[
        "body", "text", "content", "maintext", "articlebody", "fulltext", "bodytext", "articletext", "storytext",
        "postcontent", "plaintext", "contenttext", "cleanedtext", "story", "article", "paragraphs",
        "volltext", "inhalt",
        "texte", "contenu", "corps",
        "texto", "cuerpo", "contenido",
        "текст", "содержание",
        "leadparagraph", "description", "summary", "abstract", "snippet", "notes",
    ]),
    (Role::Date, "date", &[
        "date", "published", "datepublish", "pubdate", "publishedat", "datepublished", "publicationdate",
        "publishdate", "publisheddate", "publishedtime", "articlepublishedtime", "webpublicationdate", "publishedon",
        "firstpublished", "issued", "datetime", "datetimepub", "postdate", "postdategmt", "timestamp", "created",
        "createdat", "datecreated", "dcdate", "eventdate",
        "datum", "erscheinungsdatum",
        "fecha",
        "дата",
    ]),
    (Role::Source, "source", &[
        "source", "outlet", "publisher", "publication", "newspaper", "sourcename", "sitename", "ogsitename",
        "provider", "journal", "medianame", "sourcedomain", "domain", "site", "website",
        "quelle", "zeitung",
        "fuente",
        "источник",
    ]),
    (Role::Author, "author", &[
        "author", "authors", "byline", "creator", "writer", "dccreator",
        "autor", "verfasser",
        "auteur",
        "автор",
    ]),
    (Role::Url, "url", &["url", "link", "weburl", "canonicalurl", "canonical", "permalink", "href", "ogurl"]),
    (Role::Lang, "lang", &[
        "lang", "language", "inlanguage", "languagecode", "locale",
        "sprache",
        "langue",
        "idioma",
        "язык",
    ]),
    (Role::Dateline, "dateline", &["dateline"]),
    (Role::Given, "given", &[]),
];
/// The names of a body that may be a summary of something else.
const SUMMARIES: [&str; 6] = ["leadparagraph", "description", "summary", "abstract", "snippet", "notes"];
/// Fields whose plain string is a code, as if it were a list of one.
pub(super) const CODES: [&str; 46] = [
    "country",
    "countries",
    "place",
    "places",
    "topic",
    "topics",
    "people",
    "person",
    "persons",
    "org",
    "orgs",
    "organization",
    "organizations",
    "organisation",
    "organisations",
    "actor",
    "actors",
    "keyword",
    "keywords",
    "tag",
    "tags",
    "subjects",
    "section",
    "sections",
    "category",
    "categories",
    "region",
    "regions",
    "location",
    "locations",
    "theme",
    "themes",
    "exchanges",
    "companies",
    "company",
    "entities",
    "event",
    "events",
    "eventtype",
    "desk",
    "conflict",
    "conflicts",
    "actor1",
    "actor2",
    "speaker",
    "speakers",
];
/// The names under which an object holds its text; the last are those of other notations' dates and ids.
pub(super) const INNER: [&str; 11] = [
    "main",
    "rendered",
    "name",
    "text",
    "content",
    "value",
    "#text",
    "_text",
    "$oid",
    "$date",
    "$__toml_private_datetime",
];
/// The objects within a record whose members are as good as its own: a search engine's, and that of a newspaper's API.
pub(super) const HOLDERS: [&str; 2] = ["_source", "fields"];

/// A name without capitals, spaces and signs.
pub(super) fn plain_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a plain name is one of those of a whole body; a feed may have a description as well.
pub(super) fn is_body_name(name: &str) -> bool {
    let is_body = USUAL.iter().any(|(role, _, names)| *role == Role::Body && names.contains(&name));
    is_body && !SUMMARIES.contains(&name)
}
