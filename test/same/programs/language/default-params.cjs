const log = []; const fail = () => { throw new Error('in a default'); };
async function f(a = log.push('default'), { b = fail() } = {}) { log.push('body'); await null; }
let thrown = false; try { f().catch((error) => log.push(error.message)); } catch { thrown = true; }
async function* g(a = fail()) { yield 1; } try { g(); } catch (error) { log.push(`sync ${error.message}`); }
setTimeout(() => console.log(thrown, log), 2);
