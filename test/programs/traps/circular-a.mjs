// A circular import calls an async function of a module whose body has not run yet.
import './circular-b.mjs';
export async function early(x) { await null; return `early ${x}`; }
console.log('a runs');
