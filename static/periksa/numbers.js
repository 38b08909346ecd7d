// Whole-number arithmetic and small tools. Every amount is a BigInt.

const floorDiv = (a, b) => { const q = a / b; return a % b !== 0n && (a < 0n) !== (b < 0n) ? q - 1n : q; };
const floorMod = (a, b) => a - floorDiv(a, b) * b;
const ceilDiv = (a, b) => -floorDiv(-a, b);
const least = (...all) => all.reduce((a, b) => (b < a ? b : a));
const most = (...all) => all.reduce((a, b) => (b > a ? b : a));
const total = (all) => all.reduce((a, b) => a + b, 0n);
const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a; };
const downTo = (value, step) => (step ? value - floorMod(value, step) : 0n);
const upTo = (value, step) => (step ? ceilDiv(value, step) * step : 0n);

/** To the nearest whole number, ties to even. */
function rounded(numerator, denominator) {
  const whole = floorDiv(numerator, denominator);
  const twice = 2n * floorMod(numerator, denominator);
  return whole + (twice > denominator || (twice === denominator && floorMod(whole, 2n) === 1n) ? 1n : 0n);
}

/** The largest whole number whose square is no larger. */
function wholeRoot(value) {
  if (value < 2n) return value;
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (root * root > value) root -= 1n;
  while ((root + 1n) * (root + 1n) <= value) root += 1n;
  return root;
}

/** Sums by a key of several words. */
class Sums extends Map {
  add(key, amount) { this.set(key, (this.get(key) ?? 0n) + amount); }
  of(key) { return this.get(key) ?? 0n; }
}

/** Lists by a key. */
class Lists extends Map {
  push(key, value) {
    const list = this.get(key);
    if (list) list.push(value); else this.set(key, [value]);
  }
  of(key) { return this.get(key) ?? []; }
}

/** Several words as one key. Ids hold no control characters. */
const keyOf = (...words) => words.join('\u0001');

/** Orders lists of numbers, or of texts by their code points. */
function compare(a, b) {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    if (at >= a.length) return -1;
    if (at >= b.length) return 1;
    const [x, y] = [a[at], b[at]];
    const order = Array.isArray(x) ? compare(x, y) : x < y ? -1 : x > y ? 1 : 0;
    if (order) return order;
  }
  return 0;
}
