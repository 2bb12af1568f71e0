// same: ends=1 needs=file
import { thing } from './parts/not-there.mjs';
console.log(thing);
