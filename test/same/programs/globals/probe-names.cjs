// same: core
const $p = 1, $a = 2, $b = 3, $c = 4, $t = 5, _p = 6, __simul = 7, $ = 8;
async function f($a, { $p }) { const $b = await $a; for await (const $c of [$b]) { await null; return [$a, $b, $c, $p]; } }
f(1, { $p: 2 }).then((all) => console.log(all, $p, $a, $b, $c, $t, _p, __simul, $));
