// same: needs=file
import { readFileSync } from 'node:fs'; export const text = readFileSync(new URL(import.meta.url), 'utf8'); console.log(text.split('\n').length, text.includes('$' + 'p'));
if (!import.meta.url.endsWith('?again')) console.log(Object.keys(await import(`${import.meta.url}?again`)));
