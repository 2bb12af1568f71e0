const results = [];
for (const thenable of [{ then() { throw new Error('in then'); } }, { get then() { throw new Error('in getter'); } }, { then: 1 }, { then(_, reject) { reject('no'); throw new Error('ignored'); } }]) {
  try { results.push(typeof (await thenable)); } catch (error) { results.push(error.message ?? error); }
}
console.log(results);
