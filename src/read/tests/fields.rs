//! Records whose fields have names and values of many services, and names that nobody knows.

use super::{articles, options, read_with};
use crate::read::Options;

#[test]
fn the_mapping_goes_before_the_usual_names() {
    let mapped = Options { mapping: "title=body,body=data.plain,given=mood".parse().expect("a mapping"), ..options() };
    let line = b"{\"title\": \"x\", \"body\": \"Headline\", \"mood\": \"grim\", \"data\": {\"plain\": \"Text.\"}}\n";
    let read = read_with("a.jsonl", line, &mapped).articles;
    assert_eq!((read[0].title.as_str(), read[0].paragraphs[0].as_str()), ("Headline", "Text."));
    assert_eq!(read[0].given[0].kind, "mood");
}

#[test]
fn markup_in_fields() {
    let check = |body: &str, expected: &[&str]| {
        let line = serde_json::json!({"title": "Q&amp;A: AT&T&#8217;s <b>deal", "body": body});
        let table = format!("title,body\nQ&amp;A: AT&T&#8217;s <b>deal,\"{body}\"\n");
        for read in [articles("a.jsonl", format!("{line}\n")), articles("a.csv", table)] {
            assert_eq!(
                (read[0].title.as_str(), read[0].paragraphs.as_slice()),
                ("Q&A: AT&T’s <b>deal", &expected.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()[..])
            );
        }
    };
    check("AT&T &amp; Co&#39;s &#8220;deal&#8221; &mdash; 5 &lt; 6", &["AT&T & Co's “deal” — 5 < 6"]);
    check("Moscow &amp; Kyiv.<br>Minsk.<br />Riga.", &["Moscow & Kyiv.", "Minsk.", "Riga."]);
    check("OSLO <p>One.</p><p>Two <b>words</b>.</p>", &["OSLO", "One.", "Two words."]);
    check("One.\n\nTwo.\n\n<div>Three</div>\nfour.", &["One.", "Two.", "Three", "four."]);
    let read = articles("a.jsonl", "{\"body\": [\"One\", \"Two\", \"Three<br>four\", \"R&amp;D\"]}\n");
    assert_eq!(read[0].paragraphs, ["One", "Two", "Three", "four", "R&D"]);
}

#[test]
fn fields_that_are_not_used_are_named() {
    let mapped =
        Options { mapping: "body=txt,date=tag_1,date=day,given=mood".parse().expect("a mapping"), ..options() };
    let check = |name: &str, text: &str, options: &Options, expected: &[&str]| {
        assert_eq!(read_with(name, text.as_bytes(), options).notices, expected, "{text}");
    };
    let plain = options();
    check(
        "a.csv",
        "title,words,b,c,d,e,f,g,h,i\nOne,x,1,2,3,4,5,6,7,8\n",
        &plain,
        &[
            "a.csv:2: a headline without a body; fields not used: \"words\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\"",
        ],
    );
    check("a.csv", "title,body\nOne,\n", &plain, &["a.csv:2: a headline without a body"]);
    check(
        "a.csv",
        "title,words,day,mood\nOne,x,,\nTwo,y,,\n",
        &mapped,
        &[
            "a.csv:2: no field \"txt\", as mapped; fields not used: \"words\"",
            "a.csv:2: a headline without a body; fields not used: \"words\"",
            "a.csv:3: a headline without a body; fields not used: \"words\"",
        ],
    );
    check(
        "a.jsonl",
        "{\"body\": \"One\", \"day\": \"1946\"}\n{\"body\": \"Two\"}\n",
        &mapped,
        &["a.jsonl:1: no field \"txt\", \"mood\", as mapped"],
    );
}

#[test]
fn records_of_well_known_services() {
    let check = |name: &str, text: &str, expected: [&str; 5]| {
        let read = articles(name, text);
        let date = read[0].date.map(|date| date.to_string()).unwrap_or_default();
        let (source, author) = (read[0].source.as_deref(), read[0].author.as_deref());
        let found = [&read[0].title, &read[0].paragraphs[0], &date, source.unwrap_or(""), author.unwrap_or("")];
        assert_eq!(found, expected, "{text}");
    };
    check(
        "guardian.json",
        "{\"response\": {\"status\": \"ok\", \"results\": [{\"id\": \"world/x\", \"webTitle\": \"Talks\", \
         \"webPublicationDate\": \"2025-05-28T10:00:00Z\", \"webUrl\": \"https://www.theguardian.com/x\", \
         \"fields\": {\"bodyText\": \"They began. Then\", \"body\": \"<p>They began.</p><p>Then</p>\", \"byline\": \"A B\"}}]}}",
        ["Talks", "They began.", "2025-05-28", "www.theguardian.com", "A B"],
    );
    check(
        "a.jsonl",
        "{\"webTitle\": \"Talks\", \"fields\": {\"bodyText\": \"They began.\"}}\n",
        ["Talks", "They began.", "", "", ""],
    );
    check(
        "mediacloud.csv",
        "stories_id,title,story_text,publish_date,media_name\n1,Talks,They began.,2025-05-28 10:00:00,The Wire\n",
        ["Talks", "They began.", "2025-05-28", "The Wire", ""],
    );
    check(
        "wp.csv",
        "ID,post_author,post_date,post_content,post_title\n1,2,2025-05-28 10:00:00,They began.,Talks\n",
        ["Talks", "They began.", "2025-05-28", "", ""],
    );
    check(
        "er.json",
        "{\"articles\": {\"results\": [{\"uri\": \"1\", \"title\": \"Talks\", \"body\": \"They began.\", \
         \"date\": \"2025-05-28\", \"source\": {\"uri\": \"wire.example\", \"title\": \"The Wire\"}}]}}",
        ["Talks", "They began.", "2025-05-28", "The Wire", ""],
    );
    check(
        "er.jsonl",
        "{\"title\": \"Talks\", \"body\": \"They began.\", \"source\": {\"uri\": \"wire.example\"}}\n",
        ["Talks", "They began.", "", "wire.example", ""],
    );
    for header in [
        "Titel;Datum;Quelle;Autor;Sprache;Text",
        "titre;date;source;auteur;langue;texte",
        "Titre;Date;Source;Auteur;Langue;Contenu",
        "titre;date;source;auteur;langue;corps",
        "Título;Fecha;Fuente;Autor;Idioma;Texto",
        "titulo;fecha;fuente;autor;idioma;cuerpo",
        "Заголовок;Дата;Источник;Автор;Язык;Текст",
    ] {
        let table = format!("{header}\nTalks;2025-05-28;The Wire;A B;de;They began.\n");
        check("a.csv", &table, ["Talks", "They began.", "2025-05-28", "The Wire", "A B"]);
        assert_eq!(articles("a.csv", &table)[0].lang.as_deref(), Some("de"), "{header}");
    }
}
