//! What must hold of a page.

use std::path::Path;

use serde_json::{Value, json};

use crate::browser::Browser;

/// What is wrong must be nothing.
fn nothing(browser: &mut Browser, what: &str, expression: &str) {
    assert_eq!(browser.ask(expression), json!([]), "{what}");
}

pub(super) fn nothing_is_run_or_fetched(browser: &mut Browser, file: &Path) {
    let requests = browser.events("Network.requestWillBeSent");
    let urls: Vec<_> = requests
        .iter()
        .map(|it| it["request"]["url"].as_str())
        .collect();
    let own = format!("file://{}", file.display());
    assert_eq!(urls, [Some(own.as_str())], "it fetches");
    for event in [
        "Log.entryAdded",
        "Runtime.exceptionThrown",
        "Runtime.consoleAPICalled",
        "Page.javascriptDialogOpening",
    ] {
        let seen = browser.events(event);
        assert!(seen.is_empty(), "{event}: {seen:?}");
    }
    nothing(
        browser,
        "elements that run, fetch or send",
        "[...document.querySelectorAll('script,img,svg,iframe,object,embed,link,base,form,input,button,a,video,audio,template')].map(it => it.outerHTML)",
    );
    nothing(
        browser,
        "attributes that are not ours",
        "[...document.querySelectorAll('*')].flatMap(it => [...it.attributes]).map(it => it.name).filter(it => !['lang', 'charset', 'http-equiv', 'content', 'name', 'class', 'id', 'scope', 'data-column'].includes(it))",
    );
    assert_eq!(browser.ask("document.querySelectorAll('style').length"), 1);
    assert_eq!(browser.ask("document.compatMode"), "CSS1Compat");
}

/// The policy is heard: what somebody would add neither runs nor counts, and the one style does.
pub(super) fn policy_is_in_force(browser: &mut Browser) {
    let broken = browser.ask(
        "new Promise(done => {
            const broken = [];
            document.addEventListener('securitypolicyviolation', it => broken.push(it.effectiveDirective));
            const add = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
            add('script', { textContent: 'window.ran = true' });
            add('style', { textContent: 'html { color: red }' });
            add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' });
            add('form', { action: 'https://example.com/' });
            add('base', { href: 'https://example.com/' });
            setTimeout(() => done([window.ran === undefined, getComputedStyle(document.documentElement).color !== 'rgb(255, 0, 0)', document.baseURI.startsWith('file:'), ...new Set(broken)].map(String)), 300);
        })",
    );
    let said: Vec<&str> = broken
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(said.get(..3), Some(["true"; 3].as_slice()), "{said:?}");
    for directive in ["script-src-elem", "style-src-elem", "img-src", "base-uri"] {
        assert!(
            said.contains(&directive),
            "{directive} is not refused: {said:?}"
        );
    }
}

pub(super) fn outline(browser: &mut Browser) {
    assert_eq!(
        browser.ask("[document.documentElement.lang, document.title].every(it => it !== '')"),
        true
    );
    assert_eq!(browser.ask("['header', 'main', 'footer', 'h1'].map(it => document.querySelectorAll('body ' + it).length)"), json!([1, 1, 1, 1]));
    nothing(
        browser,
        "headings that skip a level",
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(it => +it.tagName[1]).map((it, at, all) => [all[at - 1] ?? 0, it]).filter(([before, it]) => it > before + 1)",
    );
    nothing(
        browser,
        "sections without a heading",
        "[...document.querySelectorAll('section')].filter(it => !/^H[23]$/.test(it.firstElementChild.tagName)).map(it => it.id)",
    );
    nothing(
        browser,
        "heads of no scope",
        "[...document.querySelectorAll('th')].filter(it => !['row', 'col'].includes(it.scope)).map(it => it.outerHTML)",
    );
    nothing(
        browser,
        "tables without a caption",
        "[...document.querySelectorAll('table')].filter(it => !it.caption?.textContent).map(it => it.outerHTML)",
    );
    nothing(
        browser,
        "rows without a head",
        "[...document.querySelectorAll('tbody tr')].filter(it => !it.querySelector('th[scope=row]')).map(it => it.outerHTML)",
    );
    nothing(
        browser,
        "ids that stand twice",
        "[...document.querySelectorAll('[id]')].map(it => it.id).filter((it, at, all) => all.indexOf(it) !== at)",
    );
    nothing(
        browser,
        "marks without words",
        "[...document.querySelectorAll('.mark')].filter(it => !it.textContent.trim()).map(it => it.outerHTML)",
    );
}

