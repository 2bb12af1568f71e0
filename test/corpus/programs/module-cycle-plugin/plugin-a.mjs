import { register } from './program.mjs';
register('a');
