async function main() { await null; try { eval('(function inEval() { throw new Error("evaluated") })()\n//# sourceURL=made.js'); } catch (error) { console.log(error.stack.split('\n').slice(0, 4).join('\n')); }
  try { new Function('a', 'throw new Error("made " + a)')(1); } catch (error) { console.log(error.stack.split('\n').slice(0, 3).join('\n')); } }
main();
