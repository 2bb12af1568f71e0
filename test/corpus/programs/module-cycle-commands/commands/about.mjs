import { version } from '../program.mjs';

export const run = () => `version ${version}`;
