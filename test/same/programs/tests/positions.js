// same: needs=runner
test('says where it is', async () => {
  const fail = async () => { await null; throw new Error('positions'); };
  try { await fail(); } catch (error) { console.log(error.stack.split('\n').filter((line) => /same\.test/.test(line)).map((line) => line.replace(/\(?\S*same\.test/, 'same.test')).join('\n')); }
});
