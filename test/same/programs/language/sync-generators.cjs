const log = []; const say = (...words) => { log.push(words.map((word) => typeof word === 'object' ? JSON.stringify(word) : String(word)).join(' ')); };
const attempt = (name, run) => { try { say(name, run()); } catch (error) { say(name, 'threw', error.name, error.message); } };
function* plain(a, b = 2, ...rest) { const got = yield a; say('got', got, this === globalThis, arguments.length); yield [b, ...rest]; return 'end'; }
const p = plain(1, undefined, 3, 4); attempt('next', () => [p.next('lost'), p.next('x'), p.next(), p.next()]);
function* strict() { 'use strict'; yield this === undefined; } say([...strict()], strict.toString()); say(plain.toString(), plain.name, plain.length, Object.prototype.toString.call(p), Object.getPrototypeOf(p) === plain.prototype, p[Symbol.iterator]() === p);
attempt('new', () => new plain()); attempt('keys', () => [Object.keys(plain), Reflect.ownKeys(plain).map(String)]);
function* cleans(name) { try { yield 1; yield 2; } catch (error) { say(name, 'caught', error); yield 'recovered'; } finally { say(name, 'cleaned'); } return 'end'; }
for (const x of cleans('break')) { say(x); break; }
outer: for (const x of cleans('label')) for (const y of cleans('inner')) { if (y === 2) continue outer; if (x === 2) break outer; }
attempt('throw in loop', () => { for (const x of cleans('loop')) throw new Error(`at ${x}`); });
attempt('return in loop', () => { for (const x of cleans('returned')) return x; });
const [one] = cleans('destructured'); const [...all] = cleans('spread'); say(one, all, Array.from(cleans('from')), Math.max(...cleans('arguments')));
const t = cleans('thrown'); attempt('throw', () => [t.next(), t.throw('in'), t.next(), t.throw]); attempt('throw at end', () => t.throw(new Error('late')));
const early = cleans('early'); attempt('early', () => [early.return('r'), early.next()]); const failed = cleans('failed'); attempt('first', () => failed.throw(new TypeError('first'))); attempt('after', () => failed.next());
function* stubborn() { for (;;) { try { yield 1; } finally { yield 'no'; continue; } } } const s = stubborn(); attempt('stubborn', () => [s.next(), s.return(5), s.return(6), s.next()]);
function* overrides() { try { yield 1; } finally { return 'mine'; } } const o = overrides(); attempt('overrides', () => [o.next(), o.return('theirs')]); const o2 = overrides(); attempt('swallows', () => [o2.next(), o2.throw(new Error('gone'))]);
function* nested() { try { try { yield 1; } finally { say('one'); try { yield 2; } finally { say('two'); } } } finally { say('three'); } } const n = nested(); attempt('nested', () => [n.next(), n.return(7), n.throw(new Error('eight'))]); attempt('done', () => n.next());
function* inner() { try { const got = yield 'a'; say('inner got', got); return 'result'; } finally { say('inner left'); } } function* outerGenerator() { const result = yield* inner(); const more = yield* [result, 'b']; say('more', more); yield* 'cd'; return yield* outerEnd(); } function* outerEnd() { return 'end'; }
say([...outerGenerator()]); const d = outerGenerator(); attempt('delegate', () => [d.next(), d.next('sent'), d.return('closed')]); const d2 = outerGenerator(); attempt('delegated throw', () => [d2.next(), d2.throw(new RangeError('down'))]);
function* reenters() { yield self.next(); } const self = reenters(); attempt('running', () => self.next());
class Tree { constructor(value, ...children) { Object.assign(this, { value, children }); } *[Symbol.iterator]() { yield this.value; for (const child of this.children) yield* child; } static *of(...values) { for (const value of values) yield new this(value); } *#hidden() { yield super.toString === Object.prototype.toString; } hidden() { return [...this.#hidden()]; } }
say([...new Tree(1, new Tree(2, new Tree(3)), new Tree(4))], [...Tree.of(5, 6)].map(({ value }) => value), new Tree().hidden()); const object = { *a() { yield super.hasOwnProperty('a'); }, *['b' + 1]() { yield new.target; }, c: function* () { yield arguments.callee === object.c; } }; say([...object.a()], [...object.b1()].length, [...object.c()], object.c.name, object.a.toString());
function* forms(x) { const a = (yield x) + (yield), [b, { c = yield 'default' }] = yield 'pattern', e = [yield, yield], f = { g: yield 'g', [yield 'key']: 1 }; say(a, b, c, e, f, `${yield 'template'}`, (yield 'left') ? yield 'yes' : yield 'no', typeof (yield 'type'), (yield 1, yield 2)); if (yield) { while (yield) break; } for (const k in yield 'in') say(k); switch (yield 'switch') { case yield 'case': say('case'); } return yield yield yield }
const f = forms('x'); const feed = ['f', 1, 2, ['b', {}], 'C', 'e1', 'e2', 'G', 'K', 'T', true, 'Y', 9, 8, 7, true, true, { k: 1 }, 'same', 'same', 'r1', 'r2', 'r3']; attempt('forms', () => feed.map((value) => f.next(value)));
function* calls() { (yield 'callee').missing(); } const c = calls(); c.next(); attempt('callee', () => c.next({ a: 1 })); const c2 = calls(); c2.next(); attempt('nothing', () => c2.next()); function* takes() { const { a } = yield; } const k = takes(); k.next(); attempt('pattern', () => k.next(null)); function* makes() { new (yield)(); } const m = makes(); m.next(); attempt('new', () => m.next(5));
function* comment() { /* yield */ }
function* asi() { let y = yield
  [1, 2].forEach((x) => say(x)); const z = yield () => {}
  ;(function () { say('called'); })(); return z } attempt('asi', () => { const g = asi(); return [g.next().value, g.next().done, g.next('z').value]; });
function* twice() { function same() { return 1; } function same() { return 2; } yield same(); } say([...twice()]); function* empty() {} say([...empty()], [...comment()]); var yield_ = 1; function sloppy() { var yield = 2; return yield; } say(sloppy());
const deep = function* (n) { if (n > 0) yield* deep(n - 1); yield n; }; say([...deep(50)].length); async function* mixed() { yield* cleans('mixed'); } (async () => { for await (const x of mixed()) { say(x); if (x === 2) break; } say([...globalThis[Symbol.for('none')] ?? []]); const fn = (0, eval)('(function* () { yield 1 })'); say([...fn()]); console.log(log.join('\n')); })();
