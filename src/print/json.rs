//! Answers, facets, pages and facts -> JSON and JSON lines.
//!
//! [`shapes`](super::shapes) says which objects, [`notation`](super::notation) how they are written down.

use std::io::{self, Write};

use super::notation::{line, pretty};
use super::page::Section;
use super::shapes::{
    AnswerShape, CountShape, FacetLineShape, FacetsShape, HitShape, InfoMap, PageShape, ParagraphShape,
    SectionLineShape,
};
use crate::search::answer::Page;
use crate::search::answer::{Answer, FacetCounts, Totals};

/// Prints an answer as one object.
pub(super) fn answer(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    pretty(&AnswerShape::of(answer), out)
}

/// Prints an answer as one object on one line.
pub(super) fn answer_line(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    line(&AnswerShape::of(answer), out)
}

/// Prints why a question has no answer as one object on one line.
pub(super) fn failure_line(question: &str, why: &str, out: &mut dyn Write) -> io::Result<()> {
    line(&serde_json::json!({ "query": { "text": question }, "error": why }), out)
}

/// Prints an answer's hits, one a line.
pub(super) fn hits(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    answer.hits.iter().try_for_each(|hit| line(&HitShape::of(hit), out))
}

/// Prints an answer without its hits as one object.
pub(super) fn count(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    pretty(&CountShape::of(answer), out)
}

/// Prints an answer without its hits as one line.
pub(super) fn count_line(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    line(&CountShape::of(answer), out)
}

/// Prints facets and totals as one object.
pub(super) fn facets(facets: &[FacetCounts], total: &Totals, out: &mut dyn Write) -> io::Result<()> {
    pretty(&FacetsShape::of(facets, total), out)
}

/// Prints facet values, each as an object on a line.
pub(super) fn facet_lines(facets: &[FacetCounts], out: &mut dyn Write) -> io::Result<()> {
    for facet in facets {
        facet.values.iter().try_for_each(|count| line(&FacetLineShape::of(&facet.field, count), out))?;
    }
    Ok(())
}

/// Prints an article as one object.
pub(super) fn page(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    pretty(&PageShape::of(page), out)
}

/// Prints an article's paragraphs, each as an object on a line.
pub(super) fn page_lines(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let mut paragraphs = page.paragraphs.iter();
    paragraphs.try_for_each(|paragraph| line(&ParagraphShape::of(paragraph, page.card.id), out))
}

/// Prints facts as one object with an object for each section.
pub(super) fn info(sections: &[Section], out: &mut dyn Write) -> io::Result<()> {
    pretty(&InfoMap(sections), out)
}