/// What there is of a table, however it is drawn.
const TABLE: [&str; 6] = [
    "table",
    "caption",
    "row",
    "columnheader",
    "rowheader",
    "cell",
];

/// What a screen reader is given.
pub(super) fn is_read_aloud(browser: &mut Browser) {
    let tree = browser.call("Accessibility.getFullAXTree", json!({}));
    let nodes = tree["nodes"].as_array().unwrap().iter();
    let shown = nodes.filter(|it| it["ignored"] != true);
    let roles: Vec<&str> = shown
        .filter_map(|it| it["role"]["value"].as_str())
        .collect();
    let mut wanted = vec![
        "banner",
        "main",
        "contentinfo",
        "heading",
        "list",
        "listitem",
    ];
    for (element, own) in [("table", &TABLE[..]), ("details", &["DisclosureTriangle"])] {
        if browser.ask(&format!("document.querySelector('{element}') !== null")) == true {
            wanted.extend(own);
        }
    }
    for role in wanted {
        let is_there = roles.iter().any(|it| it.eq_ignore_ascii_case(role));
        assert!(
            is_there,
            "nothing is a {role}: {:?}",
            roles.iter().collect::<std::collections::BTreeSet<_>>()
        );
    }
}

/// At least 4.5 to 1 between each text and what is behind it.
pub(super) fn contrast(browser: &mut Browser) {
    nothing(
        browser,
        "texts that are hard to read",
        "(() => {
            const parts = colour => colour.match(/[\\d.]+/g).map(Number);
            const light = colour => {
                const [r, g, b] = parts(colour).map(it => it / 255).map(it => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const behind = it => {
                for (; it; it = it.parentElement) {
                    const colour = getComputedStyle(it).backgroundColor;
                    if ((parts(colour)[3] ?? 1) === 1) return colour;
                }
                return 'rgb(255, 255, 255)';
            };
            document.querySelectorAll('details').forEach(it => it.open = true);
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const faint = [];
            let seen = 0;
            while (walker.nextNode()) {
                const it = walker.currentNode.parentElement;
                if (!walker.currentNode.data.trim()) continue;
                seen += 1;
                const [a, b] = [light(getComputedStyle(it).color), light(behind(it))];
                const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${it.className} ${walker.currentNode.data}`);
            }
            return seen > 50 ? faint : ['there is hardly any text'];
        })()",
    );
}

/// The width of a small phone, with everything unfolded.
pub(super) fn narrow(browser: &mut Browser) {
    browser.width(360);
    nothing(
        browser,
        "what goes past the edge",
        "(() => {
            document.querySelectorAll('details').forEach(it => it.open = true);
            const edge = document.documentElement.clientWidth;
            if (edge > 360 || document.documentElement.scrollWidth > edge) return ['the page'];
            const past = it => it.scrollWidth > edge || it.getBoundingClientRect().right > edge + 0.5;
            return [...document.querySelectorAll('body, body *')].filter(past).map(it => it.outerHTML.slice(0, 200));
        })()",
    );
}

/// On paper nothing can be unfolded.
pub(super) fn printed(browser: &mut Browser) {
    browser.media("light", "print");
    nothing(
        browser,
        "what stays folded",
        "(() => {
            document.querySelectorAll('details').forEach(it => it.open = false);
            return [...document.querySelectorAll('details > :not(summary)')].filter(it => !it.checkVisibility()).map(it => it.outerHTML.slice(0, 200));
        })()",
    );
    browser.media("light", "screen");
}
