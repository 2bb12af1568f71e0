// same: ends=1 core
import thing from 'a-package-that-is-not-there';
console.log(thing);
