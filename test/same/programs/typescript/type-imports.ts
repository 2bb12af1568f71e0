import type { Only } from './parts/types.mjs'; import { type Inline } from './parts/types.mjs'; import { helper, type Both } from './parts/helper.cjs'; export type { Only } from './parts/types.mjs';
const f = async (a: Only, b: Inline, c?: Both) => { await null; return [a, b, helper(1)]; }; f(1 as never, 2 as never).then((all) => console.log(all));
