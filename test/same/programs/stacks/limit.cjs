Error.stackTraceLimit = 3;
async function deep(n) { await null; if (n === 0) throw new Error('bottom'); await deep(n - 1); }
deep(6).catch((error) => { console.log(error.stack); Error.stackTraceLimit = 0; console.log(new Error('none').stack); Error.stackTraceLimit = Infinity; deep(6).catch((e) => console.log(e.stack.split('\n').length)); });
