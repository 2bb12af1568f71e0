// same: needs=file
import { readFileSync } from 'node:fs'; const text = readFileSync(new URL(import.meta.url), 'utf8'); const query = await import(`${import.meta.url}?again`).catch((e) => e.message); console.log(text.split('\n').length, text.includes('$' + 'p'), Object.keys(query)); 
