setTimeout(function (a, b) { console.log(a, b, this === timer, arguments.length); }, 1, 'a', 'b');
const timer = setTimeout(function (...all) { console.log(all, this.constructor.name, this === timer, typeof this[Symbol.toPrimitive]()); setImmediate((...all) => console.log(all), 'i'); }, 2, 1, 2, 3);
process.nextTick((...all) => console.log(all), 't', 1); queueMicrotask((...all) => console.log(all));
try { setTimeout('text', 1); } catch (error) { console.log(error.code, error.message); }
try { process.nextTick(1); } catch (error) { console.log(error.code); }
