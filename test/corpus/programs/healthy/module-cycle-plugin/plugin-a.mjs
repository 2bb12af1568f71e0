import { register } from './registry.mjs';
register('a');