/// Prints sections, each as an object on a line.
pub(super) fn info_lines(sections: &[Section], out: &mut dyn Write) -> io::Result<()> {
    sections.iter().try_for_each(|section| line(&SectionLineShape::of(section), out))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::samples::{self, printed};
    use super::super::shapes::VERSION;
    use super::*;

    fn parsed(out: &str) -> Value {
        serde_json::from_str(out).expect("printers write JSON")
    }

    /// Whether the schema in docs/ accepts an answer.
    fn is_described(answer: &Value) -> bool {
        static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
            let schema = parsed(include_str!("../../docs/answer.schema.json"));
            jsonschema::draft202012::new(&schema).expect("docs/answer.schema.json is a JSON Schema")
        });
        SCHEMA.is_valid(answer)
    }

    #[test]
    fn an_answer_has_its_shape() {
        let mut sample = samples::answer();
        sample.hits.truncate(1);
        sample.hits[0].article.title.clear();
        let expected = r#"{
  "nutgraf": "VERSION",
  "query": {
    "text": "frozen assets",
    "read_as": "(frozen AND assets)"
  },
  "index": {
    "generation": 3,
    "corpus": "00000000000000000000000000005eed",
    "articles": 120,
    "paragraphs": 1873,
    "groups": 1790
  },
  "total": {
    "paragraphs": 14,
    "groups": 9,
    "articles": 8,
    "sources": 4,
    "boilerplate": 0
  },
  "hits": [
    {
      "rank": 1,
      "score": 7.3125,
      "ref": "0000000000sc#4",
      "article": {
        "id": "0000000000sc",
        "title": null,
        "source": "Reuters",
        "author": null,
        "date": "2025-05-28",
        "url": "https://example.org/a_b?c=1&copy=2",
        "lang": "en",
        "path": "wire/may.jsonl",
        "record": "812"
      },
      "paragraph": 4,
      "text": "The assets, frozen since 2022, lie in Brussels – “frozen assets” that nobody may touch.",
      "highlights": [
        [4, 10],
        [12, 18],
        [50, 56],
        [57, 63]
      ],
      "actors": [
        "/russia/government"
      ],
      "topics": [
        "/economy/sanctions/frozen-assets",
        "/diplomacy"
      ],
      "duplicates": {
        "group": "g1",
        "copies": 4,
        "matching": 2,
        "boilerplate": false,
        "others": [
          {
            "ref": "0000000000sd#2",
            "source": null,
            "date": null,
            "title": null,
            "similarity": 0.93,
            "matches": true
          }
        ]
      },
      "context": {
        "before": [
          {
            "ref": "0000000000sc#3",
            "text": "What came before."
          }
        ],
        "after": []
      }
    }
  ],
  "facets": {
    "actor": [
      {
        "path": "/russia",
        "groups": 7,
        "paragraphs": 11,
        "articles": 6
      },
      {
        "path": "/russia/government",
        "groups": 5,
        "paragraphs": 8,
        "articles": 5
      }
    ]
  }
}
"#;
        assert_eq!(printed(|out| answer(&sample, out)), expected.replace("VERSION", VERSION));
    }

    #[test]
    fn the_lines_are_the_hits() {
        let sample = samples::answer();
        let whole = parsed(&printed(|out| answer(&sample, out)));
        let lines: Vec<_> = printed(|out| hits(&sample, out)).lines().map(parsed).collect();
        assert_eq!(Value::Array(lines), whole["hits"]);
        let line = printed(|out| answer_line(&sample, out));
        assert_eq!((line.matches('\n').count(), parsed(&line)), (1, whole));
    }

    #[test]
    fn what_was_not_asked_for_is_absent() {
        let mut sample = samples::answer();
        sample.facets.clear();
        let out = parsed(&printed(|out| answer(&sample, out)));
        assert_eq!(out.get("facets"), None);
        assert_eq!(out["hits"][1].get("context"), None);
        assert!(is_described(&out));
        sample.facets = vec![FacetCounts { field: "lang".into(), values: vec![] }; 2];
        let out = printed(|out| answer(&sample, out));
        assert_eq!(parsed(&out)["facets"], json!({"lang": []}));
        assert_eq!(out.matches("\"lang\": []").count(), 1);
    }

    #[test]
    fn the_schema_describes_the_answer_and_nothing_else() {
        let right = parsed(&printed(|out| answer(&samples::answer(), out)));
        assert!(is_described(&right));
        let wrong: [(&str, Value); 12] = [
            ("/nutgraf", json!(1)),
            ("/total/sources", json!(-1)),
            ("/total", json!({"paragraphs": 14, "groups": 9, "articles": 8})),
            ("/query", json!({"text": "a", "read_as": "a", "language": "en"})),
            ("/hits/0/rank", json!(0)),
            ("/hits/0/ref", json!("0000000000sc")),
            ("/hits/0/highlights/0", json!([1])),
            ("/hits/0/highlights/0", json!([1, 2, 3])),
            ("/hits/0/article/title", json!("")),
            ("/hits/0/article/date", json!("2025-13")),
            ("/hits/0/duplicates/others/0/similarity", json!(1.1)),
            ("/facets", json!({"colour": []})),
        ];
        for (place, value) in wrong {
            let mut answer = right.clone();
            *answer.pointer_mut(place).expect(place) = value;
            assert!(!is_described(&answer), "{place}");
        }
        // Each field that is always there is required, and no object takes another one.
        for place in ["", "/query", "/index", "/total", "/hits/0", "/hits/0/article", "/hits/0/duplicates"] {
            let fields = right.pointer(place).and_then(Value::as_object).expect(place);
            for field in fields.keys().filter(|field| !["facets", "context"].contains(&field.as_str())) {
                let mut answer = right.clone();
                answer.pointer_mut(place).and_then(Value::as_object_mut).expect(place).remove(field);
                assert!(!is_described(&answer), "{place} without {field}");
            }
            let mut answer = right.clone();
            answer.pointer_mut(place).and_then(Value::as_object_mut).expect(place).insert("more".into(), json!(1));
            assert!(!is_described(&answer), "{place} with more");
        }
    }

    #[test]
    fn pages_counts_and_facts_have_their_shapes() {
        let page = parsed(&printed(|out| page(&samples::page(), out)));
        assert_eq!(page["article"]["id"], page["paragraphs"][1]["ref"].as_str().map_or("", |r| &r[..12]));
        assert_eq!((&page["asked"], &page["length"]), (&json!(4), &json!(23)));
        assert_eq!(page["given"], json!([{"kind": "topics", "value": "cocoa"}]));
        let info = parsed(&printed(|out| info(&samples::sections(), out)));
        let facts = json!({"articles": 120, "path": "./index", "codebooks": ["actors", "topics"], "oldest": null});
        assert_eq!(info, json!({"nutgraf": VERSION, "index": facts}));
        let sample = samples::answer();
        let mut whole = parsed(&printed(|out| answer(&sample, out)));
        let whole = whole.as_object_mut().expect("an object");
        let facets = parsed(&printed(|out| facets(&sample.facets, &sample.total, out)));
        assert_eq!(facets, json!({"nutgraf": VERSION, "total": whole["total"], "facets": whole["facets"]}));
        whole.retain(|field, _| field != "hits" && field != "facets");
        assert_eq!(parsed(&printed(|out| count(&sample, out))).as_object(), Some(&*whole));
        assert_eq!(
            printed(|out| facet_lines(&sample.facets[..1], out)).lines().next(),
            Some(r#"{"field":"actor","path":"/russia","groups":7,"paragraphs":11,"articles":6}"#)
        );
    }

    proptest! {
        #[test]
        fn answers_read_back((text, highlights) in samples::marked_text()) {
            let mut sample = samples::answer();
            sample.hits = vec![samples::hit(1, &text, &highlights)];
            let out = parsed(&printed(|out| answer(&sample, out)));
            prop_assert!(is_described(&out));
            let hit = &out["hits"][0];
            prop_assert_eq!(hit["text"].as_str(), Some(&*text));
            let chars: Vec<char> = text.chars().collect();
            let found: Vec<String> = hit["highlights"]
                .as_array()
                .expect("an array")
                .iter()
                .map(|range| {
                    let place = |end: usize| range[end].as_u64().expect("a number") as usize;
                    chars[place(0)..place(1)].iter().collect()
                })
                .collect();
            let wanted: Vec<&str> = highlights.iter().map(|range| &text[range.clone()]).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
