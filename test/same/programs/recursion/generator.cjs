const probe = (left) => (left === 0 ? 0 : 1 + probe(left - 1));
let depth = 0; function* walk(n) { depth = n; try { probe(200); } catch { return; } yield n; yield* walk(n + 1); }
let count = 0; for (const x of walk(1)) if (++count > 1500) break; console.log(`depth: ${depth}`);
