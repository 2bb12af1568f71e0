function* inner(n) { yield n; throw new Error('inner'); }
function* outer() { try { yield* inner(1); } finally { console.log(new Error('in finally').stack); } }
function* thrown() { yield new Error('made').stack; try { yield 2; } catch (error) { console.log(error.stack); yield new Error('in catch').stack; } }
class Lines { *each() { yield this.missing(); } *[Symbol.iterator]() { const x = yield 1; x.y.z; } static *make() { yield Lines.none.x; } }
try { for (const x of outer()) console.log(x); } catch (error) { console.log(error.stack); }
const t = thrown(); console.log(t.next().value); t.next(); console.log(t.throw(new Error('into')).value);
for (const run of [() => [...new Lines().each()], () => { const g = new Lines()[Symbol.iterator](); g.next(); g.next({}); }, () => [...Lines.make()]]) try { run(); } catch (error) { console.log(error.stack); }
const sites = []; const former = Error.prepareStackTrace; Error.prepareStackTrace = (_, trace) => trace.map((site) => `${site.getFunctionName()} ${site.getTypeName()} ${site.getMethodName()} ${site.getLineNumber()}:${site.getColumnNumber()}`).join('\n'); function* listed() { yield new Error('listed').stack; } console.log([...listed()].join()); Error.prepareStackTrace = former;
const closes = (function* () { try { yield 1; } finally { throw new Error('while closing'); } })(); closes.next(); try { closes.return(); } catch (error) { console.log(error.stack); }
Error.stackTraceLimit = 1; function* limited() { try { yield 1; } finally { console.log(new Error('limited').stack); } } for (const _ of limited()) break; console.log(Error.stackTraceLimit);
Object.defineProperty(Error, 'stackTraceLimit', { value: 0, writable: false }); for (const _ of limited()) break;
