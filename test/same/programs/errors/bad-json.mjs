// same: ends=1 needs=file
import data from './parts/bad.json' with { type: 'json' };
console.log(data);
