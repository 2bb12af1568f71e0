import { version } from '../version.mjs';

export const run = () => `version ${version}`;
