const probe = (left) => (left === 0 ? 0 : 1 + probe(left - 1));
let depth = 0;
const deeper = async (n) => { depth = n; try { probe(200); } catch { return 0; } return 1 + (await deeper(n + 1)); };
console.log((await deeper(1)) === depth - 1);
console.log(`depth: ${depth}`);
