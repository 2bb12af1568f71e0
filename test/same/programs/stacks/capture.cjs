async function outer() { await null; return inner(); }
function inner() { const holder = {}; Error.captureStackTrace(holder, inner); return holder.stack; }
outer().then((stack) => console.log(stack));
class Custom extends Error { constructor(text) { super(text); Error.captureStackTrace(this, Custom); this.name = 'Custom'; } }
(async () => { await 0; throw new Custom('own'); })().catch((error) => console.log(error.stack));
