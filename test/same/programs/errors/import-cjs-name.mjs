// same: ends=1 needs=file
import { notThere } from './parts/some.cjs';
console.log(notThere);
