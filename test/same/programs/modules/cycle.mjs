// same: needs=file
import { fromB } from './parts/cycle-b.mjs'; export const fromA = 'a'; export async function hoisted() { await null; return 'hoisted'; } console.log(fromB, await hoisted());
