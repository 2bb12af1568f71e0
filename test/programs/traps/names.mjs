// The source uses the very names that emitted code would use.
const $p = 'p', $a = 'a', $b = () => 'b', $f = 'f';
async function f($e) {
  try { await null; throw 1; } catch { return [$p, $a, $b(), $f, $e]; } finally { await $f; }
}
console.log(await f('e'), typeof $a1, typeof $p1);
