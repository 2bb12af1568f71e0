let depth = 0; function nest(n) { depth = n; return [1].map(() => nest(n + 1)); }
(async () => { await null; try { nest(1); } catch (error) { console.log(error.name); } console.log(`depth: ${depth}`); })();
