import { readFile } from 'node:fs/promises';
async function load() { return await readFile('/nonexistent/file'); }
try { await load(); } catch (error) { console.log(error.stack, { ...error }); }
