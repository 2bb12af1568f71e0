// same: ends=1 needs=file
import { present, absent } from './parts/exports.mjs';
console.log(present, absent);
