// same: node=22
import { getCallSites } from 'node:util';
async function where() { await null; const [first] = getCallSites(); return [first.functionName, first.lineNumber, first.column ?? first.columnNumber, first.scriptName === import.meta.url]; }
console.log(await where(), getCallSites().length);
