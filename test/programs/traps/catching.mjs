// Rejections caught inside, rethrown, swallowed; finally over returns; odd and missing bindings.
const fail = async (x) => { await null; throw new Error(x); };
async function inner() { try { await fail('a'); } catch (e) { return e.message; } }
async function optional() { try { await fail('b'); } catch { return 'b'; } }
async function destructured() { try { await fail('c'); } catch ({ message, name: n = await 'x', ...rest }) { return [message, n, rest]; } }
async function over() { try { return await 'try'; } finally { await null; } }
async function overruled() { try { return 'try'; } finally { return await 'finally'; } }
async function nested() {
  const seen = [];
  try {
    try { await fail('d'); } finally { seen.push('f1'); await null; }
  } catch (e) { seen.push(e.message); try { await fail('e'); } catch (e) { seen.push(e.message); } }
  finally { seen.push('f2'); }
  return seen;
}
async function loop() { for (const x of [1, 2, 3]) { try { if (x === 2) continue; await x; } catch { } finally { if (x === 3) break; } } return 'looped'; }
async function varCatch() { try { await fail('v'); } catch (e) { var e = 1; return e; } }
console.log(await inner(), await optional(), await destructured(), await over(), await overruled(), await nested(), await loop(), await varCatch());
