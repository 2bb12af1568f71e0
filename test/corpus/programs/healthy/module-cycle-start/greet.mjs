import { log } from './program.mjs';
export const greet = (who) => log(`hello ${who}`);
