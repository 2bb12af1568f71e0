// same: needs=alone
const { performance, PerformanceObserver } = require('node:perf_hooks'); const f = performance.timerify(async function work(x) { await null; return x; });
const seen = []; new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.push(`${entry.entryType} ${entry.name}`); }).observe({ entryTypes: ['function', 'mark', 'measure'] });
(async () => { console.log(f.name, f.length, await f(3)); performance.mark('a'); await null; performance.measure('b', 'a'); setTimeout(() => console.log(seen), 5); })();
console.log(performance.getEntries().map((entry) => entry.name));
