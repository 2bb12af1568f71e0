// same: needs=file
import { register } from 'node:module'; register('./parts/hooks.mjs', import.meta.url);
const { default: made, where } = await import('virtual:thing'); console.log(await made(2), (await where()).replace(/ +/g, ' ')); const { changed } = await import('./parts/changed.mjs'); console.log(changed, await import('./parts/changed.mjs').then((all) => all.run()).catch((error) => error.stack.split('\n').slice(0, 2).join('\n').replace(/file:.*parts/, 'parts')));
