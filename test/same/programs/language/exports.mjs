// same: needs=file
import * as all from './parts/exporting.mjs'; import main, { renamed as other, later } from './parts/exporting.mjs';
console.log(Object.keys(all), main.name, other, later, await all.set(5), later, await main(), all.anonymousArrow.name, Object.prototype.toString.call(all), Object.isFrozen(all));
