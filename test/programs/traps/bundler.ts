// Imports as bundlers read them: `.js` for a `.ts`, no extension, a folder's index, unmarked types.
import { load, Kind } from './parts/typed.js';
import { more } from './parts/more';
import { fromIndex } from './parts/folder';
const kind: Kind = 'k';
console.log(await load(kind), await more(), fromIndex);
