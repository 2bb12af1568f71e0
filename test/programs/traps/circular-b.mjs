import { early } from './circular-a.mjs';
early('call').then(console.log);
console.log('b runs');
