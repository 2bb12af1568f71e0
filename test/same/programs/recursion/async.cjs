// Stops where a small stack is left, so that no async function itself runs out of it.
function probe(left) { return left === 0 ? 0 : 1 + probe(left - 1); }
let depth = 0;
async function deeper(n) { depth = n; try { probe(200); } catch { return; } await deeper(n + 1); }
deeper(1).then(() => console.log('unwound'));
console.log(`depth: ${depth}`);
