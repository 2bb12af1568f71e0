// `for await` over what is synchronous, left in every way: the engine
// waits where no method is called.
async function over(what, iterable, leave) {
  try {
    for await (const x of iterable) {
      if (leave === 'break') break;
      if (leave === 'return') return `${what} returned ${x}`;
      if (leave === 'throw') throw new Error('left');
    }
    return `${what} done`;
  } catch (error) { return `${what} ${error.message}`; }
}
const throwing = (where) => ({
  [Symbol.iterator]: () => ({
    next() { if (where === 'next') throw new Error('next'); return { value: 1, done: false }; },
    return() { if (where === 'return') throw new Error('return'); return {}; },
  }),
});
async function show(...all) { const answer = over(...all); console.log('called', all[0]); console.log(await answer); }
await show('empty text', '');
await show('text', 'ab');
for (const leave of ['break', 'return', 'throw']) {
  await show('text ' + leave, 'ab', leave);
  await show('list ' + leave, [1, 2], leave);
  await show('throwing ' + leave, throwing('return'), leave);
}
await show('next', throwing('next'));
await show('null', null);
await show('rejected', [Promise.reject(new Error('no'))]);
