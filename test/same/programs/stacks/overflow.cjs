let depth = 0;
function deeper() { depth++; deeper(); }
async function main() { await null; try { deeper(); } catch (error) { console.log(error.constructor.name, error.message, error.stack.split('\n').slice(0, 3).join('\n')); } }
main();
