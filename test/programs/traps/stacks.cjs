// Stacks with async frames, of captured objects, of Node's errors, with a formatter of the user.
const clean = (text) => text.split('\n').filter((line) => !line.includes('node:')).join('\n').replaceAll(__dirname, '');
async function deep(n) { if (n === 0) { await null; throw new RangeError('deep'); } await deep(n - 1); }
class Named extends Error { name = 'Named'; }
async function main() {
  try { await deep(3); } catch (e) { console.log(clean(e.stack)); }
  const o = {}; await null; Error.captureStackTrace(o); console.log(clean(o.stack));
  try { await 0; require('fs').readFileSync(5.5, {}, await 1); } catch (e) { console.log(clean(e.stack), e.code); }
  try { await 0; new URL('nothing'); } catch (e) { console.log(clean(e.stack), e.code); }
  console.log(clean(new Named('named').stack)); await null; console.log(clean(new Error('a', { cause: new Error('b') }).stack));
  const before = Error.prepareStackTrace; Error.prepareStackTrace = (e, t) => t.length > 0 && t[0].getLineNumber();
  console.log(new Error('own').stack); Error.prepareStackTrace = before;
  console.log(clean(new Error('again').stack), typeof Error.prepareStackTrace);
}
main();
