const log = []; const note = (x) => (log.push(x), x);
class A { [note('key1')] = note('field1'); static [note('key2')] = note('static'); static { note('block'); } constructor() { note('ctor'); } field2 = (async () => { note('async field'); await null; note('after'); })(); }
new A(); setTimeout(() => console.log(log.join(' ')), 1);
