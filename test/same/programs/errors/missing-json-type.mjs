// same: ends=1 needs=file
import data from './parts/good.json';
console.log(data);
