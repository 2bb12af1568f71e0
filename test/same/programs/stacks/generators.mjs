function* numbers() { yield 1; throw new Error('sync generator'); }
async function* later() { yield 1; await null; throw new Error('async generator'); }
try { for (const n of numbers()) console.log(n); } catch (error) { console.log(error.stack.split('\n').slice(0, 3).join('\n')); }
try { for await (const n of later()) console.log(n); } catch (error) { console.log(error.stack.split('\n').slice(0, 3).join('\n')); }
const g = later(); await g.next(); await g.throw(new Error('thrown in')).catch((error) => console.log(error.stack.split('\n').slice(0, 2).join('\n')));
