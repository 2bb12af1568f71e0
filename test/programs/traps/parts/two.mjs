import one, { load as loadOne } from './one.cjs';
export const load = async () => `two of ${await loadOne()}`;
export const named = one.load === loadOne;
export const main = import.meta.main ?? false;
