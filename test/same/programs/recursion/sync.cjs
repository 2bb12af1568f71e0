let depth = 0;
function deeper() { depth++; deeper(); }
try { deeper(); } catch (error) { console.log(error.name); }
console.log(`depth: ${depth}`);
(async () => { await null; depth = 0; try { deeper(); } catch { } console.log(`depth: ${depth}`); })();
