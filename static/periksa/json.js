// Reading JSON exactly: every number is a BigInt, and a number that is not whole is refused.

/** Raised for a document that cannot be judged at all. */
class Broken extends Error {
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

/** Parses text; objects have no prototype, and a name that stands twice is refused. */
function readJson(text) {
  let at = 0;
  const fail = (what) => { throw new Broken('UNREADABLE', `${what} (${at})`); };
  const space = () => { while (at < text.length && ' \t\n\r'.includes(text[at])) at += 1; };
  const WORDS = { true: true, false: false, null: null };

  function value(depth) {
    if (depth > 64) fail('too deep');
    space();
    const letter = text[at];
    if (letter === '{') return object(depth);
    if (letter === '[') return list(depth);
    if (letter === '"') return string();
    if (letter === '-' || (letter >= '0' && letter <= '9')) return number();
    for (const word of Object.keys(WORDS)) {
      if (text.startsWith(word, at)) { at += word.length; return WORDS[word]; }
    }
    return fail('not JSON');
  }

  function number() {
    const found = /-?(0|[1-9]\d*)/y;
    found.lastIndex = at;
    const digits = found.exec(text)?.[0] ?? fail('not a number');
    at += digits.length;
    if ('.eE'.includes(text[at] ?? ' ')) fail('not a whole number');
    return BigInt(digits);
  }

  function string() {
    const start = at;
    at += 1;
    while (text[at] !== '"') {
      if (at >= text.length || text[at] < ' ') fail('text without an end');
      at += text[at] === '\\' ? 2 : 1;
    }
    at += 1;
    try { return JSON.parse(text.slice(start, at)); } catch { return fail('not a text'); }
  }

  function list(depth) {
    const out = [];
    at += 1;
    space();
    if (text[at] === ']') { at += 1; return out; }
    for (;;) {
      out.push(value(depth + 1));
      space();
      if (text[at] === ',') { at += 1; continue; }
      if (text[at] === ']') { at += 1; return out; }
      fail('a list without an end');
    }
  }

  function object(depth) {
    const out = Object.create(null);
    at += 1;
    space();
    if (text[at] === '}') { at += 1; return out; }
    for (;;) {
      space();
      const name = text[at] === '"' ? string() : fail('a name is missing');
      if (name in out) fail(`"${name}" stands twice`);
      space();
      if (text[at] !== ':') fail('a colon is missing');
      at += 1;
      out[name] = value(depth + 1);
      space();
      if (text[at] === ',') { at += 1; continue; }
      if (text[at] === '}') { at += 1; return out; }
      fail('an object without an end');
    }
  }

  const whole = value(0);
  space();
  if (at < text.length) fail('more than one document');
  return whole;
}
