export let later = 1; export async function set(v) { await null; later = v; return v; }
export default async function () { await null; return 'default'; }
const own = await Promise.resolve('own'); export { own as renamed, own as 'any name' }; export const anonymousArrow = async () => { await null; }; export class K { async m() { await 1; } } export * from './star.mjs'; export * as ns from './star.mjs';
