// same: needs=compiler
import { Only } from './parts/types.mjs'; import * as path from 'node:path'; import { Stats } from 'node:fs'; const f = async (a: Only, s?: Stats) => { await null; return path.basename('/x/y'); }; f(1 as never).then((v) => console.log(v));
